"""Rolling up: the journal counted hour by hour, and each day once more when it is settled.

  an hour is over ─▶ counted
  a day after its day ─▶ the whole day counted again, now with who had to come back ─▶ final

Counting only reads, beside whoever serves. What was counted is put in the place of what was there
in a short transaction of its own: a crash leaves the old or the new, and who counts the same at the
same time puts the same there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from sqlalchemy import Connection, func, select

from gateway.model.figures import HOUR, FigureGroups, LocalDays, Tally
from gateway.model.message_id import moment_of
from gateway.store.figures.journal import CountedSpan, JournalCount
from gateway.store.figures.kept import DAY_SPAN, HOUR_SPAN, Counted, KeptFigures
from gateway.store.figures.unclear import UnclearTexts
from gateway.store.store import Store
from gateway.store.tables import calls, errands, inbox, orders, outbox, tickets

SETTLED: Final = 300
"""Seconds after which what came before is in the store, whichever gateway took it."""
DAY: Final = 24 * HOUR
_NOTHING: Final = Tally()
_NO_TEXTS: Final = UnclearTexts()


class DueCount(NamedTuple):
    """A piece of work: an hour or, if `day`, a whole day for good."""

    start: int
    day: date
    whole: bool = False


@dataclass(frozen=True, slots=True)
class RollUp:
    """`clock` tells seconds since 1970. `go_on` is called again and again while it counts, and may
    wait or raise: then that piece has not been counted."""

    store: Store
    groups: FigureGroups
    clock: Callable[[], float]
    go_on: Callable[[], None] = lambda: None

    @property
    def days(self) -> LocalDays:
        return LocalDays(self.store.calendar.zone)

    def catch_up(self, *, open_hour: bool = False) -> Iterator[date]:
        """Count what is due, piece by piece, oldest first; tells the day of each as it is done.
        With `open_hour` also the hour that is not over, as far as it has come."""
        for due in self.due(open_hour=open_hour):
            self.do(due)
            yield due.day

    def due(self, *, open_hour: bool = False) -> list[DueCount]:
        now, days = self.clock(), self.days
        with self.store.snapshot() as connection:
            first = oldest(connection)
            if first is None:
                return []
            begins = days.begins(days.day_of(first))
            kept = KeptFigures(connection, self.store.seal)
            hours = kept.counted(HOUR_SPAN, begins, int(now) + 1)
            whole = kept.counted(DAY_SPAN, begins, int(now) + 1)
        return list(_due(first, now, days, hours, whole, open_hour))

    def do(self, due: DueCount) -> None:
        if due.whole:
            self._count_day(due.day)
        else:
            self._count_hour(due)

    def _count_hour(self, due: DueCount) -> None:
        counted = Counted(int(self.clock() * 1000), False)
        span = self._counted(due.start, due.start + HOUR)
        self._keep_hour(due.start, span, counted)

    def _count_day(self, day: date) -> None:
        counted, days = Counted(int(self.clock() * 1000), True), self.days
        begins, ends = days.begins(day), days.ends(day)
        span = self._counted(begins, ends, final=True)
        total, texts = Tally(), UnclearTexts()
        for start in days.hours(day):
            self._keep_hour(start, span, counted)
            total.include(span.tallies.get(start, _NOTHING))
            texts.include(span.texts.get(start, _NO_TEXTS))
        with self.store.transaction() as connection:
            kept = KeptFigures(connection, self.store.seal)
            total.include(kept.screens(day))
            if kept.claim(DAY_SPAN, begins, counted):
                kept.replace(DAY_SPAN, begins, total)
                kept.replace_texts(begins, ends, texts.most_frequent())

    def _counted(self, begins: int, ends: int, *, final: bool = False) -> CountedSpan:
        with self.store.snapshot() as connection:
            days, seal = self.days, self.store.seal
            count = JournalCount(
                connection, seal, self.groups, days.hour_of, begins, ends, self.go_on
            )
            return count.all(final=final)

    def _keep_hour(self, start: int, span: CountedSpan, counted: Counted) -> None:
        with self.store.transaction() as connection:
            kept = KeptFigures(connection, self.store.seal)
            if not kept.claim(HOUR_SPAN, start, counted):
                return
            kept.replace(HOUR_SPAN, start, span.tallies.get(start, _NOTHING))
            texts = span.texts.get(start, _NO_TEXTS)
            kept.replace_texts(start, start + HOUR, texts.most_frequent())


def _due(
    first: float,
    now: float,
    days: LocalDays,
    hours: dict[int, Counted],
    whole: dict[int, Counted],
    open_hour: bool,
) -> Iterator[DueCount]:
    for day in days.days(days.day_of(first), days.day_of(now)):
        begins, ends = days.begins(day), days.ends(day)
        if begins in whole and whole[begins].final:
            continue
        if now >= ends + DAY + SETTLED:
            yield DueCount(begins, day, whole=True)
            continue
        for start in days.hours(day):
            settled, seen = start + HOUR + SETTLED, hours.get(start)
            counted = seen is not None and seen.ms >= settled * 1000
            if start + HOUR <= first or start > now or counted:
                continue
            if open_hour or now >= settled:
                yield DueCount(start, day)


def oldest(connection: Connection) -> float | None:
    """When the first of what is in the store came."""
    tables = (inbox, outbox, calls, orders, errands, tickets)
    ids = [connection.execute(select(func.min(table.c.id))).scalar() for table in tables]
    found = [id for id in ids if id is not None]
    return moment_of(min(found)) if found else None
