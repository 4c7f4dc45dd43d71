"""What was answered to requests with an idempotency key, kept in the transaction of the act."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from gateway.security.encryption import Seal
from gateway.store.tables import api_answers


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """`request` is a mark of what was asked; `body` the JSON that was answered."""

    request: str
    status: int
    body: str
    until_at: int


class SqlAnswers:
    def __init__(self, connection: Connection, seal: Seal) -> None:
        self._connection = connection
        self._seal = seal

    def find(self, key: str, now: int) -> KeptAnswer | None:
        columns = api_answers.c
        query = select(
            columns.request_mark, columns.status, columns.answer_sealed, columns.until_at
        )
        row = self._connection.execute(query.where(columns.key_mark == self._mark(key))).first()
        if row is None or row.until_at <= now:
            return None
        body = self._seal.open(row.answer_sealed) if row.answer_sealed else ""
        return KeptAnswer(row.request_mark, row.status, body, row.until_at)

    def keep(self, key: str, answer: KeptAnswer, now: int) -> None:
        """Raises RowExists if the same request is being answered at this moment."""
        mark = self._mark(key)
        old = (api_answers.c.key_mark == mark) & (api_answers.c.until_at <= now)
        self._connection.execute(delete(api_answers).where(old))
        row = {
            "key_mark": mark,
            "request_mark": answer.request,
            "status": answer.status,
            "answer_sealed": self._seal.seal(answer.body),
            "until_at": answer.until_at,
        }
        self._connection.execute(insert(api_answers), row)

    def _mark(self, key: str) -> str:
        return self._seal.mark("idempotency key", key)
