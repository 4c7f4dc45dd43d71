"""What calls have of their own: numbers that are not shown, and nobody who is left in silence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commands.model.request import Channel
from commands.model.request_quota import QuotaCategory, QuotaDecision
from tests.commands.fakes import FakeQuota, HallWorld
from tests.commands.phone import Phone

ZHANG = "13800138001"
UNKNOWN = "860000000000009999"  # no card


class Strict(FakeQuota):
    """Allows nobody anything, and tells nobody why."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def take(self, msisdn: str, now: int, matter: QuotaCategory) -> QuotaDecision:
        self.asked.append(msisdn)
        return QuotaDecision(allowed=False, minutes=12)


def caller(hall: HallWorld, number: str = "") -> Phone:
    return Phone(hall, number, channel=Channel.VOICE, interface="15", asserted=bool(number))


def test_who_shows_no_number_is_asked_for_one_and_for_its_password(hall: HallWorld) -> None:
    """Then it is told; whose password was right is known from then on."""
    phone = caller(hall)
    phone.sends("YE")
    assert phone.texts == ["auth.ask_number"]
    phone.sends(ZHANG)
    assert phone.texts == ["auth.ask_pw"]
    assert "您的余额" in phone.sends("739204")
    assert phone.last is not None
    assert phone.last.proved == ZHANG


@pytest.mark.parametrize(
    ("typed", "texts"),
    [("138001", ["auth.ask_number"]), ("13100000000", ["auth.ask_pw"])],
)
def test_a_number_that_is_none_or_not_ours(hall: HallWorld, typed: str, texts: list[str]) -> None:
    """A slip may be typed again; a number that is not ours is asked for its password like any."""
    phone = caller(hall)
    phone.sends("YE")
    phone.sends(typed)
    assert phone.texts == texts


def test_a_number_typed_on_a_call_is_not_the_phone_that_calls(hall: HallWorld) -> None:
    """Its password is asked for however it stands with the network."""
    phone = caller(hall, "13800138010")
    phone.sends(f"YE#{ZHANG}")
    assert phone.texts == ["auth.ask_pw"]


@pytest.mark.parametrize(("number", "counted"), [("", []), (ZHANG, [ZHANG, ZHANG])])
def test_too_many_questions(
    hall: HallWorld, number: str, counted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a call it is told every time; those who show no number are not counted as one."""
    quota = Strict()
    monkeypatch.setattr(hall, "hall", lambda: replace(HallWorld.hall(hall), quota=quota))
    phone = caller(hall, number)
    phone.sends("YE")
    phone.sends("YE")
    assert quota.asked == counted
    assert phone.texts == (["help.many"] if number else ["auth.ask_number"])


def test_wrong_cards_of_those_who_show_no_number_are_not_one_persons(hall: HallWorld) -> None:
    """Three for one number close it for such calls; not for another number, nor its owner."""
    for _ in range(3):
        phone = caller(hall)
        phone.sends(f"CZ#{ZHANG}#{UNKNOWN}")
    assert phone.texts == ["rc.err.tries"]
    phone.sends(f"CZ#13800138010#{UNKNOWN}")
    assert phone.texts == ["rc.err.secret"]
    owner = caller(hall, ZHANG)
    owner.sends(f"CZ#{UNKNOWN}")
    assert owner.texts == ["rc.err.secret"]
