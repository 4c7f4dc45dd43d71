"""What a subscriber has waiting and has confirmed, for who may see it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select

from gateway.security.encryption import Seal
from gateway.store.tables import tickets

_NUMBERS: Final = re.compile(r"(?<![0-9])[0-9]{8,20}(?![0-9])")  # as a ticket's may stand in a text
_MOST: Final = 50


@dataclass(frozen=True, slots=True)
class TicketOfSubscriber:
    """`said`: the subscriber's own words; `result`: what they were told."""

    number: str
    kind: str
    state: str
    opened_at: int
    due_at: int
    said: str
    result: str


def tickets_of(connection: Connection, seal: Seal, msisdn: str) -> list[TicketOfSubscriber]:
    """The newest first."""
    columns = tickets.c
    query = select(tickets).where(columns.phone == int(msisdn)).order_by(columns.id.desc())
    return [
        TicketOfSubscriber(
            row.number,
            row.kind,
            row.state,
            row.opened_at,
            row.due_at,
            seal.open(row.content_sealed) if row.content_sealed else "",
            row.result,
        )
        for row in connection.execute(query.limit(_MOST))
    ]


def names_ticket(connection: Connection, msisdn: str, text: str) -> bool:
    """Whether the number of one of this subscriber's tickets stands in a text."""
    numbers = _NUMBERS.findall(text)
    if not numbers or not msisdn.isdigit():
        return False
    mine = (tickets.c.phone == int(msisdn)) & tickets.c.number.in_(numbers[:_MOST])
    return connection.execute(select(tickets.c.id).where(mine).limit(1)).first() is not None
