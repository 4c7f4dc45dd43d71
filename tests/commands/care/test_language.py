"""Stories of the language that the hall answers in."""

from __future__ import annotations

import pytest

from commands.model.request import Channel
from tests.commands.fakes import HallWorld
from tests.commands.phone import Phone

ORDINARY = "13800138001"


@pytest.mark.parametrize("text", ["EN", "en", "English", "ＥＮ。"])
def test_who_texts_en_is_answered_in_english_from_then_on(hall: HallWorld, text: str) -> None:
    """This answer already; and nothing else about them changes."""
    phone = Phone(hall, ORDINARY)
    assert phone.sends(text).startswith("You will get our messages in English.")
    assert phone.sends("YE").startswith("Balance at 21:00")
    assert hall.account(ORDINARY).language == "en"


@pytest.mark.parametrize("text", ["ZH", "中文"])
def test_and_back(hall: HallWorld, text: str) -> None:
    """In the other language's own word."""
    phone = Phone(hall, ORDINARY)
    for said in ("EN", text):
        phone.sends(said)
    assert phone.sends("YE").startswith("【话费余额】")


def test_it_holds_on_every_channel(hall: HallWorld) -> None:
    """It belongs to the subscriber, not to the message."""
    Phone(hall, ORDINARY).sends("EN")
    assert (
        Phone(hall, ORDINARY, channel=Channel.USSD, interface="18").sends("CD").startswith("Welc")
    )


def test_a_number_that_is_not_real_named_has_a_language_too(hall: HallWorld) -> None:
    """No password is needed for it."""
    phone = Phone(hall, "13800138003")
    phone.sends("EN")
    assert phone.texts == ["lang.set"]


def test_nobody_sets_it_for_another(hall: HallWorld) -> None:
    """From a phone that nobody vouches for."""
    phone = Phone(hall, ORDINARY, asserted=False)
    phone.sends("EN")
    assert phone.texts == ["sys.own_phone"]
    assert hall.account(ORDINARY).language == "zh"
