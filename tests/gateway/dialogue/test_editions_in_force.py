"""Which edition a dialogue begins with, and which it goes on with."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from gateway.config.editions.edition import DecisionKind, EditionDecision, before
from gateway.dialogue.editions_in_force import WHOLE, Canary, EditionsInForce
from tests.gateway.hall import own_book

PHONES = [str(13_900_000_000 + n) for n in range(2_000)]
OLD = replace(own_book(), version="1")
NEW = replace(OLD, version="2")


def test_everybody_begins_on_the_edition_in_force() -> None:
    """And who has begun on an older one goes on with it."""
    in_force = EditionsInForce(NEW, older=[OLD])
    assert in_force.begins(PHONES[0]) is NEW
    assert in_force.of("1") is OLD
    assert in_force.of("3") is None


@given(share=st.integers(0, WHOLE), more=st.integers(0, WHOLE))
def test_a_larger_share_keeps_whom_the_smaller_one_had(share: int, more: int) -> None:
    """Nobody is moved to and fro while a canary grows."""
    few, many = sorted((share, more))
    was = {phone for phone in PHONES[:50] if Canary(NEW, few).for_(phone)}
    assert was <= {phone for phone in PHONES[:50] if Canary(NEW, many).for_(phone)}


def test_a_share_is_about_as_large_as_it_says() -> None:
    """Ten percent of two thousand numbers, always the same ones."""
    in_force = EditionsInForce(OLD, Canary(NEW, WHOLE // 10))
    tried = [phone for phone in PHONES if in_force.begins(phone) is NEW]
    assert 150 < len(tried) < 250
    assert tried == [phone for phone in PHONES if in_force.begins(phone) is NEW]


def test_each_canary_is_tried_on_others() -> None:
    """Not always the same people are the first to stumble."""
    one = {phone for phone in PHONES if Canary(OLD, WHOLE // 10).for_(phone)}
    other = {phone for phone in PHONES if Canary(NEW, WHOLE // 10).for_(phone)}
    assert len(one & other) < len(one) // 2


def test_chosen_numbers_are_tried_whatever_the_share() -> None:
    """Colleagues first."""
    in_force = EditionsInForce(OLD, Canary(NEW, 0, frozenset({PHONES[7]})))
    assert [phone for phone in PHONES if in_force.begins(phone) is NEW] == [PHONES[7]]


def decided(*whats: tuple[DecisionKind, str]) -> list[EditionDecision]:
    return [
        EditionDecision(at, "li", "", what, version) for at, (what, version) in enumerate(whats)
    ]


def test_what_was_rolled_back_is_not_gone_back_to() -> None:
    """Each step back leads one further."""
    put, back = DecisionKind.PUBLISHED, DecisionKind.ROLLED_BACK
    history = decided((put, "a"), (put, "b"), (put, "c"))
    assert before(history) == "b"
    history += decided((back, "b"))
    assert before(history) == "a"
    history += decided((put, "d"))
    assert before(history) == "b"
    assert before(decided((put, "a"))) == before([]) == ""


def test_the_same_version_twice_is_one_step() -> None:
    """So is what was tried out before it was for all."""
    history = decided(
        (DecisionKind.PUBLISHED, "a"), (DecisionKind.CANARY, "a"), (DecisionKind.PROMOTED, "b")
    )
    assert before(history) == "a"
