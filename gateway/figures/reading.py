"""Reading what was counted of a period, for its report."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from gateway.figures.report import MOST_TEXTS, Period, PeriodCounts
from gateway.model.figures import LocalDays, Tally
from gateway.store.connection import Connection
from gateway.store.figures.kept import DAY_SPAN, HOUR_SPAN, Counted, KeptFigures
from gateway.store.store import Store

_NOTHING: Final = Tally()


class _Spans(NamedTuple):
    """Days that were counted for good, and of the others their hours, by day."""

    days: dict[int, str]
    hours: dict[int, str]
    returns_until: str


def read_period(store: Store, connection: Connection, period: Period) -> PeriodCounts:
    """Final days as days, the others by their hours."""
    days = LocalDays(store.calendar.zone)
    kept = KeptFigures(connection, store.seal)
    begins, ends = days.begins(period.first), days.ends(period.last)
    hours = kept.counted(HOUR_SPAN, begins, ends)
    spans = _spans(period, days, kept.counted(DAY_SPAN, begins, ends), hours)
    tally = kept.total(spans.days, spans.hours)
    for day in days.days(period.first, period.last):
        if days.begins(day) not in spans.days:
            tally.include(kept.screens(day))
    return PeriodCounts(
        tally=tally,
        steps=_steps(kept, period, days, spans),
        texts=kept.texts(begins, ends, MOST_TEXTS),
        counted=bool(spans.days or hours),
        details=kept.since() < ends,
        until=_until(hours, spans, ends, store),
        returns_until=spans.returns_until,
    )


def _spans(
    period: Period, days: LocalDays, whole: dict[int, Counted], hours: dict[int, Counted]
) -> _Spans:
    final: dict[int, str] = {}
    parts: dict[int, str] = {}
    returns_until = ""
    for day in days.days(period.first, period.last):
        begins, name = days.begins(day), f"{day:%m-%d}"
        if begins in whole:
            final[begins] = name
            returns_until = day.isoformat()
        else:
            parts |= {start: name for start in days.hours(day) if start in hours}
    return _Spans(final, parts, returns_until)


def _steps(kept: KeptFigures, period: Period, days: LocalDays, spans: _Spans) -> dict[str, Tally]:
    """Of one day its hours, of several each of them; those that were counted, in order."""
    if period.first == period.last:
        hours = kept.course(HOUR_SPAN, days.hours(period.first))
        places = enumerate(days.hours(period.first))
        return {f"{place:02}": hours[start] for place, start in places if start in hours}
    steps: dict[str, Tally] = {}
    whole = kept.course(DAY_SPAN, list(spans.days))
    apart = kept.course(HOUR_SPAN, list(spans.hours))
    for start, name in sorted((spans.days | spans.hours).items()):
        found = whole if start in spans.days else apart
        steps.setdefault(name, Tally()).include(found.get(start, _NOTHING))
    return steps


def _until(hours: dict[int, Counted], spans: _Spans, ends: int, store: Store) -> str:
    """How far it was counted; empty, if nothing was."""
    if not hours and not spans.days:
        return ""
    last = max((counted.ms for counted in hours.values()), default=ends * 1000)
    moment = min(last // 1000, ends)
    return datetime.fromtimestamp(moment, store.calendar.zone).isoformat(timespec="minutes")
