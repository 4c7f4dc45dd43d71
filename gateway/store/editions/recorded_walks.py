"""Recorded walks in the store."""

from __future__ import annotations

from collections.abc import Iterable

import orjson
from sqlalchemy import Connection, func, insert, select

from gateway.model.editions.walk_record import WalkRecord
from gateway.store.tables import menu_records


class SqlWalks:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, records: Iterable[WalkRecord]) -> None:
        rows = [
            {
                "id": record.id,
                "walk": record.began,
                "version": record.version,
                "beats": orjson.dumps(record.beats).decode(),
            }
            for record in records
        ]
        if rows:
            self._connection.execute(insert(menu_records), rows)

    def newest(self, walks: int) -> list[WalkRecord]:
        """The steps of so many walks, by walk and in order."""
        columns = menu_records.c
        latest = (
            select(columns.walk)
            .group_by(columns.walk)
            .order_by(func.max(columns.id).desc())
            .limit(walks)
        )
        query = (
            select(columns.id, columns.walk, columns.version, columns.beats)
            .where(columns.walk.in_(latest))
            .order_by(columns.walk, columns.id)
        )
        return [
            WalkRecord(int(id), int(walk), version, orjson.loads(beats))
            for id, walk, version, beats in self._connection.execute(query)
        ]
