"""One ticket: read, moved a step on if it is as it was seen, and its steps."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, Row, Select, insert, select, update

from commands.care.ticket_news import News
from gateway.model.ticket_record import TicketRecord, TicketStep
from gateway.security.encryption import Seal
from gateway.store.tables import ticket_news, ticket_promises, ticket_steps, tickets

_LONGEST: Final = 2_000  # characters of what is kept with a step


class TicketRows:
    def __init__(self, connection: Connection, seal: Seal) -> None:
        self._connection = connection
        self._seal = seal

    def find(self, number: str) -> TicketRecord | None:
        return self.first(select(tickets).where(tickets.c.number == number))

    def by_id(self, id: int) -> TicketRecord | None:
        return self.first(select(tickets).where(tickets.c.id == id))

    def first(self, query: Select[Any]) -> TicketRecord | None:
        row = self._connection.execute(query.limit(1)).first()
        return self.record(row) if row else None

    def all(self, query: Select[Any]) -> list[TicketRecord]:
        return [self.record(row) for row in self._connection.execute(query)]

    def joined(self, number: str) -> list[TicketRecord]:
        """Those that end with this one."""
        mine = select(tickets).where(tickets.c.joined_to == number)
        return self.all(mine.order_by(tickets.c.id))

    def move(self, seen: TicketRecord, step: TicketStep, **values: object) -> bool:
        """False if it has moved since it was seen; nothing is done then."""
        mine = (tickets.c.id == seen.id) & (tickets.c.version == seen.version)
        if "place" in values:
            values["place_sealed"] = self._sealed(str(values.pop("place")))
        moved = update(tickets).where(mine).values(version=seen.version + 1, **values)
        if self._connection.execute(moved).rowcount != 1:
            return False
        self.note(seen.id, step)
        return True

    def note(self, id: int, step: TicketStep) -> None:
        row = {
            "ticket": id,
            "at": step.at,
            "step": step.step,
            "who": step.who,
            "detail": step.detail,
            "words_sealed": self._sealed(step.words[:_LONGEST]),
        }
        self._connection.execute(insert(ticket_steps), row)

    def keep_promise(self, seen: TicketRecord) -> None:
        """What was promised before it was opened again; figures count it."""
        row = {"ticket": seen.id, "due_at": seen.due_at, "done_at": seen.done_at}
        self._connection.execute(insert(ticket_promises), row)

    def tell(self, id: int, what: News, at: int) -> None:
        """Its subscriber is to hear this."""
        row = {"ticket": id, "what": what.value, "at": at}
        self._connection.execute(insert(ticket_news), row)

    def steps(self, id: int) -> list[TicketStep]:
        """The oldest first."""
        columns = ticket_steps.c
        query = select(ticket_steps).where(columns.ticket == id).order_by(columns.id)
        return [
            TicketStep(row.at, row.step, row.who, row.detail, self._opened(row.words_sealed))
            for row in self._connection.execute(query)
        ]

    def record(self, row: Row[Any]) -> TicketRecord:
        return TicketRecord(
            id=row.id,
            number=row.number,
            kind=row.kind,
            phone=str(row.phone or ""),
            state=row.state,
            opened_at=row.opened_at,
            due_at=row.due_at,
            done_at=row.done_at,
            said=self._opened(row.content_sealed),
            result=row.result,
            recording=row.recording,
            category=row.category,
            region=row.region,
            origin=row.origin,
            opened_by=row.opened_by,
            team=row.team,
            holder=row.holder,
            held_since=row.held_since,
            accept_by=row.accept_by,
            appointed_at=row.appointed_at,
            appointed_until=row.appointed_until,
            place=self._opened(row.place_sealed),
            joined_to=row.joined_to,
            reopened=row.reopened,
            level=row.level,
            late_at=row.late_at,
            score=row.score,
            boss_state=row.boss_state,
            boss_reference=row.boss_reference,
            version=row.version,
        )

    def _sealed(self, words: str) -> bytes | None:
        return self._seal.seal(words) if words else None

    def _opened(self, sealed: bytes | None) -> str:
        return self._seal.open(sealed) if sealed else ""
