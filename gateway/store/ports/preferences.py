"""commands.model.preferences: what subscribers want, and what not."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select

from gateway.store.tables import preferences


class SqlPreferences:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, msisdn: str, name: str) -> str:
        columns = preferences.c
        query = (
            select(columns.value)
            .where(columns.msisdn == int(msisdn), columns.name == name)
            .order_by(columns.id.desc())
            .limit(1)
        )
        return self._connection.execute(query).scalar() or ""

    def put(self, msisdn: str, name: str, value: str, interface: str, now: int) -> None:
        row = {"msisdn": int(msisdn), "name": name, "value": value, "interface": interface}
        self._connection.execute(insert(preferences), row | {"said_at": now})
