"""投诉溯源: what somebody did at the hall before they complained, from the journal, masked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select

from commands.parser.masking import masked_number, without_digits
from gateway.model.message_id import floor_at, moment_of
from gateway.model.ticket_record import TicketRecord
from gateway.security.encryption import Seal
from gateway.store.tables import calls, errands, inbox, inbox_details, orders

MOST: Final = 500  # rows of each kind


@dataclass(frozen=True, slots=True)
class TraceLine:
    """`what`: message, order, boss or call. `words`: without any number that could be a secret;
    empty where they are no longer kept."""

    at: int
    what: str
    channel: str
    action: str
    result: str
    words: str = ""


def trace(connection: Connection, seal: Seal, ticket: TicketRecord, hours: int) -> list[TraceLine]:
    """Of so many hours before it was opened, the oldest first."""
    if not ticket.phone:
        return []
    phone = int(ticket.phone)
    since, until = floor_at(ticket.opened_at - hours * 3600), ticket.id
    found = [
        *_messages(connection, seal, phone, since, until),
        *_orders(connection, phone, since, until),
        *_calls(connection, phone, since, until),
    ]
    return sorted(reversed(found), key=lambda line: line.at)


def _messages(
    connection: Connection, seal: Seal, phone: int, since: int, until: int
) -> list[TraceLine]:
    columns = inbox.c
    mine = (columns.phone == phone) & (columns.id >= since) & (columns.id < until)
    query = select(inbox).where(mine).order_by(columns.id.desc()).limit(MOST)
    refused = select(inbox_details.c.id, inbox_details.c.code).where(
        inbox_details.c.kind == "refused",
        inbox_details.c.id.in_(
            select(columns.id).where(mine).order_by(columns.id.desc()).limit(MOST)
        ),
    )
    why: dict[int, str] = {id: code for id, code in connection.execute(refused)}
    return [
        TraceLine(
            int(moment_of(row.id)), "message", row.channel, row.action,
            f"{row.result} {why[row.id]}" if row.id in why else row.result,
            without_digits(seal.open(row.text_sealed)) if row.text_sealed else "",
        )
        for row in connection.execute(query)
    ]  # fmt: skip


def _orders(connection: Connection, phone: int, since: int, until: int) -> list[TraceLine]:
    found = []
    for table, what, state, subject in (
        (orders, "order", orders.c.state, orders.c.subject),
        (errands, "boss", errands.c.result, errands.c.subject),
    ):
        columns = table.c
        query = (
            select(columns.id, columns.channel, columns.action, state, subject)
            .where(columns.phone == phone, columns.id >= since, columns.id < until)
            .order_by(columns.id.desc())
            .limit(MOST)
        )
        for id, channel, action, ended, whose in connection.execute(query):
            about = f"for {masked_number(str(whose))}" if whose != phone else ""
            ended = ended or "waiting"
            found.append(TraceLine(int(moment_of(id)), what, channel, action, ended, about))
    return found


def _calls(connection: Connection, phone: int, since: int, until: int) -> list[TraceLine]:
    columns = calls.c
    query = (
        select(calls)
        .where(columns.phone == phone, columns.id >= since, columns.id < until)
        .order_by(columns.id.desc())
        .limit(MOST)
    )
    return [
        TraceLine(
            int(moment_of(row.id)), "call", "voice", row.queue or "self service", row.ended,
            f"{row.lasted_ms // 1000} s {row.screens}".rstrip(),
        )
        for row in connection.execute(query)
    ]  # fmt: skip
