"""commands.model.credentials: what was counted against a number, and random codes."""

from __future__ import annotations

from sqlalchemy import Connection, delete, func, insert, select

from commands.model.credentials import SentRandomCode
from gateway.store.tables import codes, strikes


class SqlStrikes:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def count(self, kind: str, key: str, since: int) -> int:
        query = select(func.count()).select_from(strikes)
        mine = (strikes.c.kind == kind) & (strikes.c.struck == key)
        found = self._connection.execute(query.where(mine, strikes.c.struck_at > since)).scalar()
        return int(found or 0)

    def last(self, kind: str, key: str) -> int:
        query = select(func.max(strikes.c.struck_at))
        mine = (strikes.c.kind == kind) & (strikes.c.struck == key)
        return int(self._connection.execute(query.where(mine)).scalar() or 0)

    def add(self, kind: str, key: str, now: int) -> None:
        row = {"kind": kind, "struck": key, "struck_at": now}
        self._connection.execute(insert(strikes), row)

    def clear(self, kind: str, key: str) -> None:
        mine = (strikes.c.kind == kind) & (strikes.c.struck == key)
        self._connection.execute(delete(strikes).where(mine))


class SqlCodes:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def sent(self, msisdn: str) -> SentRandomCode | None:
        columns = codes.c
        query = select(columns.action, columns.code_mark, columns.sent_at, columns.wrong)
        row = self._connection.execute(query.where(columns.msisdn == int(msisdn))).first()
        return SentRandomCode(*row) if row else None

    def keep(self, msisdn: str, code: SentRandomCode) -> None:
        self.forget(msisdn)
        row = {
            "msisdn": int(msisdn),
            "action": code.action,
            "code_mark": code.mark,
            "sent_at": code.sent_at,
            "wrong": code.wrong,
        }
        self._connection.execute(insert(codes), row)

    def forget(self, msisdn: str) -> None:
        self._connection.execute(delete(codes).where(codes.c.msisdn == int(msisdn)))
