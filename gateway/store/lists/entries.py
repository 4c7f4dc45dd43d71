"""Who is in which list. Entries end by themselves, or are taken out; none is deleted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, case, select, text, update

from gateway.model.customer_lists import ListEntry, NewEntry
from gateway.store.engine import inserting
from gateway.store.tables import list_entries, list_types

_C: Final = list_entries.c
_RUNNING: Final = ["msisdn", "type", "origin"]
_PAGE: Final = 2_000  # rows read at once
_MOST_KEYS: Final = 500  # of one statement


@dataclass(frozen=True, slots=True)
class EntryQuery:
    """Which entries are asked for; empty: any. `origin` None: of whomever."""

    type: str = ""
    number: str = ""
    origin: str | None = None
    past: bool = False  # also those that have ended
    after: int = 0  # behind this entry


class SqlListEntries:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def running(self, type: str, origin: str, numbers: Iterable[int]) -> dict[int, ListEntry]:
        """Those that were not taken out, of these numbers; they may have ended by themselves."""
        found: dict[int, ListEntry] = {}
        wanted = sorted(numbers)
        for start in range(0, len(wanted), _MOST_KEYS):
            some = wanted[start : start + _MOST_KEYS]
            query = select(list_entries).where(_in(type, origin), _C.msisdn.in_(some))
            found |= {int(row.msisdn): entry_of(row) for row in self._connection.execute(query)}
        return found

    def put(
        self, type: str, origin: str, entries: Sequence[NewEntry], operator: str, now: int,
        import_id: int = 0,
    ) -> None:  # fmt: skip
        """New ones, or with another reason and end; what is as it was stays. An entry that has
        ended by itself begins anew."""
        if not entries:
            return
        rows = [
            {
                "type": type, "msisdn": int(entry.number), "origin": origin,
                "reason": entry.reason, "operator": operator, "since_at": now,
                "until_at": entry.until, "import_id": import_id,
            }
            for entry in sorted(entries)  # two who write never wait for each other in a ring
        ]  # fmt: skip
        fresh = inserting(self._connection, list_entries)
        given = fresh.excluded
        over = (_C.until_at != 0) & (_C.until_at <= now)
        self._connection.execute(
            fresh.on_conflict_do_update(
                index_elements=_RUNNING,
                index_where=text("ended_at = 0"),
                set_={
                    "reason": given.reason, "operator": given.operator,
                    "until_at": given.until_at, "import_id": given.import_id,
                    "since_at": _since(over, given.since_at),
                },
                where=(_C.reason != given.reason) | (_C.until_at != given.until_at) | over,
            ),
            rows,
        )  # fmt: skip

    def end(
        self, type: str, origin: str, numbers: Iterable[int], operator: str, reason: str, now: int
    ) -> list[str]:
        """Taken out; who of them was in it."""
        ended: list[str] = []
        wanted = sorted(numbers)
        over = {"ended_at": now, "ended_by": operator, "ended_reason": reason}
        for start in range(0, len(wanted), _MOST_KEYS):
            mine = _in(type, origin) & _C.msisdn.in_(wanted[start : start + _MOST_KEYS])
            query = update(list_entries).where(mine).values(over).returning(_C.msisdn)
            ended += [str(number) for (number,) in self._connection.execute(query)]
        return ended

    def find(self, wanted: EntryQuery, limit: int, now: int) -> list[tuple[int, ListEntry]]:
        """With their ids, in the order of these."""
        query = _matching(wanted, now).order_by(_C.id).limit(limit)
        return [(int(row.id), entry_of(row)) for row in self._connection.execute(query)]

    def all(self, type: str, origin: str | None, now: int) -> Iterator[ListEntry]:
        """Everybody who is in a list now, in the order of their numbers, however many there are:
        a page at a time."""
        after: tuple[int, str] = (0, "")
        query = _matching(EntryQuery(type, origin=origin), now)
        query = query.order_by(_C.msisdn, _C.origin).limit(_PAGE)
        while True:
            number, whose = after
            behind = (_C.msisdn > number) | ((_C.msisdn == number) & (_C.origin > whose))
            rows = self._connection.execute(query.where(_C.msisdn >= number, behind)).all()
            yield from map(entry_of, rows)
            if len(rows) < _PAGE:
                return
            after = (int(rows[-1].msisdn), str(rows[-1].origin))


def numbers_in(
    connection: Connection, types: Sequence[str], now: int, after: int = 0, limit: int = _PAGE
) -> list[str]:
    """Who is in any of these lists now, each once, in order, behind the number `after`: for who
    goes through a list page by page, in transactions of his own. A closed type has nobody."""
    query = (
        select(_C.msisdn)
        .join(list_types, list_types.c.number == _C.type)
        .where(
            _C.type.in_(types), list_types.c.closed_at == 0, _C.ended_at == 0,
            (_C.until_at == 0) | (_C.until_at > now), _C.msisdn > after,
        )
        .distinct()
        .order_by(_C.msisdn)
        .limit(limit)
    )  # fmt: skip
    return [str(number) for (number,) in connection.execute(query)]


def entry_of(row: Row[Any]) -> ListEntry:
    return ListEntry(
        row.type, str(row.msisdn), row.origin, row.reason, row.operator, int(row.since_at),
        int(row.until_at), int(row.ended_at), row.ended_by, row.ended_reason,
    )  # fmt: skip


def _in(type: str, origin: str) -> ColumnElement[bool]:
    return (_C.type == type) & (_C.origin == origin) & (_C.ended_at == 0)


def _since(over: ColumnElement[bool], now: ColumnElement[int]) -> ColumnElement[int]:
    return case((over, now), else_=_C.since_at)


def _matching(wanted: EntryQuery, now: int) -> Select[Any]:
    query = select(list_entries)
    if wanted.type:
        query = query.where(_C.type == wanted.type)
    if wanted.number:
        query = query.where(_C.msisdn == int(wanted.number))
    if wanted.origin is not None:
        query = query.where(_C.origin == wanted.origin)
    if not wanted.past:
        runs = (_C.until_at == 0) | (_C.until_at > now)
        query = query.where(_C.ended_at == 0, runs)
    if wanted.after:
        query = query.where(_C.id > wanted.after)
    return query
