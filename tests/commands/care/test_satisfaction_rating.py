"""Stories of ratings: asked for after something was done, answered at their own sub-port."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commands.model.request import Reply
from tests.commands.fakes import NOW, HallWorld
from tests.commands.phone import Phone

ORDINARY = "13800138001"
PORT = "003"
HOUR = 3600
NOON = NOW - 9 * HOUR - 1800  # 12:00 in Shanghai


def served(hall: HallWorld, number: str = ORDINARY, now: int = NOON) -> Phone:
    """A phone that has just ordered something."""
    phone = Phone(hall, number, now=now)
    for text in ("KTEDU40", "是"):
        phone.sends(text)
    return phone


def complains(hall: HallWorld, phone: Phone) -> None:
    """Where that is a service that is asked about, too."""
    rules = replace(hall.settings.rating, operations=frozenset({"ticket"}))
    hall.settings = replace(hall.settings, rating=rules)
    phone.sends("TS#乱扣费")
    assert phone.texts == ["tk.ok"]


def later(phone: Phone) -> tuple[Reply, ...]:
    assert phone.last is not None
    return phone.last.later


def test_half_an_hour_after_a_service_it_is_asked_how_it_was(hall: HallWorld) -> None:
    """By a message of its own, from the port that takes the answer."""
    phone = served(hall)
    (asked,) = later(phone)
    assert (asked.text, asked.to, asked.port) == ("fb.ask", ORDINARY, PORT)
    assert asked.at == NOON + 1800


def test_nobody_is_woken_to_say_how_it_was(hall: HallWorld) -> None:
    """What is done in the evening is asked about at eight in the morning."""
    (asked,) = later(served(hall, now=NOW))
    assert asked.at == NOW - 1800 + 11 * HOUR  # 21:00 and eleven hours


def test_once_a_day_is_enough(hall: HallWorld) -> None:
    """The next service of the day is not asked about, the next day's is."""
    phone = served(hall)
    for text in ("QXEDU", "Y"):
        phone.sends(text)
    assert phone.texts == ["sv.cancel.ok"]
    assert later(phone) == ()
    phone.now += 24 * HOUR + 1
    complains(hall, phone)
    assert len(later(phone)) == 1


@pytest.mark.parametrize("text", ["YE", "KTEDU40", "CD", "asdf", "EN", "TS#乱扣费"])
def test_questions_and_intentions_are_no_service(hall: HallWorld, text: str) -> None:
    """Nothing was done yet; or nothing worth a question."""
    phone = Phone(hall, ORDINARY, now=NOON)
    phone.sends(text)
    assert later(phone) == ()


def test_a_stopped_number_is_not_asked(hall: HallWorld) -> None:
    """It could not answer."""
    hall.alter(ORDINARY, state="arrears")
    phone = Phone(hall, ORDINARY, now=NOON)
    complains(hall, phone)
    assert later(phone) == ()


@pytest.mark.parametrize(
    ("text", "score"),
    [("10", "10"), ("９", "9"), ("8。", "8"), ("满意", "10"), ("不满意", "8"), ("PF#9", "9")],
)
def test_an_answer_at_the_port_is_a_rating(hall: HallWorld, text: str, score: str) -> None:
    """In figures or in words; kept with its time and interface."""
    phone = served(hall)
    phone.now += HOUR
    phone.sends(text, port=PORT)
    assert phone.texts == ["fb.thanks"]
    assert (ORDINARY, "rating.score", score, "10", NOON + HOUR) in hall.preferences.said


def test_an_open_list_does_not_take_a_rating(hall: HallWorld) -> None:
    """The port says what is meant: 8 is no area of the menu there."""
    phone = served(hall)
    phone.sends("CD")
    phone.sends("8", port=PORT)
    assert phone.texts == ["fb.thanks"]


def test_a_rating_counts_once_and_not_for_ever(hall: HallWorld) -> None:
    """And not where nothing was asked."""
    phone = Phone(hall, ORDINARY, now=NOON)
    phone.sends("10", port=PORT)
    assert phone.texts == ["fb.nothing"]
    phone = served(hall)
    for answer in ("fb.thanks", "fb.already"):
        phone.sends("10", port=PORT)
        assert phone.texts == [answer]
    phone.now += 3 * 24 * HOUR + 1
    phone.sends("10", port=PORT)
    assert phone.texts == ["fb.nothing"]


@pytest.mark.parametrize("word", ["TD", "td", "T", "n", "退订"])
def test_who_wants_no_such_questions_is_asked_no_more(hall: HallWorld, word: str) -> None:
    """The word means the ratings at this port, and nothing else is cancelled."""
    phone = served(hall)
    phone.sends(word, port=PORT)
    assert phone.texts == ["fb.stopped"]
    phone.now += 48 * HOUR
    complains(hall, phone)
    assert later(phone) == ()


@pytest.mark.parametrize("text", ["7", "11", "还行吧", "100"])
def test_what_is_no_rating_is_told_what_is(hall: HallWorld, text: str) -> None:
    """By the port's own text."""
    phone = served(hall)
    phone.sends(text, port=PORT)
    assert phone.texts == ["fb.form"]
