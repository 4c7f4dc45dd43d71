"""What conf/ says of times that are over: no mistake, for it was right once, but nobody reads it
any more, and somebody may have meant another year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import Final

from gateway.config.checked_yaml import Document, Finding
from periods.period import end_of, written
from tariffs.file_problem import FilePlace, FileProblem

_UNTIL: Final = "until"
_CALENDAR: Final = "holidays.yaml"


def over(read: Mapping[str, Document], now: int) -> list[Finding]:
    """`read`: the files of a conf/, by their names in it. `now`: a minute of the wall clock
    (periods.period)."""
    documents = read.values()
    found = [document.finding(one) for document in documents for one in _ended(document, now)]
    calendar = read.get(_CALENDAR)
    return [*found, *_calendar_ends(calendar, now)] if calendar is not None else found


def _ended(document: Document, now: int) -> Iterator[FileProblem]:
    for place, value in _values(document.data, ()):
        if not place or place[-1] != _UNTIL:
            continue
        with suppress(ValueError):  # an until of another kind
            if (end := end_of(value)) <= now:
                what = f"what is written here ended on {written(end)}: nobody sees it any more"
                yield FileProblem(place, what, "Take it out, or correct the year")


def _values(data: object, place: FilePlace) -> Iterator[tuple[FilePlace, object]]:
    """All that is neither a mapping nor a list."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _values(value, (*place, key))
    elif isinstance(data, list):
        for n, value in enumerate(data):
            yield from _values(value, (*place, n))
    else:
        yield place, data


def _calendar_ends(document: Document, now: int) -> Iterator[Finding]:
    """A calendar that has run out: then every weekday is worked, and no other day."""
    days = [value for _, value in _values(document.data, ()) if _is_day(value)]
    last = max(map(str, days), default="")
    if days and last < date.fromordinal(now // (24 * 60)).isoformat():
        what = f"the calendar ends on {last}: after it no day is a holiday"
        fix = "Add the days that the State Council has announced"
        yield document.finding(FileProblem(("holidays",), what, fix))


def _is_day(value: object) -> bool:
    with suppress(ValueError):
        return isinstance(value, str) and bool(date.fromisoformat(value))
    return False
