"""Files that are being taken into lists: their lines, what they would change, how far they are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

import orjson
from sqlalchemy import Connection, Row, delete, exists, func, insert, select, update

from gateway.model.customer_lists import (
    ImportCounts,
    ImportState,
    LineMistake,
    ListImport,
    NewEntry,
)
from gateway.security.encryption import Seal
from gateway.store.engine import Many
from gateway.store.tables import list_entries, list_import_lines, list_imports

_C: Final = list_imports.c
_LINES: Final = list_import_lines.c
_KEPT: Final = Many(list_import_lines, ["import_id", "msisdn", "line", "reason", "until_at"])
_MOST_KEYS: Final = 500  # of one statement


class SqlListImports:
    def __init__(self, connection: Connection, seal: Seal) -> None:
        self._connection = connection
        self._seal = seal

    def begin(
        self, type: str, origin: str, operator: str, reason: str, now: int, *, replaces: bool
    ) -> int:
        """Its id."""
        row = {
            "type": type, "origin": origin, "replaces": replaces, "operator": operator,
            "reason": reason, "state": ImportState.READING.value, "made_at": now,
        }  # fmt: skip
        fresh = insert(list_imports).returning(_C.id)
        return int(self._connection.execute(fresh, row).scalar_one())

    def lines_of(self, id: int, numbers: Collection[int]) -> dict[int, int]:
        """Which of these numbers the file has had already, and on which line."""
        wanted, found = sorted(numbers), dict[int, int]()
        for start in range(0, len(wanted), _MOST_KEYS):
            some = wanted[start : start + _MOST_KEYS]
            query = select(_LINES.msisdn, _LINES.line).where(
                _LINES.import_id == id, _LINES.msisdn.in_(some)
            )
            found |= {int(number): int(line) for number, line in self._connection.execute(query)}
        return found

    def keep(self, id: int, lines: Sequence[tuple[int, NewEntry]]) -> None:
        _KEPT.put(
            self._connection,
            [(id, int(one.number), line, one.reason, one.until) for line, one in lines],
        )

    def ready(
        self, id: int, counts: ImportCounts, mistakes: Sequence[LineMistake], fingerprint: str
    ) -> None:
        sealed = self._seal.seal(orjson.dumps([list(one) for one in mistakes]).decode())
        self._change(
            id, state=ImportState.READY.value, fingerprint=fingerprint, mistakes_sealed=sealed,
            **counts._asdict(),
        )  # fmt: skip

    def move(self, id: int, state: ImportState, *, done_to: int = 0, applied_at: int = 0) -> None:
        self._change(id, state=state.value, done_to=done_to, applied_at=applied_at)

    def _change(self, id: int, **values: object) -> None:
        self._connection.execute(update(list_imports).where(_C.id == id).values(values))

    def find(self, id: int, *, lock: bool = False) -> ListImport | None:
        """`lock`: nobody else goes on with it until the transaction ends."""
        query = select(list_imports).where(_C.id == id)
        row = self._connection.execute(query.with_for_update() if lock else query).first()
        return self._import(row) if row else None

    def newest(self, limit: int, type: str = "") -> list[ListImport]:
        query = select(list_imports).order_by(_C.id.desc()).limit(limit)
        if type:
            query = query.where(_C.type == type)
        return [self._import(row) for row in self._connection.execute(query)]

    def overtaken(self, one: ListImport) -> bool:
        """Whether a file that was looked at later has been taken into the same list."""
        later = (_C.id > one.id) & (_C.type == one.type) & (_C.origin == one.origin)
        begun = _C.state.in_([ImportState.APPLYING.value, ImportState.APPLIED.value])
        query = select(_C.id).where(later, begun).limit(1)
        return self._connection.execute(query).first() is not None

    def lines(self, id: int, after: int, limit: int) -> list[NewEntry]:
        """Behind a number, in their order."""
        query = (
            select(list_import_lines)
            .where(_LINES.import_id == id, _LINES.msisdn > after)
            .order_by(_LINES.msisdn)
            .limit(limit)
        )
        return [
            NewEntry(str(row.msisdn), row.reason, int(row.until_at))
            for row in self._connection.execute(query)
        ]

    def left_out(self, one: ListImport, now: int, limit: int) -> list[int]:
        """Who is in the list of this origin, and not in the file."""
        columns = list_entries.c
        here = exists().where(_LINES.import_id == one.id, _LINES.msisdn == columns.msisdn)
        query = (
            select(columns.msisdn)
            .where(*_runs(one.type, one.origin, now), ~here)
            .order_by(columns.msisdn)
            .limit(limit)
        )
        return [int(number) for (number,) in self._connection.execute(query)]

    def size(self, type: str, origin: str, now: int) -> int:
        query = select(func.count()).select_from(list_entries).where(*_runs(type, origin, now))
        return int(self._connection.execute(query).scalar_one())

    def forget_lines(self, id: int, limit: int) -> int:
        """How many of at most so many."""
        some = select(_LINES.msisdn).where(_LINES.import_id == id).limit(limit)
        gone = delete(list_import_lines).where(_LINES.import_id == id, _LINES.msisdn.in_(some))
        return self._connection.execute(gone).rowcount

    def stale(self, before: int) -> list[int]:
        """Looked at before then, and neither taken in nor begun to be."""
        waiting = _C.state.in_([ImportState.READING.value, ImportState.READY.value])
        query = select(_C.id).where(waiting, _C.made_at < before)
        return [int(id) for (id,) in self._connection.execute(query)]

    def _import(self, row: Row[Any]) -> ListImport:
        told = orjson.loads(self._seal.open(row.mistakes_sealed)) if row.mistakes_sealed else []
        return ListImport(
            int(row.id), row.type, row.origin, bool(row.replaces), row.operator, row.reason,
            ImportState(row.state),
            ImportCounts(*(int(getattr(row, name)) for name in ImportCounts._fields)),
            tuple(LineMistake(*one) for one in told),
            int(row.made_at), int(row.applied_at), row.fingerprint, int(row.done_to),
        )  # fmt: skip


def _runs(type: str, origin: str, now: int) -> tuple[Any, ...]:
    columns = list_entries.c
    open_now = (columns.until_at == 0) | (columns.until_at > now)
    return columns.type == type, columns.origin == origin, columns.ended_at == 0, open_now
