"""When MOs are due."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.load import CappedPace, SteadyPace, UnboundedPace


def all_due(pace: SteadyPace, now: float) -> list[float]:
    due = []
    while (meant := pace.due(now, 0)) is not None:
        due.append(meant)
    return due


def test_a_cap_waits_for_answers_and_for_nothing_else():
    """At the limit only an answer makes the next one due."""
    cap = CappedPace(3)

    assert cap.due(5.0, 2) == 5.0
    assert cap.due(5.0, 3) is None
    assert cap.wait(5.0, 2) == 0.0
    assert cap.wait(5.0, 3) is None


def test_a_flood_never_waits():
    """Whatever is unanswered."""
    assert UnboundedPace().due(5.0, 1_000_000) == 5.0
    assert UnboundedPace().wait(5.0, 1_000_000) == 0.0


@given(st.floats(1, 20_000), st.lists(st.floats(0, 0.2), min_size=1, max_size=20))
def test_a_rate_means_its_mos_evenly_however_rarely_it_is_asked(rate: float, naps: list[float]):
    """A driver that overslept still counts from the moments that were meant."""
    pace, now, meant = SteadyPace(rate), 100.0, []
    for nap in naps:
        now += nap
        meant += all_due(pace, now)

    gaps = [later - earlier for earlier, later in pairwise(meant)]
    assert gaps == pytest.approx([1 / rate] * len(gaps), abs=1e-9)
    assert meant[-1] <= now
    assert now - meant[-1] < 1 / rate + 1e-9


def test_a_poisson_rate_is_right_on_average_and_the_same_each_time():
    """The chance is given, so a run can be repeated."""
    pace = SteadyPace(1000.0, random.Random(5))
    all_due(pace, 0.0)

    first = all_due(pace, 20.0)

    again = SteadyPace(1000.0, random.Random(5))
    all_due(again, 0.0)
    assert len(first) == pytest.approx(20_000, rel=0.03)
    assert all_due(again, 20.0) == first


def test_a_rate_tells_how_long_to_sleep():
    """Until the next moment meant, never longer, never below nothing."""
    pace = SteadyPace(10.0)
    all_due(pace, 1.0)

    assert pace.wait(1.04, 0) == pytest.approx(0.06)
    assert pace.wait(2.0, 0) == 0.0
