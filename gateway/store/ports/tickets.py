"""commands.model.tickets: what people do for subscribers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, or_, select

from commands.model.tickets import (
    NO_DETAILS,
    OVER,
    ClosedTicket,
    RecentTicket,
    Ticket,
    TicketDetails,
    TicketState,
)
from gateway.model.message_id import spoken_number
from gateway.model.ticket_record import HALL, SUBSCRIBER, TicketRecord, TicketStep
from gateway.security.encryption import Seal
from gateway.store.tables import tickets
from gateway.store.tickets.closing import close_joined
from gateway.store.tickets.ticket_rows import TicketRows

_MOST = 50  # tickets of somebody that are compared with a new one
_AGAIN = (TicketState.DONE, TicketState.RATED)


class SqlTickets:
    def __init__(self, connection: Connection, seal: Seal) -> None:
        self._connection = connection
        self._seal = seal
        self._rows = TicketRows(connection, seal)

    def open(
        self, kind: str, phone: str, content: str, due_at: int, now: int, id: int,
        recording: str = "", details: TicketDetails = NO_DETAILS,
    ) -> Ticket:  # fmt: skip
        if (there := self._rows.by_id(id)) is not None:
            return there.told()
        number = spoken_number(id)
        state = TicketState.JOINED if details.joined_to else TicketState.OPEN
        row = {
            "id": id,
            "number": number,
            "kind": kind,
            "phone": int(phone or 0),
            "state": state.value,
            "opened_at": now,
            "due_at": due_at,
            "content_sealed": self._seal.seal(content) if content else None,
            "recording": recording,
            "category": details.category,
            "region": details.region,
            "origin": details.origin,
            "opened_by": details.opened_by,
            "joined_to": details.joined_to,
            "accept_by": 0 if details.joined_to else details.accept_by,
            "boss_state": "waiting" if details.hand_over else "",
        }
        self._connection.execute(insert(tickets), row)
        who = details.opened_by or SUBSCRIBER
        self._rows.note(id, TicketStep(now, "open", who, details.joined_to))
        return Ticket(
            number, kind, state, now, due_at, "", details.category, joined_to=details.joined_to
        )

    def find(self, phone: str, number: str) -> Ticket | None:
        found = self._mine(phone, tickets.c.number == number)
        return found.told() if found else None

    def latest(self, phone: str) -> Ticket | None:
        found = self._mine(phone, tickets.c.id > 0)
        return found.told() if found else None

    def waiting(self, phone: str) -> Sequence[Ticket]:
        return [one.told() for one in self._newest(phone, tickets.c.state.not_in(OVER))]

    def recent(self, phone: str, kind: str, since: int) -> Sequence[RecentTicket]:
        columns = tickets.c
        fresh = or_(columns.state.not_in(OVER), columns.opened_at > since, columns.done_at > since)
        return [
            RecentTicket(one.told(), one.said, (one.done_at or 1) if one.over else 0)
            for one in self._newest(phone, (columns.kind == kind) & fresh)
        ]

    def reopen(self, phone: str, number: str, why: str, due_at: int, now: int) -> bool:
        seen = self._mine(phone, tickets.c.number == number)
        if seen is None or seen.state not in _AGAIN:
            return False
        return reopen_row(self._rows, seen, TicketStep(now, "reopen", SUBSCRIBER, "", why), due_at)

    def close(self, number: str, result: str, now: int) -> ClosedTicket | None:
        seen = self._rows.find(number)
        if seen is None or seen.over:
            return None
        step = TicketStep(now, "done", HALL, "", result)
        if not self._rows.move(seen, step, state=TicketState.DONE, result=result, done_at=now):
            return None
        close_joined(self._rows, seen.number, result, now)
        ticket = self.find(seen.phone or "0", number)
        assert ticket is not None  # it has just been closed
        return ClosedTicket(seen.phone, ticket)

    def asked(self, number: str, now: int) -> None:
        seen = self._rows.find(number)
        if seen is not None:
            self._rows.move(seen, TicketStep(now, "asked", HALL), asked_at=now)

    def rate(self, phone: str, score: int, asked_at: int, now: int) -> bool:
        columns = tickets.c
        asked = (columns.asked_at == asked_at) & (columns.state == TicketState.DONE)
        seen = self._mine(phone, asked) if asked_at and phone else None
        if seen is None:
            return False
        step = TicketStep(now, "rate", SUBSCRIBER, str(score))
        return self._rows.move(seen, step, state=TicketState.RATED, score=score)

    def _newest(self, phone: str, condition: ColumnElement[bool]) -> Sequence[TicketRecord]:
        """A few, none of them joined."""
        if not phone:  # withheld numbers are not one and the same
            return []
        query = select(tickets).where(tickets.c.phone == int(phone), condition)
        query = query.where(tickets.c.state != TicketState.JOINED)
        return self._rows.all(query.order_by(tickets.c.id.desc()).limit(_MOST))

    def _mine(self, phone: str, condition: ColumnElement[bool]) -> TicketRecord | None:
        query: Any = select(tickets).where(tickets.c.phone == int(phone or 0), condition)
        return self._rows.first(query.order_by(tickets.c.id.desc()))


def reopen_row(rows: TicketRows, seen: TicketRecord, step: TicketStep, due_at: int) -> bool:
    """From done to reopened, with a new promise; what was promised before is kept for figures."""
    moved = rows.move(
        seen, step, state=TicketState.REOPENED, due_at=due_at, done_at=0, result="", late_at=0,
        level=0, asked_at=0, score=0, holder="", held_since=0, appointed_at=0, appointed_until=0,
        reopened=seen.reopened + 1, boss_state="",
    )  # fmt: skip
    if moved:
        rows.keep_promise(seen)
    return moved
