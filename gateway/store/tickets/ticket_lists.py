"""Lists of tickets by what they are: in pages, the most urgent first; counts are of all."""

from __future__ import annotations

from typing import Any, Final, cast

from sqlalchemy import ColumnElement, Connection, func, or_, select, tuple_

from gateway.model.ticket_record import ALL, LIVE_ONES, NOBODY, TicketFilter, TicketRecord
from gateway.security.encryption import Seal
from gateway.store.tables import LIVE, tickets
from gateway.store.tickets.ticket_rows import TicketRows

_LIVE: Final = cast(ColumnElement[bool], LIVE)  # as the index has it: then it is used


def page(
    connection: Connection, seal: Seal, wanted: TicketFilter, limit: int
) -> list[TicketRecord]:
    """By when they are due."""
    columns = tickets.c
    query = select(tickets).where(*_conditions(wanted))
    if wanted.after != (0, 0):
        query = query.where(tuple_(columns.due_at, columns.id) > tuple_(*wanted.after))
    return TicketRows(connection, seal).all(query.order_by(columns.due_at, columns.id).limit(limit))


def numbers(connection: Connection, wanted: TicketFilter, limit: int) -> list[str]:
    """By when they are due."""
    columns = tickets.c
    query = select(columns.number).where(*_conditions(wanted))
    return list(
        connection.execute(query.order_by(columns.due_at, columns.id).limit(limit)).scalars()
    )


def count(connection: Connection, wanted: TicketFilter) -> int:
    """Of all that fit, whatever the page."""
    query = select(func.count()).select_from(tickets).where(*_conditions(wanted))
    return connection.execute(query).scalar_one()


def counts_by_state(connection: Connection, wanted: TicketFilter) -> dict[str, int]:
    columns = tickets.c
    query = select(columns.state, func.count()).where(*_conditions(wanted))
    rows = connection.execute(query.group_by(columns.state).order_by(columns.state))
    return {state: times for state, times in rows}


def _conditions(wanted: TicketFilter) -> list[ColumnElement[bool]]:
    columns = tickets.c
    found: list[ColumnElement[bool]] = []
    if wanted.state == LIVE_ONES:
        found.append(_LIVE)
    elif wanted.state not in ("", ALL):
        found.append(columns.state == wanted.state)
    for column, value in _plain(wanted):
        if value:
            found.append(column == value)
    if wanted.region:
        team = columns.team == wanted.region
        found.append(or_(team, (columns.team == "") & (columns.region == wanted.region)))
    if wanted.holder:
        found.append(columns.holder == ("" if wanted.holder == NOBODY else wanted.holder))
    if wanted.since:
        found.append(columns.opened_at >= wanted.since)
    if wanted.until:
        found.append(columns.opened_at < wanted.until)
    if wanted.late_at:
        found += [_LIVE, columns.due_at < wanted.late_at]
    if wanted.level:
        found.append(columns.level >= wanted.level)
    return found


def _plain(wanted: TicketFilter) -> list[tuple[ColumnElement[Any], object]]:
    columns = tickets.c
    return [
        (columns.kind, wanted.kind),
        (columns.category, wanted.category),
        (columns.phone, int(wanted.phone) if wanted.phone else 0),
    ]
