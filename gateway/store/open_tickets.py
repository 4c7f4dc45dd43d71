"""`hallgate tickets`: what subscribers wait for, oldest first: complaints, faults, calls back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from typing import Final, NamedTuple

from sqlalchemy import select

from gateway.store.store import Store
from gateway.store.tables import tickets

_SOME: Final = 500  # names that the store is asked for at once


class OpenTicket(NamedTuple):
    """A ticket that is not done. `said` is what was written, `recording` names what was spoken."""

    number: str
    kind: str
    phone: str
    opened_at: int
    due_at: int
    said: str
    recording: str


def recordings_sent(store: Store, names: Sequence[str], since: int) -> set[str]:
    """Of these recordings, those that a ticket names whose id is not older than `since`."""
    found: set[str] = set()
    with store.reading() as connection:
        for first in range(0, len(names), _SOME):
            some = tickets.c.recording.in_(names[first : first + _SOME])
            query = select(tickets.c.recording).where(tickets.c.id >= since, some)
            found.update(connection.execute(query).scalars())
    return found


def open_tickets(store: Store, kind: str = "", limit: int = 1_000) -> list[OpenTicket]:
    """Of one kind, or of all."""
    columns = tickets.c
    query = select(tickets).where(columns.state != "done").order_by(columns.due_at).limit(limit)
    if kind:
        query = query.where(columns.kind == kind)
    with store.reading() as connection:
        return [
            OpenTicket(
                row.number,
                row.kind,
                str(row.phone),
                row.opened_at,
                row.due_at,
                store.seal.open(row.content_sealed) if row.content_sealed else "",
                row.recording,
            )
            for row in connection.execute(query)
        ]


def opener(store: Store, number: str) -> str:
    """Who waits for this ticket; empty if it is done, or nobody's."""
    columns = tickets.c
    query = select(columns.phone).where(columns.number == number, columns.state != "done")
    with store.reading() as connection:
        return str(connection.execute(query).scalar() or "")


def ticket_lines(found: Sequence[OpenTicket], now: int, zone: tzinfo) -> Iterator[str]:
    """A line for each: what is late says so."""
    for one in found:
        due = f"{datetime.fromtimestamp(one.due_at, zone):%m-%d %H:%M}"
        late = "  LATE" if one.due_at < now else ""
        what = one.said or one.recording
        yield f"{one.number}  {one.kind:<10}  {one.phone}  due {due}{late}  {what}".rstrip()
