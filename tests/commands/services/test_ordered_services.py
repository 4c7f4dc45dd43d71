"""The services somebody has."""

from __future__ import annotations

from tests.commands.fakes import NEXT_MONTH, HallWorld
from tests.commands.phone import Phone


def test_the_services_somebody_has_with_their_fees(hall: HallWorld) -> None:
    """Free where the brand includes it or the group pays; a cancelled one says until when."""
    hall.services.close("13800138010", "VW", NEXT_MONTH, 1)
    said = Phone(hall, "13800138010").sends("CXYW")
    assert "1.来电显示 0元/月;2.V网 0元/月(12月1日起取消);3.集团彩铃 0元/月。" in said
    phone = Phone(hall, "13800138007")
    phone.sends("CXYW")
    assert phone.texts == ["q.services.none"]
