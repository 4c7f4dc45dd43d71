"""Leases as rows: who holds something, and a count of how often it has changed hands."""

from __future__ import annotations

from typing import Final, NamedTuple

from sqlalchemy import Connection, bindparam, insert, select, update

from gateway.store.tables import leases


class LeaseRow(NamedTuple):
    holder: str  # empty: given back
    beat: int
    place: str  # where the holder finds what it is for


_FOUND: Final = select(*[leases.c[name] for name in LeaseRow._fields]).where(
    leases.c.name == bindparam("name")
)


class SqlLeases:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, name: str) -> LeaseRow | None:
        row = self._connection.execute(_FOUND, {"name": name}).first()
        return LeaseRow(*row) if row else None

    def begin(self, name: str, holder: str, place: str) -> None:
        """The first ever; raises RowExists if somebody was quicker."""
        row = {"name": name, "holder": holder, "beat": 1, "place": place}
        self._connection.execute(insert(leases), row)

    def move(self, name: str, seen: LeaseRow, holder: str, place: str = "") -> bool:
        """To a holder; false if the row is not as it was seen."""
        mine = (leases.c.name == name) & (leases.c.holder == seen.holder)
        moved = update(leases).where(mine, leases.c.beat == seen.beat)
        moved = moved.values(holder=holder, beat=seen.beat + 1, place=place)
        return self._connection.execute(moved).rowcount == 1
