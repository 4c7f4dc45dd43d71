"""By when something is done that is promised in hours, working hours, or days that are worked."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from typing import Final

from commands.model.care.ticket_rules import Promise
from commands.model.daily_hours import DailyHours, Workdays

_MOST_DAYS: Final = 3_650  # looked ahead; a calendar without a working day would have no end


def due_after(
    now: int, promise: Promise, zone: tzinfo, workdays: Workdays, hours: DailyHours
) -> int:
    """Seconds since 1970."""
    due = now + promise.seconds
    if promise.working_days:
        due = working_days_after(due, promise.working_days, zone, workdays)
    if promise.working_seconds:
        due = _working_seconds_after(due, promise.working_seconds, zone, workdays, hours)
    return due


def working_days_after(now: int, days: int, zone: tzinfo, workdays: Workdays) -> int:
    """The same hour, so many days later that are worked."""
    there = datetime.fromtimestamp(now, zone)
    for _ in range(_MOST_DAYS):
        if not days:
            break
        there += timedelta(days=1)
        days -= workdays.works(there.date())
    return int(there.timestamp())


def _working_seconds_after(
    now: int, wanted: int, zone: tzinfo, workdays: Workdays, hours: DailyHours
) -> int:
    """So many seconds of the hours of days that are worked lie between."""
    day = datetime.fromtimestamp(now, zone).replace(hour=0, minute=0, second=0, microsecond=0)
    for _ in range(_MOST_DAYS):
        if workdays.works(day.date()):
            opens = _at(day, hours.opens)
            closes = _at(day, hours.closes)
            begins = max(now, opens)
            if closes - begins >= wanted:
                return begins + wanted
            wanted -= max(0, closes - begins)
        day += timedelta(days=1)
    return now + wanted


def _at(day: datetime, minute: int) -> int:
    if minute >= 24 * 60:
        return int((day + timedelta(days=1)).timestamp())
    return int(day.replace(hour=minute // 60, minute=minute % 60).timestamp())
