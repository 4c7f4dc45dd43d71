"""Types of lists: added, changed, closed; never deleted."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from gateway.model.customer_lists import ListType
from gateway.store.tables import list_entries, list_types


class SqlListTypes:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> list[ListType]:
        rows = self._connection.execute(select(list_types).order_by(list_types.c.number))
        return [_type(row) for row in rows]

    def find(self, number: str) -> ListType | None:
        mine = list_types.c.number == number
        row = self._connection.execute(select(list_types).where(mine)).first()
        return _type(row) if row else None

    def add(self, new: ListType) -> None:
        """Raises RowExists."""
        self._connection.execute(insert(list_types), _row(new))

    def put(self, changed: ListType) -> None:
        mine = list_types.c.number == changed.number
        self._connection.execute(update(list_types).where(mine).values(_row(changed)))

    def sizes(self, now: int) -> dict[tuple[str, str], int]:
        """How many are in each type's list now, by origin."""
        columns = list_entries.c
        query = (
            select(columns.type, columns.origin, func.count())
            .where(columns.ended_at == 0, (columns.until_at == 0) | (columns.until_at > now))
            .group_by(columns.type, columns.origin)
        )
        return {(kind, origin): int(n) for kind, origin, n in self._connection.execute(query)}


def _row(one: ListType) -> dict[str, object]:
    return {
        "number": one.number,
        "name": one.name,
        "note": one.note,
        "classes": " ".join(one.classes),
        "created_at": one.created_at,
        "changed_at": one.changed_at,
        "closed_at": one.closed_at,
    }


def _type(row: Row[Any]) -> ListType:
    return ListType(
        row.number, row.name, row.note, tuple(row.classes.split()),
        int(row.created_at), int(row.changed_at), int(row.closed_at),
    )  # fmt: skip
