"""Stories of money that came in: payments, and whether one did."""

from __future__ import annotations

import pytest

from tests.commands.fakes import NOW, HallWorld
from tests.commands.phone import Phone

ORDINARY = "13800138001"  # has 739204
DAY = 24 * 3600


def test_the_last_three_payments_after_the_password(hall: HallWorld) -> None:
    """Own phone or not: the password is asked for."""
    phone = Phone(hall, ORDINARY)
    phone.sends("缴费记录")
    assert phone.texts == ["auth.ask_pw"]
    assert phone.sends("739204").startswith(
        "【缴费记录】最近3笔:10月20日网上100.00元;10月5日充值卡50.00元;9月8日营业厅200.00元。"
    )


@pytest.mark.parametrize("text", ["CXJFJL#07#739204", "262*7*739204", "CZJL 07 739204"])
def test_the_payments_of_one_month(hall: HallWorld, text: str) -> None:
    """By its number, with or without a nought."""
    assert "最近1笔:7月2日空中充值100.00元。" in Phone(hall, ORDINARY).sends(text)


def test_a_month_of_which_there_is_none(hall: HallWorld) -> None:
    """Older than six months, or without a payment: that is said, and nothing else."""
    phone = Phone(hall, ORDINARY)
    phone.sends("262*04*739204")
    assert phone.texts[0] == "q.payments.none"


def test_the_month_is_kept_while_the_password_is_asked_for(hall: HallWorld) -> None:
    """What was wanted is answered after the dialogue."""
    phone = Phone(hall, ORDINARY)
    phone.sends("CXJFJL#09")
    assert "最近1笔:9月8日营业厅200.00元。" in phone.sends("739204")


def test_wrong_passwords_lock_payments_and_leave_the_balance_open(hall: HallWorld) -> None:
    """The third wrong one locks; own queries go on."""
    phone = Phone(hall, ORDINARY)
    for _ in range(3):
        phone.sends("CXJFJL#000001")
    assert phone.texts[0] == "auth.pw_locked"
    phone.sends("CXJFJL#739204")
    assert phone.texts[0] == "auth.pw_locked"
    phone.sends("YE")
    assert phone.texts == ["q.balance.pre.ok"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("CXDZ#50#1005", True),
        ("dz 50元 1005", True),
        ("DZ*50.00*1005", True),
        ("CXDZ#50#1006", False),
        ("CXDZ#51#1005", False),
        ("CXDZ#50.01#1005", False),
        ("CXDZ#50#0231", False),  # no such day
        ("CXDZ#100#0421", False),
    ],
)
def test_whether_a_payment_came_in(hall: HallWorld, text: str, found: bool) -> None:
    """Yes or no, and no figure that the asker has not said."""
    phone = Phone(hall, ORDINARY)
    said = phone.sends(text)
    assert phone.texts == [f"q.payment_check.{'yes' if found else 'no'}"]
    assert "100" not in said.replace("10086", "")


def test_amounts_cannot_be_found_out_by_asking(hall: HallWorld) -> None:
    """Five a day, over all who ask about the number; a day later it is open again."""
    phone = Phone(hall, ORDINARY)
    for yuan in range(5):
        phone.sends(f"CXDZ#{yuan}#1005")
        assert phone.texts == ["q.payment_check.no"]
    phone.sends("CXDZ#50#1005")
    assert phone.texts == ["q.payment_check.limit"]
    other = Phone(hall, "13800138009")
    other.sends("CXDZ#13800138001#739204#50#1005")
    assert other.texts[0] == "q.payment_check.limit"
    phone.now = NOW + DAY
    phone.sends("CXDZ#50#1005")
    assert phone.texts == ["q.payment_check.yes"]


@pytest.mark.parametrize(
    ("text", "asked", "typed"),
    [
        ("CXDZ", "q.ask.amount", ("50", "1005")),
        ("CXDZ#50", "q.ask.day", ("1005",)),
        ("CXDZ#abc", "q.ask.amount", ("50元", "10-05")),
        ("我的钱到账了吗", "q.ask.amount", ("50.00", "1005")),
    ],
)
def test_a_check_without_amount_or_day_asks_for_them(
    hall: HallWorld, text: str, asked: str, typed: tuple[str, ...]
) -> None:
    """By its code, or by a word that means it; who wrote it wrongly is told its form besides."""
    phone = Phone(hall, ORDINARY)
    phone.sends(text)
    assert phone.texts[-1] == asked
    assert not hall.attempts.struck
    for words in typed:
        phone.sends(words)
    assert phone.texts == ["q.payment_check.yes"]
