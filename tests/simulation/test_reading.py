"""What the stories make of what is read: by people, and in the store's files."""

from __future__ import annotations

from simulators.smsc.audit import AuditedDeliver, DeliveryAttempt
from tests.simulation.excuses import shows_that_it_was_read
from tests.simulation.left_behind import tells_any
from tests.simulation.people import Account, Belief, Person, Turn

PASSWORD = "471586"
DIGEST = b"6bf8c2524bd51825ec471586f5ca10637bc7ca19a4cf6f2b92d8088255bde7bb"


def _says(words: str) -> Turn:
    return Turn(words, lambda account, shown: account if shown == words else None, 0)


def test_all_ways_in_which_it_may_be_understood_are_thought_of() -> None:
    """Who asked twice and read it twice was answered twice; or told the first again, and the second
    was taken for the first."""
    person = Person("13900000001", Account(0), [_says("A"), _says("A")], written=2)
    person.read("A", 1.0)
    person.read("A", 2.0)
    person.ends()
    ways = {(len(one.repeats), one.passed) for one in person.best}
    assert ways == {(0, ()), (1, (1,))}


def test_other_words_are_not_passed_over() -> None:
    """They must be answered."""
    person = Person("13900000001", Account(0), [_says("A"), _says("B")], written=2)
    person.read("A", 1.0)
    person.ends()
    assert person.best == [Belief(1, Account(0))]
    assert person.answered == 1


def test_a_secret_is_found_in_plain_and_not_in_a_digest() -> None:
    """Nor in a longer number; but beside a digest it is."""
    assert not tells_any([PASSWORD], b"good" + DIGEST + b"2026")
    assert not tells_any([PASSWORD], b"x1471586")
    assert tells_any(["739204", PASSWORD], DIGEST + b"|XGMM 471586")
    assert not tells_any([], b"")


def _delivered(body: bytes, *when: float) -> AuditedDeliver:
    attempts = [DeliveryAttempt(1, place, at) for place, at in enumerate(when, 1)]
    return AuditedDeliver(0, "13900000001", "hallgate", body, attempts=attempts)


def test_what_came_within_a_moment_of_a_loss_tells_nothing_of_what_was_read_before() -> None:
    """It may have been on its way. What came later, or again, tells that the SMSC has gone on."""
    asked_again = _delivered(b"YE", 9.0)
    assert not shows_that_it_was_read([_delivered(b"CD", 4.4)], 4.0, asked_again)
    assert shows_that_it_was_read([_delivered(b"CD", 5.1)], 4.0, asked_again)
    assert shows_that_it_was_read([_delivered(b"CD", 3.9, 4.4)], 4.0, asked_again)


def test_what_answered_each_turn_is_known() -> None:
    """By one way to understand it, in which the second question was told what the first was."""
    person = Person("13900000001", Account(0), [_says("A"), _says("B"), _says("A")], written=3)
    for at, text in enumerate(["A", "B", "A"]):
        person.read(text, float(at))
    first, second, again = person.shown
    told_again = Belief(3, Account(0), repeats=(again,), passed=(2,))
    assert person.answers(told_again) == {0: first, 1: second}
    assert person.answers(person.best[0]) == {0: first, 1: second, 2: again}
    assert person.like(2) == [0]
