"""By when something is done: day and night, in working hours, on days that are worked."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.model.care.due_times import due_after
from commands.model.care.ticket_rules import Promise
from commands.model.daily_hours import DailyHours, daily_hours, minute_of_day
from tariffs.catalogue import SHANGHAI
from tests.commands.fakes import own_conf

HOURS = daily_hours("8:30-18:00")
HOLIDAYS = own_conf().holidays


def due(asked: str, promise: Promise, hours: DailyHours = HOURS) -> str:
    now = int(datetime.fromisoformat(asked).replace(tzinfo=SHANGHAI).timestamp())
    found = due_after(now, promise, SHANGHAI, HOLIDAYS, hours)
    return f"{datetime.fromtimestamp(found, SHANGHAI):%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("asked", "hours", "expected"),
    [
        ("2026-11-24T10:00", 2, "11-24 12:00"),
        ("2026-11-24T07:00", 2, "11-24 10:30"),
        ("2026-11-24T17:00", 2, "11-25 09:30"),
        ("2026-11-24T20:00", 2, "11-25 10:30"),
        ("2026-11-27T17:30", 1, "11-30 09:00"),  # Friday to Monday
        ("2026-09-30T17:00", 2, "10-08 09:30"),  # 国庆节
        ("2026-10-09T17:00", 2, "10-10 09:30"),  # a Saturday that is worked
        ("2026-11-24T08:30", 20, "11-26 09:30"),
    ],
)
def test_working_hours(asked: str, hours: int, expected: str) -> None:
    assert due(asked, Promise(working_seconds=hours * 3600)) == expected


def test_day_and_night_and_days_that_are_worked() -> None:
    assert due("2026-11-27T22:00", Promise(48 * 3600)) == "11-29 22:00"
    assert due("2026-11-27T22:00", Promise(working_days=2)) == "12-01 22:00"


@given(st.integers(1_790_000_000, 1_800_000_000), st.integers(1, 400), st.integers(0, 400))
def test_more_takes_longer_and_ends_while_people_work(now: int, less: int, more: int) -> None:
    found = [
        due_after(now, Promise(working_seconds=60 * minutes), SHANGHAI, HOLIDAYS, HOURS)
        for minutes in (less, less + more)
    ]
    assert now + less * 60 <= found[0] <= found[1]
    ends = datetime.fromtimestamp(found[0], SHANGHAI)
    minute = minute_of_day(found[0] - 1, SHANGHAI)
    assert HOURS.at(minute)
    assert HOLIDAYS.works((ends - timedelta(seconds=1)).date())
