"""A number that is to be forgotten, as the tables write it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, func, select

from gateway.store.tables import outbox


@dataclass(frozen=True, slots=True)
class ForgottenNumber:
    """`old`: the first id of a message that has to be kept. `sent`: the ids of messages to it,
    which no index finds. `postgresql`: of two ways to look into octets, which one."""

    msisdn: str
    old: int
    sent: tuple[int, ...]
    postgresql: bool

    def is_(self, column: Column[Any]) -> ColumnElement[bool]:
        return column == int(self.msisdn)

    def stands_in(self, column: Column[Any]) -> ColumnElement[bool]:
        """In a text: alone, behind a channel, behind a country's code, in a list."""
        return column.contains(self.msisdn, autoescape=True)

    def hidden_in(self, column: Column[Any]) -> ColumnElement[bool]:
        """In octets that are JSON."""
        if self.postgresql:
            return func.encode(column, "escape").contains(self.msisdn)
        return func.instr(column, self.msisdn.encode()) > 0


def sent_to(connection: Connection, msisdn: str) -> tuple[int, ...]:
    """The ids of messages to a number. Reads all of them: outside of what others wait for."""
    found = select(outbox.c.id).where(outbox.c.destination.endswith(msisdn))
    return tuple(connection.execute(found).scalars())


def in_some(values: Sequence[int], most: int = 500) -> list[Sequence[int]]:
    """As many at once as a statement takes."""
    return [values[first : first + most] for first in range(0, len(values), most)]
