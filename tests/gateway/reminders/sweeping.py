"""A sweep over a real store with the project's own conf, and what it has said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from commands.reminders.boss_event import BossEvent, EventFacts
from commands.reminders.model import ReminderKind
from gateway.dialogue.editions_in_force import EditionsInForce
from gateway.serving.jobs.reminding import ReminderSweep, Swept
from gateway.store.reminders.boss_events import SqlBossEvents
from gateway.store.store import Store
from gateway.store.tables import profiles, subscribers, unasked, usage
from tariffs.catalogue import SHANGHAI
from tests.gateway.hall import own_book


def moment(written: str) -> int:
    """In the hall's zone: 2026-11-20 10:00."""
    return int(datetime.fromisoformat(written).replace(tzinfo=SHANGHAI).timestamp())


@dataclass
class Hall:
    store: Store
    now: int = moment("2026-11-20 10:00")  # a Friday

    def sweep(self) -> list[str]:
        """Until nothing is left to look at; what was said by it, in order."""
        before = len(self.said())
        while self.step().looked:
            pass
        return self.said()[before:]

    def step(self) -> Swept:
        return ReminderSweep(
            self.store, lambda: EditionsInForce(own_book()), lambda: self.now
        ).step()

    def said(self) -> list[str]:
        with self.store.transaction() as connection:
            rows = connection.execute(select(unasked.c.text_sealed).order_by(unasked.c.id))
            return [self.store.seal.open(row[0]) for row in rows]

    # -- what happens ----------------------------------------------------------------------------

    def account(self, number: str, **values: object) -> None:
        with self.store.transaction() as connection:
            mine = update(subscribers).where(subscribers.c.msisdn == int(number))
            connection.execute(mine.values(values))

    def uses(self, number: str, item: str, used: int, month: int = 202611) -> None:
        with self.store.transaction() as connection:
            row = {"msisdn": int(number), "month": month, "item": item}
            mine = update(usage).filter_by(**row).values(used=used)
            if not connection.execute(mine).rowcount:
                connection.execute(insert(usage), row | {"used": used})

    def profile(self, number: str, **values: object) -> None:
        with self.store.transaction() as connection:
            row = {"msisdn": int(number)}
            mine = update(profiles).filter_by(**row).values(values)
            if not connection.execute(mine).rowcount:
                connection.execute(insert(profiles), row | values)

    def wishes(self, number: str, name: str, value: str) -> None:
        with self.store.transaction() as connection:
            self.store.ports(connection).preferences.put(number, name, value, "10", self.now)

    def opens(self, number: str, service: str) -> None:
        with self.store.transaction() as connection:
            self.store.ports(connection).services.open(number, service, self.now - 60, 1)

    def closes(self, number: str, service: str) -> None:
        with self.store.transaction() as connection:
            self.store.ports(connection).services.close(number, service, self.now, 1)

    def charges(self, number: str, fen: int, reason: str, order: int) -> None:
        with self.store.transaction() as connection:
            self.store.ports(connection).accounts.charge(number, fen, reason, order, self.now)

    def credits(self, number: str, fen: int, way: str, order: int) -> None:
        with self.store.transaction() as connection:
            self.store.ports(connection).accounts.credit(number, fen, way, order, self.now)

    def hears(self, number: str, kind: str, id: str, **facts: Any) -> int:
        event = BossEvent(id, number, ReminderKind(kind), self.now, EventFacts(**facts))
        with self.store.transaction() as connection:
            return SqlBossEvents(connection).add([event], self.now)
