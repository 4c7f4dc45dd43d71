"""commands.model.tickets: what people do for subscribers."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update

from commands.model.tickets import ClosedTicket, Ticket
from gateway.model.message_id import spoken_number
from gateway.security.encryption import Seal
from gateway.store.tables import tickets


class SqlTickets:
    def __init__(self, connection: Connection, seal: Seal) -> None:
        self._connection = connection
        self._seal = seal

    def open(
        self, kind: str, phone: str, content: str, due_at: int, now: int, id: int,
        recording: str = "",
    ) -> Ticket:  # fmt: skip
        number = spoken_number(id)
        row = {"id": id, "number": number, "kind": kind, "phone": int(phone or 0), "opened_at": now}
        sealed = self._seal.seal(content) if content else None
        if self._connection.execute(select(tickets.c.id).where(tickets.c.id == id)).first() is None:
            more = {"due_at": due_at, "content_sealed": sealed, "recording": recording}
            self._connection.execute(insert(tickets), row | more)
        return Ticket(number, kind, "open", now, due_at)

    def find(self, phone: str, number: str) -> Ticket | None:
        return self._first(tickets.c.number == number, phone)

    def latest(self, phone: str) -> Ticket | None:
        return self._first(tickets.c.id > 0, phone)

    def close(self, number: str, result: str, now: int) -> ClosedTicket | None:
        mine = (tickets.c.number == number) & (tickets.c.state != "done")
        closed = update(tickets).where(mine).values(state="done", result=result, done_at=now)
        if self._connection.execute(closed).rowcount != 1:
            return None
        query = select(tickets.c.phone).where(tickets.c.number == number)
        phone = str(self._connection.execute(query).scalar_one())
        ticket = self.find(phone, number)
        assert ticket is not None  # it has just been closed
        return ClosedTicket(phone, ticket)

    def _first(self, condition: object, phone: str) -> Ticket | None:
        columns = tickets.c
        query = (
            select(
                columns.number,
                columns.kind,
                columns.state,
                columns.opened_at,
                columns.due_at,
                columns.result,
            )
            .where(columns.phone == int(phone), condition)  # type: ignore[arg-type]
            .order_by(columns.id.desc())
            .limit(1)
        )
        row = self._connection.execute(query).first()
        return Ticket(*row) if row else None
