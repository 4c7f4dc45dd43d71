"""Whom a notice was drawn for, and who of them has been told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import Connection, func, insert, select, update

from gateway.store.tables import notice_people

TO_BE_TOLD: Final = 0
TOLD: Final = 1
CONTROL: Final = 2
LEFT_OUT: Final = 3


class SqlNoticePeople:
    def __init__(self, connection: Connection, notice: int) -> None:
        self._connection = connection
        self._notice = notice

    def draw(self, drawn: Mapping[str, int]) -> None:
        """By number: to be told, or of the control group."""
        rows = [
            {"notice": self._notice, "phone": int(phone), "state": state}
            for phone, state in drawn.items()
        ]
        if rows:
            self._connection.execute(insert(notice_people), rows)

    def next(self, after: int, limit: int) -> Sequence[int]:
        """Those who are to be told next, by number."""
        columns = notice_people.c
        mine = (columns.notice == self._notice) & (columns.phone > after)
        query = select(columns.phone).where(mine, columns.state == TO_BE_TOLD)
        return self._connection.execute(query.order_by(columns.phone).limit(limit)).scalars().all()

    def are(self, phones: Sequence[int], state: int) -> None:
        columns = notice_people.c
        mine = (columns.notice == self._notice) & columns.phone.in_(phones)
        if phones:
            self._connection.execute(update(notice_people).where(mine).values(state=state))

    def counts(self) -> dict[int, int]:
        """By state."""
        columns = notice_people.c
        query = select(columns.state, func.count()).where(columns.notice == self._notice)
        return {int(s): int(n) for s, n in self._connection.execute(query.group_by(columns.state))}
