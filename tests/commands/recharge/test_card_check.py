"""CXCZK: whether a recharge card is good."""

from __future__ import annotations

import pytest

from tests.commands.fakes import NOW, HallWorld
from tests.commands.phone import Phone

ORDINARY = "13800138001"  # has 739204
GOOD, USED, DOUBTFUL = "20261010000000001", "20261010000000003", "20261170000000005"
DAY = 24 * 3600


@pytest.mark.parametrize(
    ("serial", "text"),
    [(GOOD, "q.card.ok"), (USED, "q.card.bad"), ("20261010000009999", "q.card.bad")],
)
def test_whether_a_card_is_good(hall: HallWorld, serial: str, text: str) -> None:
    """Used, expired, locked and unknown are all the same to who asks."""
    phone = Phone(hall, ORDINARY)
    phone.sends(f"CXCZK#{serial}")
    assert phone.texts == [text]


def test_anybody_may_ask_about_a_card(hall: HallWorld) -> None:
    """Also from a number that we do not know."""
    phone = Phone(hall, "13912345678")
    phone.sends(f"CZKCX {GOOD}")
    assert phone.texts == ["q.card.ok"]


def test_a_doubtful_series_is_looked_at_by_people(hall: HallWorld) -> None:
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


def test_cards_are_asked_about_five_times_a_day(hall: HallWorld) -> None:
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


def test_a_cards_secret_is_not_taken_for_its_serial(hall: HallWorld) -> None:
    """Eighteen digits are worth money: they are not looked up, only the form is told."""
    phone = Phone(hall, ORDINARY)
    phone.sends("CXCZK#860000000000000001")
    assert phone.texts == ["help.format", "q.ask.serial"]
