"""Leases as rows: who holds something, and a count that goes on as long as he lives."""

from __future__ import annotations

from typing import Final, NamedTuple

from sqlalchemy import Connection, insert, select, update

from gateway.store.engine import Among
from gateway.store.tables import leases

_HOLDER: Final = Among(select(leases.c.holder), leases.c.name)


class LeaseRow(NamedTuple):
    holder: str  # empty: given back
    beat: int


class SqlLeases:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, name: str) -> LeaseRow | None:
        query = select(leases.c.holder, leases.c.beat).where(leases.c.name == name)
        row = self._connection.execute(query).first()
        return LeaseRow(*row) if row else None

    def begin(self, name: str, holder: str) -> None:
        """The first ever; raises RowExists if somebody was quicker."""
        self._connection.execute(insert(leases), {"name": name, "holder": holder, "beat": 1})

    def move(self, name: str, seen: LeaseRow, holder: str) -> bool:
        """To a holder, or one beat on; false if the row is not as it was seen."""
        mine = (leases.c.name == name) & (leases.c.holder == seen.holder)
        moved = update(leases).where(mine, leases.c.beat == seen.beat)
        moved = moved.values(holder=holder, beat=seen.beat + 1)
        return self._connection.execute(moved).rowcount == 1


def holder_of(connection: Connection, name: str) -> str:
    """Who has it; empty: nobody. For the end of every transaction: one short statement."""
    rows = _HOLDER.rows(connection, (name,))
    return str(rows[0][0]) if rows else ""
