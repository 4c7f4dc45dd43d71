"""What an edition changes is Chinese on a Chinese page, down to the last field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields

import pytest

from commands.marketing.offers import Recommendation, Recommendations
from commands.model.request import CommandSpec
from commands.model.settings import HallSettings
from gateway.config.settings import PROJECT
from gateway.console.difference_texts import difference_catalogue, difference_told, walk_told
from gateway.editions.differences.conf_change import field_told
from tariffs.catalogue import Brand, Campaign, Plan, PointsExchange, Service

_HAN = re.compile("[\u4e00-\u9fff]")
_LEFT_OUT = {"fee by brand", "on sale", "offers", "beside"}  # told as prices, or not at all


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("senior on sms in zh", "senior(短信,中文)"),
        ("hall (star: 3) on voice in en", "hall (star: 3)(电话,英文)"),
        ("q.balance.pre.ok (zh; sms, ussd)", "q.balance.pre.ok(中文;短信、USSD)"),
        ("query on call_centre", "query(客服)"),
        ("LL10 国内流量10元包, a month", "LL10 国内流量10元包,月费"),
        ("12 yuan a month", "每月 12 元"),
        ("12.5 yuan", "12.5 元"),
        ("LL10 国内流量10元包, includes", "LL10 国内流量10元包,包含"),
        ("KTLL30 beside q.data, pitch", "KTLL30(随 q.data),推荐语"),
        ("rules, code tries", "随机码可错次数"),
        ("ask card; run sv.order with service=EDU40", "问 card;办理 sv.order(service=EDU40)"),
    ],
)
def test_it_is_told_with_what_is_filled_in(english: str, chinese: str) -> None:
    assert difference_told(english, "zh") == chinese
    assert difference_told(english, "en") == english


def test_each_field_that_can_differ_has_its_chinese() -> None:
    missing = [field for field in _fields() if not _HAN.search(difference_told(field, "zh"))]
    assert missing == [], "\n".join(missing)


def _fields() -> Iterator[str]:
    for kind in (Service, Plan, Brand, Campaign, PointsExchange, CommandSpec):
        yield from (f"X, {name}" for name in _names(kind))
    yield from (f"X beside Y, {name}" for name in _names(Recommendation))
    yield from (f"offers, {name}" for name in _names(Recommendations))
    yield from (f"rules, {name}" for name in _names(HallSettings))


def _names(kind: type) -> list[str]:
    told = [field_told(one.name) for one in fields(kind)]
    return [name for name in told if name not in _LEFT_OUT]


def test_each_step_of_a_walk_is_told() -> None:
    walk = "runs 'q.balance', args {} ▸ at hall.main"
    assert walk_told(walk, "zh") == "办理 'q.balance'({}) ▸ 在 hall.main"
    assert walk_told(walk, "en") == walk


def test_places_in_files_stay_as_they_stand_there() -> None:
    """A role named agent is no 代理点."""
    assert difference_told("roles ▸ agent ▸ rights", "zh") == "roles ▸ agent ▸ rights"


def test_the_catalogue_has_no_text_that_nothing_tells() -> None:
    files = [path for folder in ("gateway", "menus", "commands", "tariffs") for path in
             sorted((PROJECT / folder).rglob("*.py"))]  # fmt: skip
    code = "\n".join(path.read_text("utf-8") for path in files)
    for one in difference_catalogue():
        for part in re.split(r"<\d~?>", one.english):
            for word in filter(None, re.split(r"[ ,();:]+", part)):
                assert word in code, one.english
