"""Sessions of operators who are logged in: random ids, of which only marks are kept."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from gateway.security.encryption import Seal
from gateway.store.tables import operator_sessions

_MINUTE = 60  # that somebody is there is noted no oftener


@dataclass(frozen=True, slots=True)
class OperatorSession:
    """`until_at`: when it ends, whatever happens; sooner, if nothing does."""

    operator: str
    origin: str
    made_at: int
    seen_at: int
    until_at: int


class SqlOperatorSessions:
    def __init__(self, connection: Connection, seal: Seal) -> None:
        self._connection = connection
        self._seal = seal

    def begin(self, id: str, session: OperatorSession) -> None:
        row = {
            "id_mark": self._mark(id),
            "operator": session.operator,
            "origin": session.origin,
            "made_at": session.made_at,
            "seen_at": session.seen_at,
            "until_at": session.until_at,
        }
        self._connection.execute(insert(operator_sessions), row)

    def find(self, id: str) -> OperatorSession | None:
        columns = operator_sessions.c
        query = select(
            columns.operator, columns.origin, columns.made_at, columns.seen_at, columns.until_at
        )
        row = self._connection.execute(query.where(columns.id_mark == self._mark(id))).first()
        return OperatorSession(*row) if row else None

    def seen(self, id: str, now: int) -> None:
        columns = operator_sessions.c
        stale = (columns.id_mark == self._mark(id)) & (columns.seen_at <= now - _MINUTE)
        self._connection.execute(update(operator_sessions).where(stale).values(seen_at=now))

    def end(self, id: str) -> None:
        mine = operator_sessions.c.id_mark == self._mark(id)
        self._connection.execute(delete(operator_sessions).where(mine))

    def end_all(self, operator: str, *, but: str = "") -> None:
        """Of one operator; `but` is the id of one that goes on."""
        columns = operator_sessions.c
        theirs = columns.operator == operator
        if but:
            theirs &= columns.id_mark != self._mark(but)
        self._connection.execute(delete(operator_sessions).where(theirs))

    def _mark(self, id: str) -> str:
        return self._seal.mark("operator session", id)
