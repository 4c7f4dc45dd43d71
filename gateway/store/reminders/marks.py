"""Marks of what has changed: triggers of the store write them in the transaction of the change
(migration 0044), whoever works them off takes them away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection, case, delete, func, insert, select

from gateway.store.tables import reminder_marks

ACCOUNT: Final = "account"
USAGE: Final = "usage"
DATES: Final = "dates"
WISH: Final = "wish"
CHARGE: Final = "charge"
PAYMENT: Final = "payment"


class ChangeMark(NamedTuple):
    """`ref`: the row of the ledger or of payments, for those that are of one."""

    id: int
    msisdn: str
    what: str
    ref: int = 0


class LookAgain(NamedTuple):
    """Something that is to be looked at later."""

    msisdn: str
    what: str
    ref: int
    due_at: int


class TakenByAnother(Exception):
    """Somebody else works the same off: nothing of it may be done here as well."""


class SqlMarks:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def due(self, now: int, limit: int) -> list[ChangeMark]:
        """The first of those whose time has come."""
        columns = reminder_marks.c
        query = select(columns.id, columns.msisdn, columns.what, columns.ref)
        query = query.where(columns.due_at <= now).order_by(columns.due_at, columns.id)
        rows = self._connection.execute(query.limit(limit))
        return [ChangeMark(row[0], str(row[1]), row[2], row[3]) for row in rows]

    def take(self, marks: Sequence[ChangeMark]) -> None:
        """Raises TakenByAnother, unless all of them are there."""
        if not marks:
            return
        ids = [mark.id for mark in marks]
        gone = self._connection.execute(
            delete(reminder_marks).where(reminder_marks.c.id.in_(ids))
        ).rowcount
        if gone != len(ids):
            raise TakenByAnother(f"{len(ids) - gone} of {len(ids)} marks are gone")

    def look_again(self, later: Iterable[LookAgain]) -> None:
        rows = [
            {"msisdn": int(one.msisdn), "what": one.what, "ref": one.ref, "due_at": one.due_at}
            for one in later
        ]
        if rows:
            self._connection.execute(insert(reminder_marks), rows)

    def waiting(self, now: int) -> tuple[int, int]:
        """How many are to be looked at now, and how many later."""
        later = case((reminder_marks.c.due_at > now, 1), else_=0)
        query = select(func.count(), func.coalesce(func.sum(later), 0))
        every, put_off = self._connection.execute(query.select_from(reminder_marks)).one()
        return every - put_off, put_off


def newest_mark(connection: Connection) -> int:
    return connection.execute(select(func.max(reminder_marks.c.id))).scalar() or 0


def forget_marks(connection: Connection, msisdns: Sequence[int], after: int) -> None:
    """Of those made after another, such as by who puts in samples: it is no news, and nobody is
    told of it. What ends some day is told when it does."""
    mine = reminder_marks.c.msisdn.in_(msisdns) & (reminder_marks.c.what != DATES)
    connection.execute(delete(reminder_marks).where(reminder_marks.c.id > after, mine))
