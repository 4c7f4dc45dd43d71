"""A period on the hall's wall clock, and how its two ends are written.

    2026-12-03           a day: from its first moment, until its last
    2026-12-03 02:00     a moment: from it on, until it and no longer

So `from: 2026-12-03` with `until: 2026-12-03` is one whole day, and a period that ends at a moment
and one that begins at it have none in common.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

DAY: Final = 24 * 60  # minutes
NEVER: Final = 9999 * 366 * DAY
_WRITTEN: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ]([0-9]{2}):([0-9]{2})(?::00)?)?")
_HOW: Final = 'a moment is written like 2026-12-03 or "2026-12-03 02:00"'


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """From a minute up to, but not at, another: minutes of the wall clock since the year 1."""

    begins: int = 0
    ends: int = NEVER

    def holds(self, minute: int) -> bool:
        return self.begins <= minute < self.ends

    @property
    def is_empty(self) -> bool:
        return self.begins >= self.ends

    def meets(self, other: TimeSpan) -> bool:
        """Whether there is a moment in both."""
        return max(self.begins, other.begins) < min(self.ends, other.ends)

    def __str__(self) -> str:
        """2026-12-03 02:00 to 2026-12-03 04:00."""
        first = f"from {written(self.begins)}" if self.begins else ""
        last = f"to {written(self.ends)}" if self.ends < NEVER else ""
        return " ".join(part for part in (first, last) if part)


ALWAYS: Final = TimeSpan()


def minute_of(moment: datetime) -> int:
    """Of the wall clock that the moment is told by."""
    return moment.toordinal() * DAY + moment.hour * 60 + moment.minute


def written(minute: int) -> str:
    """A minute as conf/ writes it."""
    day, rest = divmod(minute, DAY)
    return f"{date.fromordinal(day)} {rest // 60:02}:{rest % 60:02}"


def minute_at(seconds: float, zone: tzinfo) -> int:
    """Of the wall clock of a zone, at so many seconds since 1970."""
    return minute_of(datetime.fromtimestamp(seconds, zone))


def seconds_at(minute: int, zone: tzinfo) -> int:
    """A minute of the wall clock in seconds since 1970; 0 for the beginning of time."""
    if not minute:
        return 0
    day, rest = divmod(minute, DAY)
    midnight = datetime.combine(date.fromordinal(day), datetime.min.time(), zone)
    return int((midnight + timedelta(minutes=rest)).timestamp())


def begin_of(moment: object) -> int:
    """The first minute of what is written as `from`. Raises ValueError."""
    day, minutes = _read(moment)
    return day.toordinal() * DAY + (minutes or 0)


def end_of(moment: object) -> int:
    """The minute after the last of what is written as `until`. Raises ValueError."""
    day, minutes = _read(moment)
    return day.toordinal() * DAY + (DAY if minutes is None else minutes)


def _read(moment: object) -> tuple[date, int | None]:
    """The day, and the minute of it, if one is written."""
    if isinstance(moment, datetime):
        if moment.tzinfo is not None or moment.second or moment.microsecond:
            raise ValueError(f"the hall's own clock counts, to the minute; {_HOW}")
        return _known(moment.date()), moment.hour * 60 + moment.minute
    if isinstance(moment, date):
        return _known(moment), None
    found = _WRITTEN.fullmatch(moment) if isinstance(moment, str) else None
    if found is None:
        raise ValueError(f"this is no moment; {_HOW}")
    try:
        day = date.fromisoformat(found[1])
    except ValueError:
        raise ValueError(f"there is no such day as {found[1]}; {_HOW}") from None
    if found[2] is None:
        return _known(day), None
    hour, minute = int(found[2]), int(found[3])
    if minute > 59 or hour * 60 + minute > DAY:
        raise ValueError(f"there is no such hour as {found[2]}:{found[3]}; {_HOW}")
    return _known(day), hour * 60 + minute


def _known(day: date) -> date:
    if not 2000 <= day.year < 2100:
        raise ValueError(f"the year {day.year} cannot be meant; {_HOW}")
    return day
