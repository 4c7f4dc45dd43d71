"""How a period is written, and what is in it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from periods.period import (
    ALWAYS,
    NEVER,
    TimeSpan,
    begin_of,
    end_of,
    minute_at,
    minute_of,
    seconds_at,
    written,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")


def minute(moment: str) -> int:
    return minute_of(datetime.fromisoformat(moment))


def test_a_day_is_whole_and_a_moment_exact() -> None:
    day = TimeSpan(begin_of("2026-12-03"), end_of("2026-12-03"))
    assert not day.holds(minute("2026-12-02 23:59"))
    assert day.holds(minute("2026-12-03 00:00"))
    assert day.holds(minute("2026-12-03 23:59"))
    assert not day.holds(minute("2026-12-04 00:00"))
    night = TimeSpan(begin_of("2026-12-03 02:00"), end_of("2026-12-03T04:00"))
    assert [night.holds(minute(f"2026-12-03 {hour}")) for hour in ("01:59", "02:00", "03:59")] == [
        False, True, True,
    ]  # fmt: skip
    assert not night.holds(minute("2026-12-03 04:00"))
    assert str(night) == "from 2026-12-03 02:00 to 2026-12-03 04:00"


@pytest.mark.parametrize(
    ("moment", "as_text"),
    [
        (date(2026, 12, 3), "2026-12-03"),
        (datetime(2026, 12, 3, 2, 0), "2026-12-03 02:00"),
        ("2026-12-03 02:00:00", "2026-12-03 02:00"),
        ("2026-12-03 24:00", "2026-12-04 00:00"),
    ],
)
def test_a_moment_means_the_same_however_yaml_reads_it(moment: object, as_text: str) -> None:
    assert begin_of(moment) == begin_of(as_text)


@pytest.mark.parametrize(
    ("moment", "why"),
    [
        ("2026-02-31", "no such day"),
        ("2026-12-03 25:00", "no such hour"),
        ("2026-12-03 24:01", "no such hour"),
        ("2026-12-03 02:60", "no such hour"),
        ("12-03", "no moment"),
        ("2026-12-03 2:00", "no moment"),
        ("", "no moment"),
        (20261203, "no moment"),
        (True, "no moment"),
        (None, "no moment"),
        ("1026-12-03", "year 1026"),
        (datetime(2026, 12, 3, tzinfo=UTC), "own clock"),
        (datetime(2026, 12, 3, 1, 2, 3), "to the minute"),
    ],
)
def test_what_is_no_moment_is_told_with_how_one_is_written(moment: object, why: str) -> None:
    for read in (begin_of, end_of):
        with pytest.raises(ValueError, match=why) as told:
            read(moment)
        assert "2026-12-03" in str(told.value)


def test_a_moment_in_seconds_is_of_the_halls_clock() -> None:
    assert seconds_at(begin_of("2026-11-21 12:00"), SHANGHAI) == 1_795_233_600
    assert minute_at(1_795_233_600, SHANGHAI) == begin_of("2026-11-21 12:00")
    assert seconds_at(0, SHANGHAI) == 0


MINUTES = st.integers(begin_of("2000-01-01"), begin_of("2099-12-31"))
SPANS = st.builds(TimeSpan, MINUTES, MINUTES)


@given(SPANS, SPANS, MINUTES)
def test_two_that_share_a_moment_meet(one: TimeSpan, other: TimeSpan, at: int) -> None:
    if one.holds(at) and other.holds(at):
        assert one.meets(other)
    assert one.is_empty is not any(
        one.holds(m) for m in (one.begins, one.ends - 1) if one.begins < one.ends
    )
    assert ALWAYS.holds(at)
    assert TimeSpan(at, NEVER).holds(at)


@given(MINUTES)
def test_what_is_written_is_read_again(at: int) -> None:
    assert begin_of(written(at)) == at
    assert end_of(written(at)) == at
    there = datetime.fromtimestamp(seconds_at(at, SHANGHAI), SHANGHAI)
    assert minute_of(there) == at
