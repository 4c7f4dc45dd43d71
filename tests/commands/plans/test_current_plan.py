"""The plan in force, and the one that comes next."""

from __future__ import annotations

from tests.commands.fakes import HallWorld
from tests.commands.phone import Phone

ORDINARY = "13800138001"


def test_the_plan_with_what_it_includes_and_what_comes_next(hall: HallWorld) -> None:
    """Name, fee, content, validity; the change only if one is ordered."""
    phone = Phone(hall, ORDINARY)
    said = phone.sends("CXTC")
    assert "全球通商务128元套餐,128元/月,含通话600分钟、流量400MB、短信100条" in said
    assert "有效期至2027年12月31日" in said
    assert "下月" not in said
    hall.alter(ORDINARY, next_plan="QQT88", plan_until=0)
    said = phone.sends("CXTC")
    assert "长期有效" in said
    assert "下月起变更为全球通商务88元套餐,88元/月" in said


def test_a_plan_for_local_calls_says_so(hall: HallWorld) -> None:
    """Its minutes do not count elsewhere."""
    assert "含本地通话80分钟" in Phone(hall, "13800138002").sends("CXTC")
