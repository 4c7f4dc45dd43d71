"""Stories of what somebody wants to be sent, and the numbers where it is said."""

from __future__ import annotations

import pytest

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
