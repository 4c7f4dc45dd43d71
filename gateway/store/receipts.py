"""Whose delivery receipts are expected, and what became of those messages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from gateway.mail import Receipted, Settled
from gateway.store.tables import receipts
from smpp.receipts import id_forms


class SqlReceipts:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def expect(self, settled: Settled) -> list[str]:
        """Remember whose receipts these ids are; the states of those that came before we knew."""
        early = []
        for message_id in settled.message_ids:
            known = self._find(settled.link, id_forms(message_id))
            if known is not None and known.outbox_id == 0:
                early.append(known.state)
                self._set(known, {"outbox_id": settled.id})
            elif known is None:
                row: dict[str, object] = {
                    "link": settled.link,
                    "message_id": id_forms(message_id)[0],
                }
                row |= {"outbox_id": settled.id, "state": "", "at_ms": settled.at_ms}
                self._connection.execute(insert(receipts), row)
        return early

    def note(self, receipt: Receipted) -> int:
        """Note what became of a message; its id, or 0 if we do not know it (yet)."""
        known = self._find(receipt.link, receipt.message_ids)
        if known is not None:
            self._set(known, {"state": receipt.state, "at_ms": receipt.at_ms})
            return int(known.outbox_id)
        row = {"link": receipt.link, "message_id": receipt.message_ids[0], "outbox_id": 0}
        self._connection.execute(
            insert(receipts), row | {"state": receipt.state, "at_ms": receipt.at_ms}
        )
        return 0

    def _find(self, link: str, forms: Sequence[str]) -> Row[Any] | None:
        query = select(receipts).where(receipts.c.link == link, receipts.c.message_id.in_(forms))
        return self._connection.execute(query).first()

    def _set(self, known: Row[Any], values: dict[str, object]) -> None:
        same = (receipts.c.link == known.link) & (receipts.c.message_id == known.message_id)
        self._connection.execute(update(receipts).where(same).values(values))
