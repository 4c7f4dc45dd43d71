"""Orders that wait for their confirm: proposed, agreed to once, carried out as they were placed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commands.model.request import AuthLevel, ConfirmRule, Secret
from tests.commands.fakes import HallWorld
from tests.commands.phone import Phone, result, story

ZHANG, LI, UNNAMED = "13800138001", "13800138002", "13800138003"
RICH = "13800138006"
PASSWORD = {ZHANG: "739204", LI: "123456", UNNAMED: "580317"}
MINUTE, HOUR, DAY = 60, 3600, 24 * 3600


def test_what_costs_is_proposed_and_done_only_when_it_is_said(hall: HallWorld) -> None:
    """C2: the order waits, with its proof and its terms; the yes consumes it."""
    phone = Phone(hall, LI)
    story(phone, ("KTEDU40", "sv.confirm"))
    (order,) = hall.orders.placed.values()
    assert (order.phone, order.subject, order.level) == (LI, LI, AuthLevel.A1)
    assert phone.last is not None
    assert phone.last.proposed == order.id
    assert phone.dialogue.pending[0].confirm is ConfirmRule.TWICE
    assert hall.accounts.charges == []
    story(phone, ("是", "sv.ok"))
    assert hall.orders.answers == [(order.id, "是")]
    assert (hall.orders.placed, phone.dialogue.pending) == ({}, ())
    assert [charge[3] for charge in hall.accounts.charges] == [order.id]


@pytest.mark.parametrize("word", ["Y", "1", "是的", "好", "N", "否", "要", "0"])
def test_the_second_confirmation_takes_one_word(hall: HallWorld, word: str) -> None:
    """Everything else orders nothing, and the order is gone."""
    phone = Phone(hall, LI)
    story(phone, ("KTEDU40", "sv.confirm"), (word, "sv.not_ordered"))
    assert (hall.orders.placed, hall.accounts.charges) == ({}, [])
    phone.sends("是")
    assert hall.accounts.charges == []


@pytest.mark.parametrize("word", ["Y", "y", "是", "1", "Ｙ"])
def test_a_single_confirmation_takes_any_yes(hall: HallWorld, word: str) -> None:
    """C1: it costs nothing."""
    hall.random.draws = ["528461"]
    phone = Phone(hall, ZHANG)
    story(phone, ("2010", "pw.random.confirm"), (word, "pw.random"))
    assert hall.passwords.matches(ZHANG, Secret("528461"))


@pytest.mark.parametrize(
    ("text", "yes", "waits", "answer"),
    [("2010", "Y", 10 * MINUTE, "confirm.expired"), ("KTEDU40", "是", DAY, "sv.expired")],
)
def test_a_late_yes_is_too_late(
    hall: HallWorld, text: str, yes: str, waits: int, answer: str
) -> None:
    """To the second, and it says so; a moment before it is not."""
    hall.random.draws = ["528461"]
    late, early = Phone(hall, ZHANG), Phone(hall, LI)
    for phone in (late, early):
        phone.sends(text)
    late.now += waits
    story(late, (yes, answer))
    assert (result(late), len(hall.orders.placed)) == ("expired", 1)
    early.now += waits - 1
    early.sends(yes)
    assert result(early) == "ok"


def test_a_yes_twice_is_one_yes(hall: HallWorld) -> None:
    """The second is an answer to nothing."""
    phone = Phone(hall, LI)
    story(phone, ("KTEDU40", "sv.confirm"), ("是", "sv.ok"))
    phone.sends("是")
    assert result(phone) == "unknown"
    assert len(hall.accounts.charges) == 1


def test_a_yes_from_a_stale_dialogue_finds_no_order(hall: HallWorld) -> None:
    """The dialogue was lost and an older one came back: nothing happens twice."""
    phone = Phone(hall, LI)
    story(phone, ("KTEDU40", "sv.confirm"))
    stale = phone.dialogue
    story(phone, ("是", "sv.ok"))
    phone.dialogue = stale
    story(phone, ("是", "confirm.gone"))
    assert result(phone) == "gone"
    assert phone.dialogue.pending == ()
    assert len(hall.accounts.charges) == 1


def test_a_newer_order_of_the_kind_takes_the_olders_place(hall: HallWorld) -> None:
    """One yes buys one thing: the last that was shown."""
    phone = Phone(hall, RICH)
    phone.sends("KTEDU40")
    first = next(iter(hall.orders.placed))
    phone.sends("KTEDU100")
    assert first not in hall.orders.placed
    assert len(phone.dialogue.pending) == 1
    phone.sends("是")
    assert "EDU100" in hall.running(RICH)
    assert "EDU40" not in hall.running(RICH)


def test_a_question_in_between_leaves_the_order_waiting(hall: HallWorld) -> None:
    """And so do a word nobody knows and a menu: only an answer answers."""
    phone = Phone(hall, LI)
    story(phone, ("KTEDU40", "sv.confirm"), ("YE", "q.balance.pre.ok"), ("CXTC", "q.plan"))
    assert len(phone.dialogue.pending) == 1
    story(phone, ("是", "sv.ok"))


def test_orders_of_two_kinds_wait_side_by_side(hall: HallWorld) -> None:
    """Each has its own word; the other one waits on."""
    hall.random.draws = ["528461"]
    phone = Phone(hall, LI)
    story(
        phone,
        ("KTEDU40", "sv.confirm"),
        ("2010", "pw.random.confirm"),
        ("Y", "pw.random"),
    )
    assert [pending.action for pending in phone.dialogue.pending] == ["sv.order"]
    story(phone, ("是", "sv.ok"))
    assert phone.dialogue.pending == ()


def test_a_no_is_for_what_was_asked_last(hall: HallWorld) -> None:
    """The older order waits on."""
    phone = Phone(hall, LI)
    story(phone, ("KTEDU40", "sv.confirm"), ("2010", "pw.random.confirm"), ("N", "pw.random.kept"))
    assert [pending.action for pending in phone.dialogue.pending] == ["sv.order"]


def test_an_order_is_carried_out_as_it_was_placed(hall: HallWorld) -> None:
    """By its number, its channel, its interface and its proof, whichever brings the yes."""
    phone = Phone(hall, LI)
    story(phone, ("KTEDU40", "sv.confirm"))
    (order,) = hall.orders.placed.values()
    phone.interface = "18"
    story(phone, ("是", "sv.ok"))
    assert hall.accounts.charges[0][3] == order.id
    assert order.interface == "10"


def test_an_order_keeps_no_proof(hall: HallWorld) -> None:
    """Its level says what was proven; a password is not needed for that."""
    phone = Phone(hall, UNNAMED)
    hall.alter(UNNAMED, balance_fen=10_000)
    story(phone, (f"KTEDU40#{PASSWORD[UNNAMED]}", "sv.confirm"))
    (order,) = hall.orders.placed.values()
    assert order.level == AuthLevel.A2
    assert not any(isinstance(value, Secret) for value in order.args.values())


def test_what_can_no_longer_be_done_is_refused_at_the_yes(hall: HallWorld) -> None:
    """The order is consumed; nothing was charged."""
    phone = Phone(hall, LI)
    story(phone, ("KTEDU40", "sv.confirm"))
    hall.alter(LI, balance_fen=0)
    story(phone, ("是", "sv.err.balance"))
    assert (hall.orders.placed, hall.accounts.charges) == ({}, [])
    assert result(phone) == "refused"


def test_a_price_that_changed_since_is_not_charged(hall: HallWorld) -> None:
    """What was agreed to is what is done."""
    phone = Phone(hall, LI)
    story(phone, ("KTEDU40", "sv.confirm"))
    dearer = replace(hall.catalogue.services["EDU40"], fee_fen=9_900)
    services = {**hall.catalogue.services, "EDU40": dearer}
    hall.catalogue = replace(hall.catalogue, services=services)
    hall.alter(LI, balance_fen=100_000)
    story(phone, ("是", "sv.err.changed"))
    assert hall.accounts.charges == []
