"""Stories of money that came in: payments, whether one did, and recharge cards."""

from __future__ import annotations

import pytest

from tests.commands.fakes import NOW, World, world
from tests.commands.phone import Phone

ORDINARY = "13800138001"  # has 739204
GOOD, USED, DOUBTFUL = "20261010000000001", "20261010000000003", "20261170000000005"
DAY = 24 * 3600


@pytest.fixture
def hall() -> World:
    return world()


def test_the_last_three_payments_after_the_password(hall: World) -> None:
    """Own phone or not: the password is asked for."""
    phone = Phone(hall, ORDINARY)
    phone.sends("缴费记录")
    assert phone.texts == ["auth.ask_pw"]
    assert phone.sends("739204").startswith(
        "【缴费记录】最近3笔:10月20日网上100.00元;10月5日充值卡50.00元;9月8日营业厅200.00元。"
    )


@pytest.mark.parametrize("text", ["CXJFJL#07#739204", "262*7*739204", "CZJL 07 739204"])
def test_the_payments_of_one_month(hall: World, text: str) -> None:
    """By its number, with or without a nought."""
    assert "最近1笔:7月2日空中充值100.00元。" in Phone(hall, ORDINARY).sends(text)


def test_a_month_of_which_there_is_none(hall: World) -> None:
    """Older than six months, or without a payment: that is said, and nothing else."""
    phone = Phone(hall, ORDINARY)
    phone.sends("262*04*739204")
    assert phone.texts[0] == "q.payments.none"


def test_the_month_is_kept_while_the_password_is_asked_for(hall: World) -> None:
    """What was wanted is answered after the dialogue."""
    phone = Phone(hall, ORDINARY)
    phone.sends("CXJFJL#09")
    assert "最近1笔:9月8日营业厅200.00元。" in phone.sends("739204")


def test_wrong_passwords_lock_payments_and_leave_the_balance_open(hall: World) -> None:
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
def test_whether_a_payment_came_in(hall: World, text: str, found: bool) -> None:
    """Yes or no, and no figure that the asker has not said."""
    phone = Phone(hall, ORDINARY)
    said = phone.sends(text)
    assert phone.texts == [f"q.payment_check.{'yes' if found else 'no'}"]
    assert "100" not in said.replace("10086", "")


def test_amounts_cannot_be_found_out_by_asking(hall: World) -> None:
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
    hall: World, text: str, asked: str, typed: tuple[str, ...]
) -> None:
    """By its code, or by a word that means it; who wrote it wrongly is told its form besides."""
    phone = Phone(hall, ORDINARY)
    phone.sends(text)
    assert phone.texts[-1] == asked
    assert not hall.strikes.struck
    for words in typed:
        phone.sends(words)
    assert phone.texts == ["q.payment_check.yes"]


@pytest.mark.parametrize(
    ("serial", "text"),
    [(GOOD, "q.card.ok"), (USED, "q.card.bad"), ("20261010000009999", "q.card.bad")],
)
def test_whether_a_card_is_good(hall: World, serial: str, text: str) -> None:
    """Used, expired, locked and unknown are all the same to who asks."""
    phone = Phone(hall, ORDINARY)
    phone.sends(f"CXCZK#{serial}")
    assert phone.texts == [text]


def test_anybody_may_ask_about_a_card(hall: World) -> None:
    """Also from a number that we do not know."""
    phone = Phone(hall, "13912345678")
    phone.sends(f"CZKCX {GOOD}")
    assert phone.texts == ["q.card.ok"]


def test_a_doubtful_series_is_looked_at_by_people(hall: World) -> None:
    """17 as sixth and seventh digit: a ticket, and no word about the card. Its progress can be
    asked for."""
    phone = Phone(hall, ORDINARY)
    said = phone.sends(f"CXCZK#{DOUBTFUL}")
    assert phone.texts == ["q.card.ticket"]
    ticket = hall.tickets.latest(ORDINARY)
    assert ticket is not None
    assert ticket.kind == "card"
    assert ticket.number in said
    assert f"{ticket.number}(充值卡核实)11月21日登记,已受理,预计11月23日21时前" in phone.sends("GD")


def test_cards_are_asked_about_five_times_a_day(hall: World) -> None:
    """Then a day's rest, by phone: serial numbers are easily guessed."""
    phone = Phone(hall, ORDINARY)
    for _ in range(5):
        phone.sends(f"CXCZK#{GOOD}")
    phone.sends(f"CXCZK#{GOOD}")
    assert phone.texts == ["q.card.limit"]
    phone.sends(f"CXCZK#{DOUBTFUL}")
    assert phone.texts == ["q.card.limit"]
    assert hall.tickets.latest(ORDINARY) is None
    elsewhere = Phone(hall, "13800138002")
    elsewhere.sends(f"CXCZK#{GOOD}")
    assert elsewhere.texts == ["q.card.ok"]
    phone.now = NOW + DAY
    phone.sends(f"CXCZK#{GOOD}")
    assert phone.texts == ["q.card.ok"]


def test_a_cards_secret_is_not_taken_for_its_serial(hall: World) -> None:
    """Eighteen digits are worth money: they are not looked up, only the form is told."""
    phone = Phone(hall, ORDINARY)
    phone.sends("CXCZK#860000000000000001")
    assert phone.texts == ["help.format", "q.ask.serial"]
