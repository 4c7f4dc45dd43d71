"""Detailed records that the store itself has."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from gateway.model.detailed_record import DetailedRecord
from gateway.store.engine import inserting
from gateway.store.store import Store
from gateway.store.tables import detailed_records


class StoreRecords:
    """gateway.model.detailed_record.DetailedRecords, read beside whoever writes."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, msisdn: str, begins: int, ends: int) -> list[DetailedRecord]:
        with self._store.reading() as connection:
            return SqlDetailedRecords(connection).of(msisdn, begins, ends)


class SqlDetailedRecords:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, msisdn: str, begins: int, ends: int) -> list[DetailedRecord]:
        columns = detailed_records.c
        mine = (columns.msisdn == int(msisdn)) & columns.began_at.between(begins, ends - 1)
        query = select(
            columns.kind, columns.other, columns.began_at, columns.length, columns.fen
        ).where(mine)
        rows = self._connection.execute(query.order_by(columns.began_at, columns.kind))
        return [DetailedRecord(*row) for row in rows]

    def put(self, msisdn: str, records: Iterable[DetailedRecord]) -> None:
        """What is there already stays."""
        rows = [{"msisdn": int(msisdn), **record._asdict()} for record in records]
        if rows:
            fresh = inserting(self._connection, detailed_records).on_conflict_do_nothing()
            self._connection.execute(fresh, rows)
