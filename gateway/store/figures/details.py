"""What the journal holds besides, in the transaction of a message: why it was refused, which offers
it was about, how a call went that is over."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, insert

from gateway.model.messages import CallInput, InboxEntry
from gateway.store.engine import inserting
from gateway.store.tables import calls, inbox_details

Detail = tuple[int, str, str, str]
"""A message's id; refused or offer; its code; its result."""


def keep_details(connection: Connection, details: Iterable[Detail]) -> None:
    names = ("id", "kind", "code", "result")
    rows = [dict(zip(names, detail, strict=True)) for detail in details]
    if rows:
        same = inserting(connection, inbox_details).on_conflict_do_nothing()
        connection.execute(same, rows)


def keep_calls(connection: Connection, entries: Iterable[InboxEntry]) -> None:
    """Of a batch's messages, those that say that a call is over."""
    rows = [
        {
            "id": message.id,
            "phone": int(message.phone or 0),
            "pbx": message.pbx,
            "dialled": message.port.digits,
            "lasted_ms": round(message.over.lasted * 1000),
            "ended": message.over.ended,
            "answers": message.over.answers,
            "queue": message.over.queue,
            "waited_ms": round(message.over.waited * 1000),
            "keys": message.over.keys,
            "screens": message.over.screens,
            "agent": message.over.agent,
            "outcome": message.over.outcome,
            "talked_ms": round(message.over.talked * 1000),
        }
        for message, *_ in entries
        if isinstance(message, CallInput) and message.over is not None
    ]
    if rows:
        connection.execute(insert(calls), rows)
