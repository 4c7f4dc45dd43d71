"""What nobody asked for, counted: notices, trials of them and reminders, by what became of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from sqlalchemy import Select, select

from gateway.model import figures
from gateway.model.figures import Group
from gateway.model.message_id import floor_at
from gateway.store import messages, unasked
from gateway.store.messages import ACCEPTED, FAILED
from gateway.store.tables import outbox, receipts
from gateway.store.tables import unasked as said

DELIVERED: Final = "delivered"
DAY: Final = 24 * 3600
"""Seconds after the last of them in which its receipt counts."""
_ENDED: Final = {ACCEPTED: "sent", FAILED: "failed", messages.UNKNOWN: "unknown"}
Rows = Callable[[Select[Any]], Iterator[Any]]
"""What reads: page by page."""


def unasked_messages(rows: Rows, begins: int, ends: int) -> Iterator[tuple[int, Group]]:
    """Each that came into the outbox between these seconds: its id, and how it ended; once more,
    if the SMSC has told within a day that it arrived, however many parts it had."""
    mine = said.c.outbox_id.between(floor_at(begins), floor_at(ends) - 1)
    left = select(said.c.outbox_id, said.c.source, outbox.c.state)
    left = left.join(outbox, outbox.c.id == said.c.outbox_id)
    for id, source, state in rows(left.where(mine, said.c.state == unasked.LEFT)):
        yield id, _group(source, _ENDED.get(state, "waiting"))
    told = receipts.c.at_ms.between(begins * 1000, (ends + DAY) * 1000)
    arrived = select(said.c.outbox_id, said.c.source).distinct()
    arrived = arrived.join(receipts, receipts.c.outbox_id == said.c.outbox_id)
    for id, source in rows(arrived.where(mine, told, receipts.c.state == DELIVERED)):
        yield id, _group(source, DELIVERED)


def _group(source: str, detail: str) -> Group:
    return Group(figures.UNASKED, "sms", what=source, detail=detail)
