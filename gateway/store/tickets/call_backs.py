"""Calls back that are due to be dialled: each taken by one gateway, tried so often, and closed when
somebody has talked."""

from __future__ import annotations

from typing import Final, NamedTuple

from sqlalchemy import Connection, func, insert, select, update

from commands.model.tickets import TicketState
from gateway.model.ticket_record import HALL, TicketStep
from gateway.security.encryption import Seal
from gateway.store.tables import call_backs, tickets
from gateway.store.tickets.ticket_rows import TicketRows

_KIND: Final = "callback"
_WAITING: Final = (TicketState.OPEN.value, TicketState.REOPENED.value)


class DueCallBack(NamedTuple):
    """`tries`: this one counted."""

    ticket: int
    number: str
    phone: str
    tries: int


def take_due(
    connection: Connection, now: int, most: int, limit: int, retry: int
) -> list[DueCallBack]:
    """Those that nobody here has taken, and that were not tried too often, the oldest first; they
    are tried again after `retry` seconds, unless it is settled before."""
    tries = func.coalesce(call_backs.c.tries, 0)
    query = (
        select(tickets.c.id, tickets.c.number, tickets.c.phone, tries.label("tries"))
        .select_from(tickets.outerjoin(call_backs, call_backs.c.ticket == tickets.c.id))
        .where(
            tickets.c.kind == _KIND,
            tickets.c.state.in_(_WAITING),
            tickets.c.holder == "",
            tickets.c.phone != 0,
            tries < most,
            func.coalesce(call_backs.c.retry_at, 0) <= now,
        )
        .order_by(tickets.c.id)
        .limit(limit)
    )
    found = [
        DueCallBack(row.id, row.number, str(row.phone), row.tries + 1)
        for row in connection.execute(query)
    ]
    return [one for one in found if _taken(connection, one, now + retry)]


def _taken(connection: Connection, one: DueCallBack, retry_at: int) -> bool:
    """False if somebody else was quicker."""
    values = {"tries": one.tries, "retry_at": retry_at, "outcome": "dialled"}
    if one.tries == 1:
        connection.execute(insert(call_backs).values(ticket=one.ticket, **values))
        return True
    mine = (call_backs.c.ticket == one.ticket) & (call_backs.c.tries == one.tries - 1)
    return connection.execute(update(call_backs).where(mine).values(**values)).rowcount == 1


def settle(connection: Connection, seal: Seal, ticket: int, outcome: str, now: int) -> None:
    """How a try ended; once somebody has talked, the ticket is done."""
    connection.execute(
        update(call_backs).where(call_backs.c.ticket == ticket).values(outcome=outcome)
    )
    rows = TicketRows(connection, seal)
    seen = rows.by_id(ticket)
    if seen is None or seen.state not in _WAITING:
        return
    if outcome == "talked":
        step = TicketStep(now, "done", HALL, "", "已回拨")
        rows.move(seen, step, state=TicketState.DONE, result="已回拨", done_at=now, accept_by=0)
    else:
        rows.note(ticket, TicketStep(now, "note", HALL, "", f"call back: {outcome}"))
