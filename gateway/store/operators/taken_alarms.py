"""Alarms of the console, and who has taken them, until they are over."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import Connection, delete, select

from gateway.store.engine import inserting
from gateway.store.tables import operators, taken_alarms


class TakenAlarm(NamedTuple):
    operator: str
    name: str
    at: int


class SqlTakenAlarms:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> dict[str, TakenAlarm]:
        """By the alarm's key."""
        columns = taken_alarms.c
        whose = taken_alarms.join(operators, operators.c.number == columns.operator, isouter=True)
        query = select(columns.alarm, columns.operator, operators.c.name, columns.at)
        rows = self._connection.execute(query.select_from(whose))
        return {alarm: TakenAlarm(who, name or who, at) for alarm, who, name, at in rows}

    def take(self, alarm: str, operator: str, now: int) -> TakenAlarm:
        """Whoever was first has it."""
        row = {"alarm": alarm, "operator": operator, "at": now}
        made = inserting(self._connection, taken_alarms).values(row).on_conflict_do_nothing()
        self._connection.execute(made)
        return self.all()[alarm]

    def over(self, alarms: Collection[str]) -> None:
        """These are no alarms any more."""
        self._connection.execute(delete(taken_alarms).where(taken_alarms.c.alarm.in_(alarms)))
