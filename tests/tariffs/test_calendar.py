"""Months in the operator's time zone."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tariffs.calendar import month_begins, month_end, month_of, month_start, months_before

SHANGHAI = ZoneInfo("Asia/Shanghai")


def moment(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).timestamp())


@pytest.mark.parametrize(
    ("now", "start", "end"),
    [
        ("2026-11-21T21:30", "2026-11-01", "2026-12-01"),
        ("2026-12-31T23:59:59", "2026-12-01", "2027-01-01"),
        ("2027-01-01T00:00", "2027-01-01", "2027-02-01"),
        ("2028-02-29T07:00", "2028-02-01", "2028-03-01"),  # in Greenwich it is still the 28th
    ],
)
def test_a_month_begins_and_ends_at_midnight_there(now: str, start: str, end: str) -> None:
    """Eight hours before Greenwich."""
    assert month_start(moment(now), SHANGHAI) == moment(start)
    assert month_end(moment(now), SHANGHAI) == moment(end)


@given(st.integers(min_value=0, max_value=4_000_000_000))
def test_every_moment_lies_in_its_month(now: int) -> None:
    """And the next month begins where this one ends."""
    end = month_end(now, SHANGHAI)
    assert month_start(now, SHANGHAI) <= now < end
    assert month_start(end, SHANGHAI) == end


@pytest.mark.parametrize(
    ("month", "count", "before"),
    [(202611, 0, 202611), (202611, 6, 202605), (202601, 1, 202512), (202612, 12, 202512),
     (202603, 15, 202412)],
)  # fmt: skip
def test_months_are_counted_back_over_years(month: int, count: int, before: int) -> None:
    """January is preceded by the December of the year before."""
    assert months_before(month, count) == before


@given(st.integers(min_value=0, max_value=4_000_000_000))
def test_a_months_number_and_its_first_moment_agree(now: int) -> None:
    """In the operator's zone."""
    month = month_of(now, SHANGHAI)
    assert month_begins(month, SHANGHAI) == month_start(now, SHANGHAI)
    assert month_of(month_start(now, SHANGHAI) - 1, SHANGHAI) == months_before(month, 1)
