"""What the journal holds besides, in the transaction of a message: why it was refused, which offers
it was about, how a call went that is over."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection

from gateway.model.call_record import CallRecord
from gateway.model.messages import CallInput, InboxEntry
from gateway.store.engine import Many, inserting
from gateway.store.tables import calls, inbox_details

Detail = tuple[int, str, str, str]
"""A message's id; refused or offer; its code; its result."""


def keep_details(connection: Connection, details: Iterable[Detail]) -> None:
    names = ("id", "kind", "code", "result")
    rows = [dict(zip(names, detail, strict=True)) for detail in details]
    if rows:
        same = inserting(connection, inbox_details).on_conflict_do_nothing()
        connection.execute(same, rows)


_CALLS: Final = Many(
    calls,
    (
        "id", "phone", "pbx", "dialled", "lasted_ms", "ended", "answers", "queue", "waited_ms",
        "keys", "screens", "agent", "outcome", "talked_ms",
    ),
)  # fmt: skip


def keep_calls(connection: Connection, entries: Iterable[InboxEntry]) -> None:
    """Of a batch's messages, those that say that a call is over."""
    _CALLS.put(
        connection,
        [
            _call(message, message.over)
            for message, *_ in entries
            if isinstance(message, CallInput) and message.over is not None
        ],
    )


def _call(message: CallInput, over: CallRecord) -> tuple[object, ...]:
    return (
        message.id,
        int(message.phone or 0),
        message.pbx,
        message.port.digits,
        round(over.lasted * 1000),
        over.ended,
        over.answers,
        over.queue,
        round(over.waited * 1000),
        over.keys,
        over.screens,
        over.agent,
        over.outcome,
        round(over.talked * 1000),
    )
