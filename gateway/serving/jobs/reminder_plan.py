"""What comes of a look at some subscribers: what is told now, what is looked at again, what is
over. Pure; `reminding` reads and keeps.

urgent, or polite hours ─▶ told, unless it was told before
else ─▶ looked at again when polite hours begin: perhaps it is no longer so by then
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from commands.model.accounts import NumberState
from commands.reminders import noticing
from commands.reminders.boss_event import BossEvent
from commands.reminders.model import (
    Booked,
    Reminder,
    ReminderKind,
    ReminderRules,
    SubscriberNow,
)
from commands.reminders.of_event import STALE, event_key, of_event
from gateway.model.unasked import WITHIN
from gateway.store.reminders import marks as changed
from gateway.store.reminders.marks import ACCOUNT, DATES, WISH, ChangeMark, LookAgain
from gateway.store.reminders.told import ToldBefore
from tariffs.catalogue import Catalogue

_STATES: Final[Mapping[str, tuple[ReminderKind, ...]]] = {
    ACCOUNT: (ReminderKind.BALANCE_LOW, ReminderKind.ARREARS, ReminderKind.NUMBER_CLOSING),
    WISH: (ReminderKind.BALANCE_LOW,),
}
"""By what has changed: the states that a look finds, or finds over."""
_NOTHING: Final[ToldBefore] = {}


class DueReminder(NamedTuple):
    """`again`: what to look at once more if the number was told the like within a day."""

    msisdn: str
    tongue: str
    reminder: Reminder
    source: str
    again: LookAgain | None = None


@dataclass(slots=True)
class ReminderPlan:
    told: list[DueReminder] = field(default_factory=list)
    again: set[LookAgain] = field(default_factory=set)
    over: list[int] = field(default_factory=list)  # of reminders that were told
    events_done: list[str] = field(default_factory=list)
    events_later: list[str] = field(default_factory=list)
    failed: list[tuple[str, Exception]] = field(default_factory=list)  # by number
    opening: int = 0  # when polite hours begin; now, if this is one


@dataclass(frozen=True, slots=True)
class Findings:
    """What was read together."""

    marks: Sequence[ChangeMark]
    events: Sequence[BossEvent]
    subscribers: Mapping[str, SubscriberNow]
    booked: Mapping[tuple[str, int], Booked]
    told: Mapping[str, ToldBefore]
    booked_before: Set[tuple[str, str]] = frozenset()  # charges and recharges: whose, and the key


class Planning:
    """One look, at one moment."""

    def __init__(
        self, found: Findings, rules: ReminderRules, catalogue: Catalogue, moment: int
    ) -> None:
        self._found = found
        self._rules = rules
        self._catalogue = catalogue
        self._moment = moment
        opening = rules.hours.next(moment, rules.days, catalogue.zone)
        self._plan = ReminderPlan(opening=opening)
        self._said: set[tuple[str, ReminderKind, str]] = set()  # in this look

    def plan(self) -> ReminderPlan:
        for mark in dict.fromkeys(mark._replace(id=0) for mark in self._found.marks):
            now = self._found.subscribers.get(mark.msisdn)
            if now is not None and now.account.state is not NumberState.CANCELLED:
                with self._alone(mark.msisdn):
                    self._look(mark, now)
        for event in self._found.events:
            self._plan.events_done.append(event.id)
            with self._alone(event.msisdn):
                self._hear(event, self._found.subscribers.get(event.msisdn))
        return self._plan

    @contextmanager
    def _alone(self, msisdn: str) -> Iterator[None]:
        """What cannot be made of one subscriber keeps nobody else from being told."""
        try:
            yield
        except Exception as error:
            self._plan.failed.append((msisdn, error))

    def _look(self, mark: ChangeMark, now: SubscriberNow) -> None:
        noticed = list(self._noticed(mark, now))
        before = self._found.told.get(mark.msisdn, _NOTHING)
        states = _STATES.get(mark.what, ())
        going_on = {(one.kind, one.key) for one in noticed}
        self._plan.over += [
            told.id
            for (kind, key), told in before.items()
            if told.lasts and kind in states and (kind, key) not in going_on
        ]
        for reminder in noticed:
            self._tell(mark, now, reminder, before)
        if mark.what == DATES and (begins := noticing.next_ending(now, self._rules, self._moment)):
            self._plan.again.add(LookAgain(mark.msisdn, DATES, 0, begins))

    def _noticed(self, mark: ChangeMark, now: SubscriberNow) -> Iterator[Reminder]:
        rules, moment, catalogue = self._rules, self._moment, self._catalogue
        match mark.what:
            case changed.ACCOUNT:
                yield from noticing.of_account(now, rules, moment, catalogue)
            case changed.WISH:
                yield from _some(noticing.of_balance(now, rules))
            case changed.USAGE:
                yield from noticing.of_allowance(now, rules, moment, catalogue)
            case changed.DATES:
                yield from noticing.of_endings(now, rules, moment, catalogue)
            case _:
                if booked := self._found.booked.get((mark.what, mark.ref)):
                    yield from _some(noticing.of_booking(booked, now, rules, catalogue))

    def _tell(
        self, mark: ChangeMark, now: SubscriberNow, reminder: Reminder, before: ToldBefore
    ) -> None:
        if (reminder.kind, reminder.key) in before:
            return
        if not reminder.urgent and self._plan.opening > self._moment:
            later = LookAgain(mark.msisdn, mark.what, mark.ref, self._plan.opening)
            self._plan.again.add(later)
            return
        again = None
        if reminder.lasting:  # it is told in a day, if it is still so
            same = [one.told_at for one in before.values() if one.meaning == reminder.meaning]
            due = max(max(same, default=0) + WITHIN, self._moment + _SOON)
            again = LookAgain(mark.msisdn, mark.what, mark.ref, due)
        self._say(mark.msisdn, now, reminder, "store", again)

    def _hear(self, event: BossEvent, now: SubscriberNow | None) -> None:
        reminder = None
        if now is not None and event.at > self._moment - STALE:
            reminder = of_event(event, now, self._rules, self._catalogue)
        if reminder is None or now is None:
            return
        if not reminder.urgent and self._plan.opening > self._moment:
            self._plan.events_done.remove(event.id)
            self._plan.events_later.append(event.id)
            return
        before = self._found.told.get(event.msisdn, _NOTHING)
        if (reminder.kind, reminder.key) not in before:
            if reminder.lasting:  # when it ends nobody may tell us: the next event is told again
                reminder = replace(reminder, key=event_key(event), lasting=False)
            self._say(event.msisdn, now, reminder, "boss", None)

    def _say(
        self,
        msisdn: str,
        now: SubscriberNow,
        reminder: Reminder,
        source: str,
        again: LookAgain | None,
    ) -> None:
        once = (msisdn, reminder.kind, reminder.key)
        if once not in self._said and (msisdn, reminder.key) not in self._found.booked_before:
            self._said.add(once)
            self._plan.told.append(
                DueReminder(msisdn, now.account.language, reminder, source, again)
            )


_SOON: Final = 60  # seconds: nothing is looked at again and again


def _some(reminder: Reminder | None) -> Iterable[Reminder]:
    return () if reminder is None else (reminder,)
