"""Who looks at a ticket or a draft at this moment, for the consoles that share the store."""

from __future__ import annotations

from collections.abc import Collection
from math import ceil
from typing import NamedTuple

from sqlalchemy import Connection, select

from gateway.store.engine import inserting
from gateway.store.tables import lookers, operators


class Looker(NamedTuple):
    """`about`: "ticket 4711". `until`: seconds since 1970; gone then, unless told again."""

    about: str
    operator: str
    name: str
    until: float


class SqlLookers:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def exchange(self, here: Collection[Looker], now: float) -> list[Looker]:
        """Those of one console into the store; all that are there. What is over goes with what
        else is (`retention`)."""
        rows = [
            {"about": one.about, "operator": one.operator, "until_at": ceil(one.until)}
            for one in sorted(here)  # consoles that tell the same wait for each other in one order
        ]
        if rows:
            told = inserting(self._connection, lookers)
            told = told.on_conflict_do_update(
                index_elements=["about", "operator"], set_={"until_at": told.excluded.until_at}
            )
            self._connection.execute(told, rows)
        columns = lookers.c
        whose = lookers.join(operators, operators.c.number == columns.operator, isouter=True)
        query = select(columns.about, columns.operator, operators.c.name, columns.until_at)
        there = self._connection.execute(query.select_from(whose).where(columns.until_at > now))
        return [Looker(about, who, name or who, until) for about, who, name, until in there]
