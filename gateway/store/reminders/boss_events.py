"""What the BOSS has told us, until it was looked at; its id is kept for longer, so that it is told
once however often it is sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Final

import orjson
from sqlalchemy import Connection, func, select, text, update

from commands.reminders.boss_event import BossEvent, EventFacts
from commands.reminders.model import ReminderKind
from gateway.store.engine import Among, inserting
from gateway.store.reminders.marks import TakenByAnother
from gateway.store.tables import boss_events

_NONE: Final = asdict(EventFacts())
_GIVEN: Final = 0  # stands for a value that is given when the statement runs
_OPEN: Final = update(boss_events).where(text("done_at = 0")).returning(boss_events.c.id)
_DONE: Final = Among(_OPEN.values(done_at=_GIVEN, facts=text("'{}'")), boss_events.c.id)
_LATER: Final = Among(_OPEN.values(due_at=_GIVEN), boss_events.c.id)


class SqlBossEvents:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, events: Iterable[BossEvent], now: int) -> int:
        """How many of them are new."""
        rows = [
            {
                "id": event.id, "msisdn": int(event.msisdn), "kind": event.kind.value,
                "happened_at": event.at, "facts": _packed(event.facts), "received_at": now,
            }
            for event in sorted(events, key=lambda event: event.id)
        ]  # fmt: skip
        if not rows:
            return 0
        adding = inserting(self._connection, boss_events).on_conflict_do_nothing()
        return len(self._connection.execute(adding.returning(boss_events.c.id), rows).all())

    def due(self, now: int, limit: int) -> list[BossEvent]:
        columns = boss_events.c
        query = select(
            columns.id, columns.msisdn, columns.kind, columns.happened_at, columns.facts
        ).where(columns.done_at == 0, columns.due_at <= now)
        rows = self._connection.execute(query.order_by(columns.due_at, columns.id).limit(limit))
        return [
            BossEvent(id, str(msisdn), ReminderKind(kind), at, EventFacts(**orjson.loads(facts)))
            for id, msisdn, kind, at, facts in rows
        ]

    def done(self, ids: Sequence[str], now: int) -> None:
        """Raises TakenByAnother."""
        self._change(_DONE, ids, now)

    def put_off(self, ids: Sequence[str], until: int) -> None:
        """Raises TakenByAnother."""
        self._change(_LATER, ids, until)

    def _change(self, change: Among, ids: Sequence[str], moment: int) -> None:
        changed = len(change.rows(self._connection, ids, (moment,)))
        if changed != len(ids):
            raise TakenByAnother(f"{len(ids) - changed} of {len(ids)} events are done")

    def waiting(self) -> int:
        waits = select(func.count()).where(boss_events.c.done_at == 0)
        return int(self._connection.execute(waits).scalar_one())


def _packed(facts: EventFacts) -> str:
    told = {name: value for name, value in asdict(facts).items() if value != _NONE[name]}
    return orjson.dumps(told).decode()
