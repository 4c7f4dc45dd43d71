"""Subscribers that somebody looks at: masked, or open for a reason and for minutes."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from gateway.security.encryption import Seal
from gateway.store.tables import lookups


@dataclass(frozen=True, slots=True)
class Lookup:
    """`open_until`: until then in full; 0: masked."""

    operator: str
    msisdn: str
    reason: str
    open_until: int
    until_at: int


class SqlLookups:
    def __init__(self, connection: Connection, seal: Seal) -> None:
        self._connection = connection
        self._seal = seal

    def keep(self, id: str, lookup: Lookup) -> None:
        row = {
            "id_mark": self._mark(id),
            "operator": lookup.operator,
            "msisdn": int(lookup.msisdn),
            "reason": lookup.reason,
            "open_until": lookup.open_until,
            "until_at": lookup.until_at,
        }
        self._connection.execute(insert(lookups), row)

    def find(self, id: str, now: int) -> Lookup | None:
        """While it lasts."""
        columns = lookups.c
        query = select(
            columns.operator, columns.msisdn, columns.reason, columns.open_until, columns.until_at
        ).where(columns.id_mark == self._mark(id), columns.until_at > now)
        row = self._connection.execute(query).first()
        if row is None:
            return None
        return Lookup(row.operator, str(row.msisdn), row.reason, row.open_until, row.until_at)

    def _mark(self, id: str) -> str:
        return self._seal.mark("lookup", id)
