"""Which days are holidays, and which Saturdays and Sundays are worked for them (调休)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Final, NamedTuple

from pydantic import AfterValidator, Field

from tariffs.file_problem import FileProblem
from tariffs.rows import NameRow, StrictRow

_FRIDAY: Final = 5
_MOST: Final = 31  # days that a holiday can have


def _date(written: str) -> str:
    date.fromisoformat(written)
    return written


Day = Annotated[str, Field(pattern=r"^20[0-9]{2}-[0-9]{2}-[0-9]{2}$"), AfterValidator(_date)]


class HolidayRow(StrictRow):
    name: NameRow
    first: Day = Field(alias="from")
    to: Day


class HolidaySheet(StrictRow):
    """conf/holidays.yaml."""

    holidays: list[HolidayRow]
    workdays: list[Day]


class DayKind(NamedTuple):
    """As menus see a day. `weekday` is 1 to 7, a Friday's for a weekend's day that is worked."""

    weekday: int
    holiday: bool


@dataclass(frozen=True, slots=True)
class Holidays:
    days: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()

    def of(self, day: date) -> DayKind:
        weekday = day.isoweekday()
        return DayKind(min(weekday, _FRIDAY) if day in self.worked else weekday, day in self.days)

    def works(self, day: date) -> bool:
        """commands.model.hall.Workdays."""
        kind = self.of(day)
        return kind.weekday <= _FRIDAY and not kind.holiday


NO_HOLIDAYS: Final = Holidays()


def holidays(sheet: HolidaySheet) -> Holidays:
    days = frozenset(day for row in sheet.holidays for day in _days(row))
    return Holidays(days, frozenset(map(date.fromisoformat, sheet.workdays)))


def _days(row: HolidayRow) -> Iterator[date]:
    first = date.fromisoformat(row.first)
    length = (date.fromisoformat(row.to) - first).days + 1
    return (first + timedelta(n) for n in range(min(length, _MOST)))


def problems(sheet: HolidaySheet) -> Iterator[FileProblem]:
    found = holidays(sheet)
    seen: dict[date, str] = {}
    for position, row in enumerate(sheet.holidays):
        length = (date.fromisoformat(row.to) - date.fromisoformat(row.first)).days + 1
        if not 0 < length <= _MOST:
            what = f"{row.name.zh} has {length} days"
            yield FileProblem(("holidays", position, "to"), what, "Put the last day of it")
        for day in _days(row):
            if seen.setdefault(day, row.name.zh) != row.name.zh:
                what = f"{day} belongs to {seen[day]} too"
                yield FileProblem(("holidays", position, "from"), what, "Correct one of both")
                break
    for position, written in enumerate(sheet.workdays):
        day = date.fromisoformat(written)
        if day in found.days:
            what = f"{written} is a holiday and a working day"
            yield FileProblem(("workdays", position), what, "Take it out of one of both")
        elif day.isoweekday() <= _FRIDAY:
            what = f"{written} is a working day anyway"
            yield FileProblem(("workdays", position), what, "Only Saturdays and Sundays stand here")
