"""Price cards: what a plan or a service costs, told to anybody."""

from __future__ import annotations

import pytest

from tests.commands.fakes import HallWorld
from tests.commands.phone import Phone

ORDINARY = "13800138001"  # has 739204


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (
            "QQT88",
            "全球通商务88元套餐:88元/月,含通话350分钟、流量200MB、短信80条。超出通话0.19元/分钟",
        ),
        (
            "mz38",
            "含本地通话80分钟、流量200MB、短信200条。超出本地通话0.10元/分钟,长途漫游通话0.19元",
        ),
        ("SZXQS", "神州行轻松卡:0元/月。通话0.39元/分钟,流量0.29元/MB,短信0.10元/条。"),
        ("SZXQQ", "3个亲情号码0.05元/分钟"),
        ("LL30", "30元流量包:30元/月,含流量500MB。超出按套餐价。立即生效。"),
        (
            "EDU40",
            "校内超出0.02元/分钟,校外0.05元/分钟,500元封顶,满40GB停用。立即生效。退订请发送QXEDU。",
        ),
        ("LDXS", "来电显示:5元/月(全球通0元,动感地带0元)"),
        ("BXL", "68元/月,流量不限量"),
        ("JTCL", "由集团付费"),
        ("TQ", "天气预报(华风气象):2元/月"),
        ("QQTYC", "预存送话费(全球通):预存600元得900元话费;预存1200元得2400元话费"),
        ("SZXCN", "承诺在网一年,赠1800福分(可兑27元话费)或礼品。请持有效证件到营业厅办理。"),
    ],
)
def test_a_price_card(hall: HallWorld, code: str, said: str) -> None:
    """Of a plan, a service or a campaign; from any phone."""
    assert said in Phone(hall, "13912345678").sends(f"ZF#{code}")


def test_a_code_without_a_price(hall: HallWorld) -> None:
    """Is read back; a word that means prices in general asks which."""
    phone = Phone(hall, ORDINARY)
    assert "没有找到代码ABC9的资费" in phone.sends("资费 ABC9")
    phone.sends("资费")
    assert phone.texts == ["info.ask.tariff"]
    assert "没有找到代码XYZ5的资费" in phone.sends("xyz5")


@pytest.mark.parametrize(
    ("code", "said"),
    [("KTLL30", "30元/月"), ("QXLL30", "30元/月"), ("ktedu40", "10元/月"), ("KTQQT88", "88元/月")],
)
def test_a_price_by_the_code_that_orders_it(hall: HallWorld, code: str, said: str) -> None:
    """Sent along, or when it is asked for; and nothing is ordered by it."""
    phone = Phone(hall, ORDINARY)
    assert said in phone.sends(f"ZF#{code}")
    phone.sends("ZF")
    assert said in phone.sends(code)
    assert phone.texts[0].startswith("info.tariff.")
    assert hall.orders.placed == {}


def test_every_price_can_be_told(hall: HallWorld) -> None:
    """In both languages, within its short messages."""
    catalogue = hall.catalogue
    for code in (*catalogue.plans, *catalogue.services, *catalogue.campaigns):
        for language in ("zh", "en"):
            phone = Phone(hall, ORDINARY, language=language)
            assert phone.sends(f"ZF#{code}")
            assert phone.texts[0].startswith("info.tariff.")
            assert phone.texts[0] != "info.tariff.none"
