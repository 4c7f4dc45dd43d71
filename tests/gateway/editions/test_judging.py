"""When an edition that is tried out is taken back, and when it is only chance."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.config.sections.edition_settings import EditionSettings
from gateway.editions.judging import Counts, Rate, is_worse, why_taken_back
from gateway.model.editions.edition_outcomes import Outcome

RULES = EditionSettings()


def counts(
    served: int, failed: int = 0, begun: int = 0, reached: int = 0, complaints: int = 0
) -> Counts:
    found = {
        Outcome.SERVED: served, Outcome.FAILED: failed,
        Outcome.BEGUN: begun, Outcome.REACHED: reached,
    }  # fmt: skip
    return Counts({"sms": found}, complaints)


FINE = counts(2_000, failed=2, begun=1_000, reached=900, complaints=2)


@pytest.mark.parametrize(
    ("tried", "told"),
    [
        (counts(200, failed=20, begun=100, reached=90), "could not be served"),
        (counts(200, begun=150, reached=60), "led to nothing"),
        (counts(200, begun=100, reached=90, complaints=8), "complained"),
        (counts(200, begun=100, reached=90), ""),
        (counts(50, failed=40), ""),  # too few to say
        (counts(200, failed=3), ""),  # so few may be chance
        (counts(5_000, failed=40, begun=3_000, reached=2_600), ""),  # worse, but by too little
    ],
)
def test_what_does_worse_than_the_others_is_taken_back(tried: Counts, told: str) -> None:
    why = why_taken_back(tried, FINE, RULES)
    assert told in why
    assert bool(why) == bool(told)


def test_where_all_fare_badly_it_is_not_the_edition() -> None:
    """The store is slow for everybody, or a whole town gives up."""
    bad = counts(2_000, failed=400, begun=1_000, reached=300, complaints=40)
    assert not why_taken_back(counts(200, failed=42, begun=100, reached=29), bad, RULES)


def test_drop_outs_are_held_against_others_only() -> None:
    """Where there are none, nobody knows how many are usual; what fails, fails."""
    nobody = Counts({})
    assert not why_taken_back(counts(300, begun=300, reached=10), nobody, RULES)
    assert "0.0 % (0 of 0)" in why_taken_back(counts(300, failed=300), nobody, RULES)


@given(st.integers(0, 2_000), st.integers(1, 2_000), st.floats(0.1, 50))
def test_the_same_share_is_never_worse(bad: int, of: int, percent: float) -> None:
    rate = Rate(min(bad, of), of)
    assert not is_worse(rate, Rate(rate.bad * 3, of * 3), percent, 10)


@given(st.integers(0, 2**31), st.floats(0.05, 0.6))
def test_chance_alone_takes_nothing_back(seed: int, share: float) -> None:
    """Two editions that are alike, looked at after every hundred walks."""
    random = Random(seed)
    tried = theirs = of = 0
    for _ in range(20):
        of += 100
        tried += sum(random.random() < share for _ in range(100))
        theirs += sum(random.random() < share for _ in range(100))
    assert not is_worse(Rate(tried, of), Rate(theirs, of), RULES.dropouts, RULES.at_least)
