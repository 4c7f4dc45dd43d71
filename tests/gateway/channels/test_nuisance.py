"""Calls for nothing are counted by number, for an hour."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gateway.channels.voice.nuisance import NuisanceLimit

HOUR = 3600.0


def test_so_many_calls_within_an_hour_are_one_too_many() -> None:
    """Until the first of them is an hour old."""
    limit = NuisanceLimit(3)
    for at in (0.0, 10.0, 20.0):
        assert not limit.refuses("13800138001", at)
        limit.count("13800138001", at)
    assert limit.refuses("13800138001", 21.0)
    assert limit.refuses("13800138001", HOUR - 1)
    assert not limit.refuses("13800138001", HOUR)
    assert not limit.refuses("13800138002", 21.0)


def test_nobody_in_particular_is_refused_never() -> None:
    """Who shows no number; and anybody, without a limit."""
    some, none = NuisanceLimit(1), NuisanceLimit(0)
    for at in range(9):
        some.count("", at)
        none.count("13800138001", at)
    assert not some.refuses("", 9)
    assert not none.refuses("13800138001", 9)


@given(st.lists(st.floats(0, 3 * HOUR), max_size=30), st.integers(1, 5))
def test_it_is_as_if_all_calls_were_counted(calls: list[float], most: int) -> None:
    """Though only so many are remembered."""
    limit, moments = NuisanceLimit(most), sorted(calls)
    for at in moments:
        limit.count("13800138001", at)
    now = moments[-1] if moments else 0.0
    expected = sum(now - at < HOUR for at in moments) >= most
    assert limit.refuses("13800138001", now) is expected
