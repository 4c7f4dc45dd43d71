"""Stories of what somebody wants to be sent, and the numbers where it is said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commands.reminders.model import ReminderKind
from tests.commands.fakes import NOW, HallWorld, built_conf
from tests.commands.phone import Phone

ORDINARY, UNREGISTERED = "13800138001", "13800138003"
MARKETING = "900"  # the sub-port that offers come from


@pytest.mark.parametrize(
    ("text", "answer", "wish", "value"),
    [
        ("JSYX", "consent.off", "marketing", "off"),
        ("拒收", "consent.off", "marketing", "off"),
        ("KQYX", "consent.on", "marketing", "on"),
        ("QXSFTX", "charges.off", "charge_reminder", "off"),
        ("258173", "charges.off", "charge_reminder", "off"),
        ("QXYLTX", "reminders.kind.off", "reminder allowance", "off"),
        ("qxjftx", "reminders.kind.off", "reminder points_ending", "off"),
        ("KTCZTX", "reminders.kind.on", "reminder recharge", "on"),
    ],
)
@pytest.mark.parametrize("number", [ORDINARY, UNREGISTERED])
def test_a_wish_is_kept_at_once(
    hall: HallWorld, number: str, text: str, answer: str, wish: str, value: str
) -> None:
    """Without password or confirm; with when and where it was said."""
    phone = Phone(hall, number)
    phone.sends(text)
    assert phone.texts == [answer]
    assert hall.preferences.said == [(number, wish, value, "10", NOW)]


@pytest.mark.parametrize("text", ["SFTX", "258172"])
def test_charges_can_be_told_once_that_is_built(hall: HallWorld, text: str) -> None:
    """One row of conf/commands.yaml decides."""
    phone = Phone(hall, ORDINARY, register=built_conf().register)
    phone.sends(text)
    assert phone.texts == ["charges.on"]
    assert hall.preferences.said == [(ORDINARY, "charge_reminder", "on", "10", NOW)]


def test_the_newest_wish_counts(hall: HallWorld) -> None:
    """The older ones stay as proof."""
    phone = Phone(hall, ORDINARY)
    for text in ("JSYX", "KQYX", "JSYX"):
        phone.sends(text)
    assert hall.preferences.of(ORDINARY, "marketing") == "off"
    assert len(hall.preferences.said) == 3


@pytest.mark.parametrize("text", ["TD", "T", "退订", "N", "td"])
def test_where_offers_come_from_a_word_ends_them_at_once(hall: HallWorld, text: str) -> None:
    """At the service number itself the same word asks for the list."""
    phone = Phone(hall, ORDINARY)
    phone.sends(text, port=MARKETING)
    assert phone.texts == ["consent.off"]
    assert hall.preferences.of(ORDINARY, "marketing") == "off"
    phone.sends(text)
    assert phone.texts == ["un.list.2"]


def test_a_wish_is_for_ones_own_phone(hall: HallWorld) -> None:
    """Where the network does not vouch for the number, nobody else may say it."""
    phone = Phone(hall, ORDINARY, asserted=False)
    phone.sends("KQYX")
    assert phone.texts == ["sys.own_phone"]
    assert hall.preferences.said == []


def test_a_sentence_is_not_taken_for_a_wish(hall: HallWorld) -> None:
    """What changes something is only suggested."""
    phone = Phone(hall, ORDINARY)
    phone.sends("我想拒收广告")
    assert phone.texts[0] in ("help.unknown", "help.meant")
    assert hall.preferences.said == []


@pytest.mark.parametrize("kind", list(ReminderKind))
def test_every_kind_of_reminder_can_be_stopped_and_started(
    hall: HallWorld, kind: ReminderKind
) -> None:
    """By codes that name each other; but what everybody must be told stays."""
    register = built_conf().register
    if kind is ReminderKind.CHARGE:
        stop, start = "QXSFTX", "SFTX"
    else:
        stop, start = (
            next(
                word
                for word, code in register.codes.items()
                if code.fixed.get("reminder") == kind.value and word.startswith(way)
            )
            for way in ("QX", "KT")
        )
    phone = Phone(hall, ORDINARY, register=register)
    if kind.value in register.settings.reminders_for_all:
        phone.sends(stop)
        assert phone.texts == ["reminders.kind.kept"]
        assert hall.preferences.said == []
        return
    assert start in phone.sends(stop) or kind is ReminderKind.CHARGE
    assert stop in phone.sends(start)
    assert [said[2] for said in hall.preferences.said] == ["off", "on"]


def test_what_nobody_is_told_cannot_be_started(hall: HallWorld) -> None:
    hall.settings = replace(hall.settings, reminders_for_nobody=frozenset({"high_bill"}))
    phone = Phone(hall, ORDINARY, register=built_conf().register)
    phone.sends("KTGETX")
    assert phone.texts == ["reminders.kind.none"]
