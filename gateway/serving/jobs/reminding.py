"""The sweep: a look at whatever has changed since the last one, and what is told of it.

read marks and events, and whom they are about ─▶ plan ─▶ one transaction: marks gone, reminders
noted, messages in the queue of what nobody asked for

Whoever is killed in between has done nothing, and the next one does it. Two that do the same at the
same time find that the marks are gone: one of both begins anew.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from commands.model.request import Channel
from commands.reminders.of_event import event_key
from gateway.dialogue.editions_in_force import EditionsInForce
from gateway.dialogue.snapshot import HallSnapshot
from gateway.model.unasked import UnaskedMessage
from gateway.serving.jobs.reminder_plan import DueReminder, Findings, Planning, ReminderPlan
from gateway.store.connection import Connection
from gateway.store.reminders.boss_events import SqlBossEvents
from gateway.store.reminders.marks import ACCOUNT, SqlMarks
from gateway.store.reminders.subscribers import read_booked, read_subscribers, read_usual_bills
from gateway.store.reminders.told import REPEATED, TOLD, NewReminder, SqlReminders
from gateway.store.store import Store
from gateway.store.unasked import SqlUnasked

STEP: Final = 200  # marks, and events, that are looked at together
SOURCE: Final = "reminder"


class Swept(NamedTuple):
    """`looked` at so much; `told`: kind and result, in order; `failed`: of whom nothing could be
    made, and why."""

    looked: int
    told: tuple[tuple[str, str], ...] = ()
    failed: tuple[tuple[str, Exception], ...] = ()


@dataclass(frozen=True, slots=True)
class ReminderSweep:
    """`wall` tells seconds since 1970."""

    store: Store
    editions: Callable[[], EditionsInForce]
    wall: Callable[[], float]

    def step(self) -> Swept:
        """Raises TakenByAnother, RowExists: then nothing of it was done."""
        return self.tell(self.look())

    def look(self) -> Findings:
        """What there is to look at, beside whoever writes."""
        with self.store.reading() as connection:
            return read_findings(connection, self.editions().base, int(self.wall()))

    def tell(self, found: Findings) -> Swept:
        """Raises TakenByAnother, RowExists."""
        if not found.marks and not found.events:
            return Swept(0)
        now, editions = int(self.wall()), self.editions()
        base = editions.base
        plan = Planning(found, base.reminders, base.catalogue, now).plan()
        words = _said(plan, editions, now)
        with self.store.transaction() as connection:
            results = self._keep(connection, found, plan, words, now)
        return Swept(len(found.marks) + len(found.events), results, tuple(plan.failed))

    def _keep(
        self,
        connection: Connection,
        found: Findings,
        plan: ReminderPlan,
        words: list[UnaskedMessage],
        now: int,
    ) -> tuple[tuple[str, str], ...]:
        marks, events = SqlMarks(connection), SqlBossEvents(connection)
        marks.take(found.marks)
        events.done(plan.events_done, now)
        events.put_off(plan.events_later, plan.opening)
        reminders = SqlReminders(connection)
        reminders.over(plan.over)
        kept = set(SqlUnasked(connection, self.store.seal).add(words)) if words else set()
        noted, again = [], set(plan.again)
        for told, message in zip(plan.told, words, strict=True):
            if message not in kept and told.again is not None:
                again.add(told.again)
            else:
                noted.append(_noted(told, TOLD if message in kept else REPEATED, now))
        reminders.add(noted)
        marks.look_again(again)
        return tuple((one.kind.value, one.result) for one in noted)


def read_findings(connection: Connection, book: HallSnapshot, now: int) -> Findings:
    marks = SqlMarks(connection).due(now, STEP)
    events = SqlBossEvents(connection).due(now, STEP)
    numbers = sorted({m.msisdn for m in marks} | {e.msisdn for e in events})
    subscribers = read_subscribers(connection, numbers, now, book.catalogue)
    moved = {mark.msisdn for mark in marks if mark.what == ACCOUNT}
    known = [subscribers[number].account for number in sorted(moved & subscribers.keys())]
    usual = read_usual_bills(connection, known, now, book.catalogue)
    for number, fen in usual.items():
        subscribers[number] = replace(subscribers[number], usual_fen=fen)
    booked, reminders = read_booked(connection, marks, now), SqlReminders(connection)
    each = [
        (mark.msisdn, one.kind, one.key)
        for mark in marks
        if (one := booked.get((mark.what, mark.ref)))
    ]
    each += [(event.msisdn, event.kind, event_key(event)) for event in events]
    told, before = reminders.of(numbers), reminders.each_of(each)
    return Findings(marks, events, subscribers, booked, told, before)


def _said(plan: ReminderPlan, editions: EditionsInForce, now: int) -> list[UnaskedMessage]:
    """In the order of `plan.told`. What cannot be said of one keeps nobody else from being told: it
    leaves the plan."""
    said, told = [], []
    for one in plan.told:
        try:
            said.append(_words(one, editions.begins(one.msisdn), now))
        except Exception as error:
            plan.failed.append((one.msisdn, error))
        else:
            told.append(one)
    plan.told = told
    return said


def _words(told: DueReminder, book: HallSnapshot, now: int) -> UnaskedMessage:
    reminder, tongue = told.reminder, told.tongue
    text = book.conversation.own(Channel.SMS, reminder.text, tongue, reminder.facts)
    return UnaskedMessage(told.msisdn, text, tongue, reminder.meaning, SOURCE, now, reminder.urgent)


def _noted(told: DueReminder, result: str, now: int) -> NewReminder:
    one = told.reminder
    return NewReminder(
        told.msisdn, one.kind, one.key, one.meaning, told.source, result, one.lasting, now
    )
