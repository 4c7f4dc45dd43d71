"""Ids rise strictly, carry their time, and name answers after what they answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.message_id import (
    COUNT_BITS,
    EPOCH_MS,
    REPLY_BITS,
    MessageIds,
    floor_at,
    message_of,
    moment_of,
    reply_id,
)

NOON = 1_795_233_600.0  # 21 November 2026, 12:00 in Shanghai
moments = st.floats(min_value=EPOCH_MS / 1000, max_value=EPOCH_MS / 1000 + 60 * 365 * 86_400)


class Wall:
    """A clock on the wall, which somebody may set."""

    def __init__(self, now: float = NOON) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@given(st.lists(moments, min_size=2, max_size=50), st.integers(0, 63))
def test_ids_rise_however_the_clock_is_set(times: list[float], copy: int) -> None:
    """Forward, back or standing still: the next id is always the higher one."""
    wall = Wall()
    ids = MessageIds(copy, wall)
    given = []
    for wall.now in times:
        given.append(ids.next())
    assert given == sorted(set(given))


def test_ids_rise_within_one_millisecond() -> None:
    """A busy millisecond borrows from the next when its numbers are used up."""
    ids = MessageIds(0, Wall())
    given = [ids.next() for _ in range(3 * (1 << COUNT_BITS))]
    assert given == sorted(set(given))
    assert moment_of(given[-1]) == pytest.approx(NOON, abs=0.005)


@given(moments)
def test_an_id_tells_when_it_was_given(now: float) -> None:
    """To the millisecond."""
    assert moment_of(MessageIds(5, Wall(now)).next()) == pytest.approx(now, abs=0.0011)


def test_after_a_start_ids_rise_above_those_of_the_last_run() -> None:
    """Even if the clock was set back an hour in between."""
    last = MessageIds(0, Wall(NOON)).next()
    again = MessageIds(0, Wall(NOON - 3600), after=last)
    assert last < again.next() < again.next()


def test_a_new_store_leaves_the_time_to_the_clock() -> None:
    """Nothing was given yet, so there is nothing to rise above."""
    assert moment_of(MessageIds(0, Wall(), after=0).next()) == NOON


@given(st.integers(0, 63), st.integers(0, 63), moments)
def test_two_copies_never_give_the_same_id(one: int, other: int, now: float) -> None:
    """The copy is in the id, with the same clock and the same count."""
    ids = {MessageIds(copy, Wall(now)).next() for copy in (one, other)}
    assert len(ids) == len({one, other})


@pytest.mark.parametrize("copy", [-1, 64])
def test_a_copy_must_fit_its_bits(copy: int) -> None:
    """Else it would run into the time."""
    with pytest.raises(ValueError, match=r"0\.\.63"):
        MessageIds(copy, Wall())


@given(moments, st.integers(1, 7))
def test_a_reply_is_named_after_its_message(now: float, count: int) -> None:
    """It sorts behind it, before the next message, and leads back to it."""
    ids = MessageIds(0, Wall(now))
    message, following = ids.next(), ids.next()
    reply = reply_id(message, count)
    assert message < reply < following
    assert message_of(reply) == message_of(message) == message


@pytest.mark.parametrize("count", [0, 1 << REPLY_BITS, -1])
def test_a_message_has_only_so_many_answers(count: int) -> None:
    """One more would be the next message's id."""
    with pytest.raises(ValueError, match="at most 7 answers"):
        reply_id(MessageIds(0, Wall()).next(), count)


@given(moments, st.floats(0.002, 3600))
def test_everything_below_the_floor_of_a_moment_is_older(now: float, later: float) -> None:
    """Ages are ranges of ids."""
    before, after = MessageIds(63, Wall(now)).next(), MessageIds(0, Wall(now + later)).next()
    floor = floor_at(now + later)
    assert before < floor <= after


def test_before_the_epoch_nothing_is_old() -> None:
    """A floor is never negative."""
    assert floor_at(0.0) == 0


def test_ids_fit_a_signed_64_bit_column_for_a_century() -> None:
    """BIGINT and SQLite's INTEGER end at 2**63."""
    hundred_years = EPOCH_MS / 1000 + 100 * 366 * 86_400
    assert MessageIds(63, Wall(hundred_years)).next() < 1 << 63
