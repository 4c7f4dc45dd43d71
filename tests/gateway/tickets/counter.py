"""A hall with tickets: subscribers who write, people who see to it, and what is told."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sqlalchemy import select

from commands.model.tickets import TicketState
from gateway.config.settings import Settings
from gateway.config.tickets.ticket_book import TicketBook, read_ticket_book
from gateway.model.messages import OutgoingMessage
from gateway.model.operators.audit import Actor
from gateway.model.operators.operators import Operator, OperatorSecrets
from gateway.model.ticket_record import TicketRecord, TicketStep
from gateway.serving.ticket_work import AlarmsRaised, NewsTold, RaiseAlarms, TellNews
from gateway.store.operators.accounts import SqlOperators
from gateway.store.operators.audit import SqlAudit
from gateway.store.store import Store
from gateway.store.tables import tickets
from gateway.store.tickets.ticket_rows import TicketRows
from gateway.store.tickets.ticket_watch import TicketAlarm
from gateway.tickets.handling import TicketHandling
from tests.gateway.hall import Office
from tests.gateway.messages import ZHANG

AGENT, OTHER, LEADER = "80002", "80003", "80001"
RIGHTS = {AGENT: ("read", "change"), OTHER: ("read", "change"),
          LEADER: ("read", "change", "assign", "escalate")}  # fmt: skip


@cache
def own_ticket_book() -> TicketBook:
    return read_ticket_book(Settings())


@dataclass
class TicketCounter:
    """`by(AGENT, …)` does a step in a transaction of its own."""

    office: Office

    @property
    def store(self) -> Store:
        return self.office.store

    @property
    def now(self) -> int:
        return int(self.office.bag.now)

    def hire(self) -> None:
        with self.store.transaction() as connection:
            accounts = SqlOperators(connection, self.store.seal)
            for number, name in ((AGENT, "李娜"), (OTHER, "赵敏"), (LEADER, "王芳")):
                secrets = OperatorSecrets("", "A" * 32)
                accounts.add(
                    Operator(number, name, "agent", "", created_at=1, changed_at=1), secrets
                )

    def complain(self, text: str = "TS#乱扣费", phone: str = ZHANG) -> str:
        """The number of the ticket that was opened by it."""
        self.office.bag.now += 1
        self.said = self.office.hears(text, phone)
        with self.store.reading() as connection:
            query = select(tickets.c.number).order_by(tickets.c.id.desc())
            return str(connection.execute(query.limit(1)).scalar_one())

    def by(self, operator: str, step: str, /, *given: object, **named: object) -> TicketRecord:
        with self.store.transaction() as connection:
            handling = TicketHandling(
                connection, self.store.seal, own_ticket_book(), Actor(operator, "127.0.0.1"),
                lambda verb: verb in RIGHTS[operator], self.now,
            )  # fmt: skip
            moved = getattr(handling, step)(*given, **named)
            assert isinstance(moved, TicketRecord)
            return moved

    def told(self) -> list[OutgoingMessage]:
        """What is told now; what is to wait stays in the outbox."""
        ids = tuple(self.office.bag.id() for _ in range(20))
        (done,) = self.office.serve(TellNews(self.now, ids))
        assert isinstance(done, NewsTold)
        self.office.deliver()
        return list(done.answers)

    def words(self) -> list[str]:
        return [each.text for each in self.told()]

    def alarms(self) -> list[TicketAlarm]:
        (raised,) = self.office.serve(RaiseAlarms(self.now))
        assert isinstance(raised, AlarmsRaised)
        return raised.alarms

    def ticket(self, number: str) -> TicketRecord:
        with self.store.reading() as connection:
            found = TicketRows(connection, self.store.seal).find(number)
        assert found is not None
        return found

    def state(self, number: str) -> str:
        return TicketState(self.ticket(number).state).value

    def steps(self, number: str) -> list[TicketStep]:
        with self.store.reading() as connection:
            return TicketRows(connection, self.store.seal).steps(self.ticket(number).id)

    def audit(self) -> list[tuple[str, str, str]]:
        """Who, what, whose."""
        with self.store.reading() as connection:
            rows = SqlAudit(connection, self.store.seal).all()
            return [(r.entry.operator, r.entry.action, r.entry.subscriber) for r in rows]
