"""CXTC, CXLL, campus WLAN: what plan and services include this month, what is used and left."""

from __future__ import annotations

import pytest

from commands.model.accounts import MonthUsage, Subscription
from tests.commands.fakes import NEXT_MONTH, NOW, HallWorld
from tests.commands.phone import Phone

ORDINARY = "13800138001"  # has 739204
STUDENT = "13800138002"  # 动感地带, has 123456
UNLIMITED = "13800138005"  # BXL
BLACK = "13800138007"


@pytest.mark.parametrize("text", ["CXLL", "ll", "192", "109005", "CXGPRS", "流量", "查流量"])
def test_data_used_and_left(hall: HallWorld, text: str) -> None:
    """The same as in the allowance, with a hint where more can be had."""
    phone = Phone(hall, ORDINARY)
    said = phone.sends(text)
    assert "共400MB,已用188MB,剩余212MB。回复KTLL30等可加油,详见ZF#LL30。" in said
    assert "流量共400MB,已用188MB,剩余212MB" in phone.sends("CXYL")


def test_unlimited_data_is_never_used_up(hall: HallWorld) -> None:
    """9 GB used of 200 MB: nothing is wrong, and no pack is offered."""
    phone = Phone(hall, UNLIMITED)
    said = phone.sends("CXLL")
    assert "已用9.00GB,您的流量不限量" in said
    assert "KTLL" not in said
    assert "流量不限量,已用9.00GB" in phone.sends("CXYL")


def test_a_plan_without_data_tells_what_was_used(hall: HallWorld) -> None:
    """At its price."""
    hall.services.used[BLACK] = [MonthUsage("data_mb", 12)]
    assert "已用12MB。您的套餐不含流量" in Phone(hall, BLACK).sends("CXLL")


def test_what_begins_next_month_includes_nothing_yet(hall: HallWorld) -> None:
    """A pack ordered for the first is not in today's allowance."""
    hall.services.open(ORDINARY, "DX20", NEXT_MONTH, 1)
    assert "短信共100条" in Phone(hall, ORDINARY).sends("CXYL")
    assert "短信共400条" in Phone(hall, ORDINARY, now=NEXT_MONTH).sends("CXYL")


@pytest.mark.parametrize(
    ("service", "campus", "outside", "said"),
    [
        ("EDU40", 0, 0, "校园内已用0分,剩余40小时;校园外0分钟;流量0MB/40GB;本月费用10.00元"),
        ("EDU40", 2460, 0, "校园内已用41小时,剩余0分;校园外0分钟;流量0MB/40GB;本月费用11.20元"),
        ("EDU40", 0, 9801, "校园外9801分钟;流量0MB/40GB;本月费用500.00元(500元封顶)"),
        ("EDU100", 6030, 10, "本月费用21.10元"),
        ("EDU250", 15001, 0, "本月费用40.02元"),
    ],
)
def test_campus_wlan_by_its_rule(
    hall: HallWorld, service: str, campus: int, outside: int, said: str
) -> None:
    """Minutes on campus and elsewhere, and what they cost."""
    hall.services.open(STUDENT, service, NOW - 100, 1)
    hall.services.used[STUDENT] = [
        MonthUsage("wlan_campus_min", campus),
        MonthUsage("wlan_outside_min", outside),
    ]
    assert said in Phone(hall, STUDENT).sends("CXWLAN")


def test_campus_wlan_that_is_used_up_rests(hall: HallWorld) -> None:
    """At 40 GB, and that is said."""
    hall.services.open(STUDENT, "EDU40", NOW - 100, 1)
    hall.services.used[STUDENT] = [MonthUsage("wlan_mb", 40960)]
    assert "流量40.00GB/40GB" in Phone(hall, STUDENT).sends("CXEDU")
    assert "流量已用完,本月暂停使用" in Phone(hall, STUDENT).sends("CXEDU")


def test_who_has_no_campus_wlan_hears_how_to_get_it(hall: HallWorld) -> None:
    """One that begins next month is not there yet, and one that is being replaced still is."""
    phone = Phone(hall, STUDENT)
    assert "KTEDU40" in phone.sends("CXWLAN")
    assert phone.texts == ["q.wlan.none"]
    hall.services.had[STUDENT] = [
        Subscription("EDU100", NEXT_MONTH),
        Subscription("EDU40", NOW - 100, NEXT_MONTH),
    ]
    assert "校园WLAN 40小时" in phone.sends("CXWLAN")


def test_the_allowance_adds_up_plan_and_services(hall: HallWorld) -> None:
    """QQT188 with two data packs and two message packs."""
    said = Phone(hall, "13800138009").sends("CXYL")
    assert "通话共1000分钟,已用902分钟,剩余98分钟" in said
    assert "流量共1.27GB,已用1004MB,剩余296MB" in said  # 700 + 100 + 500
    assert "短信共470条,已用377条,剩余93条" in said  # 150 + 120 + 200


def test_what_is_used_up_leaves_nothing(hall: HallWorld) -> None:
    """Never less than nothing."""
    hall.services.used[ORDINARY] = [use for use in hall.services.used["13800138009"]]
    assert "剩余0分钟" in Phone(hall, ORDINARY).sends("CXYL")


def test_a_plan_that_includes_nothing_has_no_allowance(hall: HallWorld) -> None:
    """And says so instead of an empty list."""
    phone = Phone(hall, "13800138007")
    phone.sends("CXYL")
    assert phone.texts == ["q.allowance.none"]
