"""Figures as they are kept: an hour or a day is put in the place of what was there, as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

import orjson
from sqlalchemy import Connection, Table, delete, func, insert, select

from gateway.config.time_zone import day_number
from gateway.model.figures import CALL, MESSAGE, SCREEN, Group, Tally, UnclearText
from gateway.security.encryption import Seal
from gateway.store.engine import inserting
from gateway.store.tables import (
    figure_texts,
    figures_by_day,
    figures_by_hour,
    figures_counted,
    menu_use,
    meta,
)

SINCE: Final = "figures since"  # in meta
HOUR_SPAN: Final = "hour"
DAY_SPAN: Final = "day"
_TABLES: Final = {HOUR_SPAN: figures_by_hour, DAY_SPAN: figures_by_day}
_GROUPS: Final = Group._fields


class Counted(NamedTuple):
    """Until when an hour or a day was counted, and whether anything later can change it."""

    ms: int
    final: bool


class KeptFigures:
    def __init__(self, connection: Connection, seal: Seal) -> None:
        self._connection = connection
        self._seal = seal

    # -- what has been counted -------------------------------------------------------------------

    def counted(self, span: str, begins: int, ends: int) -> dict[int, Counted]:
        """By the second that they begin with."""
        columns = figures_counted.c
        within = (columns.span == span) & columns.start.between(begins, ends - 1)
        query = select(columns.start, columns.counted_ms, columns.final).where(within)
        return {start: Counted(ms, final) for start, ms, final in self._connection.execute(query)}

    def claim(self, span: str, start: int, counted: Counted) -> bool:
        """Before it is replaced: whoever counts the same waits here. False, if it has been counted
        later than this, or for good."""
        columns = figures_counted.c
        row = {"span": span, "start": start, "counted_ms": counted.ms, "final": counted.final}
        mine = inserting(self._connection, figures_counted).values(row)
        older = (columns.counted_ms < counted.ms) & (columns.final.is_(False))
        kept = mine.on_conflict_do_update(
            index_elements=["span", "start"],
            set_={"counted_ms": counted.ms, "final": counted.final},
            where=older,
        ).returning(columns.start)
        return self._connection.execute(kept).first() is not None

    # -- hours and days --------------------------------------------------------------------------

    def replace(self, span: str, start: int, tally: Tally) -> None:
        table = _TABLES[span]
        self._connection.execute(delete(table).where(table.c.start == start))
        rows = [
            dict(zip(_GROUPS, group, strict=True))
            | {"start": start, "times": times, "amount": tally.amounts[group]}
            for group, times in tally.times.items()
        ]
        if rows:
            self._connection.execute(insert(table), rows)

    def total(self, days: Iterable[int], hours: Iterable[int]) -> Tally:
        """Of these days, and of these hours."""
        tally = Tally()
        for span, starts in ((DAY_SPAN, list(days)), (HOUR_SPAN, list(hours))):
            if starts:
                tally.include(self._sum(_TABLES[span], starts))
        return tally

    def by_hour(self, hours: range) -> dict[int, Tally]:
        found: dict[int, Tally] = {}
        columns = figures_by_hour.c
        within = columns.start.between(hours.start, hours.stop - 1)
        for row in self._connection.execute(select(figures_by_hour).where(within)):
            start, *group, times, amount = row
            found.setdefault(start, Tally()).add(Group(*group), times, amount)
        return found

    def course(self, span: str, starts: Sequence[int]) -> dict[int, Tally]:
        """Messages and calls of each of these hours or days, by channel and how they ended."""
        table, found = _TABLES[span], dict[int, Tally]()
        columns = table.c
        wanted = (columns.figure, columns.channel, columns.what, columns.detail)
        query = select(columns.start, *wanted, func.sum(columns.times), func.sum(columns.amount))
        some = columns.start.in_(starts) & columns.figure.in_((MESSAGE, CALL))
        for row in self._connection.execute(query.where(some).group_by(columns.start, *wanted)):
            start, figure, channel, what, detail, times, amount = row
            group = Group(figure, channel, what=what, detail=detail)
            found.setdefault(start, Tally()).add(group, int(times), int(amount))
        return found

    def _sum(self, table: Table, starts: list[int]) -> Tally:
        columns = [table.c[name] for name in _GROUPS]
        query = select(*columns, func.sum(table.c.times), func.sum(table.c.amount))
        query = query.where(table.c.start.in_(starts)).group_by(*columns)
        tally = Tally()
        for *group, times, amount in self._connection.execute(query):
            tally.add(Group(*group), int(times), int(amount))
        return tally

    def screens(self, day: date) -> Tally:
        """How often screens were seen and options taken on a day, as menus count them."""
        columns, tally = menu_use.c, Tally()
        for row in self._connection.execute(select(menu_use).where(columns.day == day_number(day))):
            tally.add(Group(SCREEN, row.channel, what=row.what, detail=row.version), row.times)
        return tally

    def since(self) -> int:
        """When the store began to keep how calls went, why messages were refused, and offers."""
        query = select(meta.c.value).where(meta.c.name == SINCE)
        return int(self._connection.execute(query).scalar() or 0)

    # -- texts -----------------------------------------------------------------------------------

    def replace_texts(self, start: int, ends: int, texts: Iterable[UnclearText]) -> None:
        """Of an hour or a whole day."""
        there = figure_texts.c.start.between(start, ends - 1)
        self._connection.execute(delete(figure_texts).where(there))
        rows = [
            {
                "start": start,
                "text_mark": self._seal.mark("unclear", each.text),
                "text_sealed": self._seal.seal(each.text),
                "times": each.times,
                "then": orjson.dumps(each.then).decode(),
            }
            for each in texts
        ]
        if rows:
            self._connection.execute(insert(figure_texts), rows)

    def texts(self, begins: int, ends: int, most: int) -> list[UnclearText]:
        """The most frequent."""
        columns = figure_texts.c
        within = columns.start.between(begins, ends - 1)
        times = func.sum(columns.times)
        query = select(columns.text_mark, times, func.min(columns.start)).where(within)
        top = query.group_by(columns.text_mark).order_by(times.desc(), columns.text_mark)
        found = self._connection.execute(top.limit(most)).all()
        then = self._then(within & columns.text_mark.in_([mark for mark, *_ in found]))
        return [UnclearText(then[mark][0], int(count), then[mark][1]) for mark, count, _ in found]

    def _then(self, which: object) -> Mapping[str, tuple[str, dict[str, int]]]:
        columns, found = figure_texts.c, dict[str, tuple[str, dict[str, int]]]()
        query = select(columns.text_mark, columns.text_sealed, columns.then)
        for mark, sealed, then in self._connection.execute(query.where(which)):  # type: ignore[arg-type]
            if mark not in found:
                found[mark] = (self._seal.open(sealed), {})
            for action, times in orjson.loads(then).items():
                found[mark][1][action] = found[mark][1].get(action, 0) + times
        return found
