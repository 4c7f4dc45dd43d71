"""commands.model.preferences: what subscribers want, and what not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, insert, select

from gateway.store.engine import Among
from gateway.store.tables import preferences

_SAID: Final = Among(
    select(preferences.c.msisdn, preferences.c.name, preferences.c.value).order_by(
        preferences.c.id
    ),
    preferences.c.msisdn,
)


def read_preferences(connection: Connection, numbers: Sequence[int]) -> dict[tuple[str, str], str]:
    """By number and name, what was said last."""
    return {(str(number), name): value for number, name, value in _SAID.rows(connection, numbers)}


class SqlPreferences:
    """One transaction's view: those of a number are read once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[tuple[str, str], str] = {}
        self._read: set[str] = set()

    def of(self, msisdn: str, name: str) -> str:
        if msisdn not in self._read:
            self._read.add(msisdn)
            self._known |= read_preferences(self._connection, [int(msisdn)])
        return self._known.get((msisdn, name), "")

    def put(self, msisdn: str, name: str, value: str, interface: str, now: int) -> None:
        self.of(msisdn, name)
        row = {"msisdn": int(msisdn), "name": name, "value": value, "interface": interface}
        self._connection.execute(insert(preferences), row | {"said_at": now})
        self._known[msisdn, name] = value
