"""Stories of bills: this month's charges, months that are over, what is billed together."""

from __future__ import annotations

import pytest

from commands.model.bills import BillLine
from commands.model.request import Channel
from tests.commands.fakes import NOW, HallWorld
from tests.commands.phone import Phone

ORDINARY = "13800138001"  # has 739204
UNNAMED = "13800138003"  # not real-named, has 580317
FAMILY = "13800138009"  # billed together with ORDINARY


@pytest.mark.parametrize("text", ["CXHF", "hf", "101", "111", "话费", "ＨＦ。"])
def test_this_months_charges_item_by_item(hall: HallWorld, text: str) -> None:
    """Every alias gives the same answer, and its total is the one of the balance query."""
    said = Phone(hall, ORDINARY).sends(text)
    assert said.startswith(
        "【实时话费】截至11月21日21时,本月合计71.20元:套餐费64.00元,通话费7.20元。"
    )
    assert "本月已消费71.20元" in Phone(hall, ORDINARY).sends("YE")


def test_what_was_charged_just_now_is_in_the_total(hall: HallWorld) -> None:
    """A service ordered today stands in no line yet: it is among the others."""
    hall.accounts.charge(ORDINARY, 1000, "EDU40", 1, NOW)
    said = Phone(hall, ORDINARY).sends("CXHF")
    assert "本月合计81.20元" in said
    assert "其他10.00元" in said


def test_a_month_in_which_nothing_was_charged_says_so(hall: HallWorld) -> None:
    """No empty list."""
    hall.alter(ORDINARY, used_fen=0)
    hall.bills.lines.clear()
    phone = Phone(hall, ORDINARY)
    phone.sends("CXHF")
    assert phone.texts == ["q.fee_now.none"]
    assert "2026年10月没有产生费用" in phone.sends("CXZD")


def test_fees_for_others_are_a_line_of_the_bill(hall: HallWorld) -> None:
    """And the same as the query for them tells."""
    assert "代收费5.00元" in Phone(hall, FAMILY).sends("CXHF")
    assert "本月代收费合计5.00元:天气预报(华风气象)2.00元;手机早晚报(掌上传媒)3.00元。" in (
        Phone(hall, FAMILY).sends("CXDSF")
    )


def test_the_last_months_bill_is_the_one_that_is_meant(hall: HallWorld) -> None:
    """Or any of six by its number; digits may follow the code at once."""
    phone = Phone(hall, ORDINARY)
    assert "138****8001在2026年10月合计143.06元:套餐费128.00元,通话费12.16元,流量费2.90元" in (
        phone.sends("CXZD")
    )
    for text in ("ZD#202609", "ZDCX 202609", "cxzd202609", "103*202609", "账单 202609"):
        assert "2026年9月合计132.56元" in phone.sends(text)


@pytest.mark.parametrize("month", ["202604", "202611", "202612", "203001"])
def test_a_month_out_of_reach_is_refused_with_those_within(hall: HallWorld, month: str) -> None:
    """Too old, running, or to come."""
    phone = Phone(hall, ORDINARY)
    assert "可查询2026年5月至2026年10月" in phone.sends(f"CXZD#{month}")
    assert phone.texts == ["q.bill.range"]


def test_the_six_months_go_over_the_new_year(hall: HallWorld) -> None:
    """From January the last bill is December's."""
    phone = Phone(hall, ORDINARY, now=NOW + 60 * 24 * 3600)
    assert "2026年12月没有产生费用" in phone.sends("CXZD")
    assert "2026年7月合计" in phone.sends("CXZD#202607")
    assert "可查询2026年7月至2026年12月" in phone.sends("CXZD#202606")


@pytest.mark.parametrize(
    "text",
    [
        "CXZD#13800138001#739204",
        "CXZD#13800138001#739204#202610",
        "CXZD#13800138001#202610#739204",
    ],
)
def test_another_numbers_bill_takes_its_password(hall: HallWorld, text: str) -> None:
    """Month and password may come in either order."""
    phone = Phone(hall, FAMILY)
    assert "138****8001在2026年10月合计143.06元" in phone.sends(text)
    assert phone.texts[0] == "q.bill"


@pytest.mark.parametrize("text", ["CXZD#13800138001", "CXZD#13800138001#202610"])
def test_without_its_password_another_numbers_bill_is_refused(hall: HallWorld, text: str) -> None:
    """A month is no password, and is not counted as a wrong one."""
    phone = Phone(hall, FAMILY)
    phone.sends(text)
    assert phone.texts == ["q.refuse.nopw"]
    assert not hall.passwords.tries(ORDINARY).wrong


def test_a_number_that_is_not_registered_is_asked_for_its_password(hall: HallWorld) -> None:
    """Then the month that was wanted is answered; a wrong entry may be typed again."""
    phone = Phone(hall, UNNAMED)
    phone.sends("CXZD#202609")
    assert phone.texts == ["auth.not_realname"]
    phone.sends("580318")
    assert phone.texts[0] == "auth.pw_wrong"
    assert "2026年9月合计11.05元" in phone.sends("580317")


def test_the_running_bill_takes_the_password_also_on_ones_own_phone(hall: HallWorld) -> None:
    """With the numbers that are billed together, and what was paid back."""
    phone = Phone(hall, ORDINARY)
    phone.sends("CXSSZD")
    assert phone.texts == ["auth.ask_pw"]
    said = phone.sends("739204")
    assert "本月合计71.20元:套餐费64.00元,通话费7.20元。" in said
    assert "合帐号码138****8009,合帐合计337.70元。本月没有返还。" in said  # 71.20 and 266.50
    assert "您的号码没有合帐" in Phone(hall, "13800138005").sends("SSZD#615283")


def test_items_that_nobody_named_are_others(hall: HallWorld) -> None:
    """A bill with a new kind of line can still be told."""
    hall.bills.lines[ORDINARY, 202610] = [BillLine("roaming", 300), BillLine("gift", -100)]
    assert "2026年10月合计2.00元:其他2.00元。" in Phone(hall, ORDINARY).sends("CXZD")


def test_the_billing_month(hall: HallWorld) -> None:
    """From its first to its last day."""
    assert "本期为11月1日至11月30日。本期账单12月1日起" in Phone(hall, ORDINARY).sends("CXZQ")


def test_rebates_of_six_months(hall: HallWorld) -> None:
    """The newest first, with the sum; none has a text of its own."""
    assert "近六个月返还2笔,合计20.00元,最近2笔:10月1日预存返还10.00元;9月1日预存返还10.00元。" in (
        Phone(hall, ORDINARY).sends("CXFH")
    )
    phone = Phone(hall, UNNAMED)
    phone.sends("CXFH#580317")
    assert phone.texts[0] == "q.rebate.none"


def test_no_fees_for_others(hall: HallWorld) -> None:
    """Is said."""
    phone = Phone(hall, ORDINARY)
    phone.sends("代收费")
    assert phone.texts == ["q.sp_fee.none"]


def test_a_bill_on_a_screen_has_a_line_an_item(hall: HallWorld) -> None:
    """And no more words than it needs."""
    phone = Phone(hall, ORDINARY, channel=Channel.USSD)
    assert (
        phone.sends("CXZD")
        == "2026年10月合计143.06元:\n套餐费128.00元\n通话费12.16元\n流量费2.90元"
    )


def test_bills_in_english(hall: HallWorld) -> None:
    """The same figures."""
    phone = Phone(hall, ORDINARY, language="en")
    assert "This month until 21:00 on 21 Nov: 71.20 yuan. Plan 64.00, calls 7.20." in phone.sends(
        "HF"
    )
    assert "for Oct 2026: 143.06 yuan" in phone.sends("ZD")
