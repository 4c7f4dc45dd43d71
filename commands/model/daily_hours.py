"""Hours of the day: when an interface may act, when an operation is done, when one may disturb."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Final, Protocol

_DAY: Final = 24 * 60
_WRITTEN: Final = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])-([01]?[0-9]|2[0-4]):([0-5][0-9])")


@dataclass(frozen=True, slots=True)
class DailyHours:
    """From `opens` up to, but not at, `closes`: minutes after midnight in the operator's time zone.
    Where `closes` comes first, it is the next day's."""

    opens: int = 0
    closes: int = _DAY

    def at(self, minute: int) -> bool:
        if self.opens < self.closes:
            return self.opens <= minute < self.closes
        return minute >= self.opens or minute < self.closes

    def __str__(self) -> str:
        return f"{_clock(self.opens)}-{_clock(self.closes)}"


ALWAYS: Final = DailyHours()


def daily_hours(written: str) -> DailyHours:
    """8:00-18:00, 22:00-6:00. Raises ValueError."""
    found = _WRITTEN.fullmatch(written)
    if found is None or int(found[3]) * 60 + int(found[4]) > _DAY:
        raise ValueError("hours of the day are written like 8:00-18:00")
    read = DailyHours(int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4]))
    if read.opens == read.closes:
        raise ValueError("these hours are over as they begin; always is 0:00-24:00")
    return read


def minute_of_day(now: int, zone: tzinfo) -> int:
    there = datetime.fromtimestamp(now, zone)
    return there.hour * 60 + there.minute


def not_before_opening(moment: int, open_hours: DailyHours, zone: tzinfo) -> int:
    """`moment`, or if nobody may be disturbed then, the next moment when somebody may."""
    if open_hours.at(minute_of_day(moment, zone)):
        return moment
    there = datetime.fromtimestamp(moment, zone)
    opening = there.replace(
        hour=open_hours.opens // 60, minute=open_hours.opens % 60, second=0, microsecond=0
    )
    if opening < there:
        opening += timedelta(days=1)
    return int(opening.timestamp())


def _clock(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02}"


class Workdays(Protocol):
    def works(self, day: date) -> bool:
        """Whether people work on this day."""
        ...


class MondayToFriday:
    """Monday to Friday, all year round."""

    def works(self, day: date) -> bool:
        return day.isoweekday() <= _FRIDAY


_FRIDAY: Final = 5


WEEKDAYS: Final = MondayToFriday()
