"""What a gateway does about tickets every now and then: it tells subscribers what is due, raises
alarms, and carries tickets to the operator's own system and back.

One gateway tells and raises alarms; the one that has the BOSS carries. Where two both do, for a
moment, each thing is still done once: the store says who was first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from twisted.internet.defer import Deferred
from twisted.internet.task import LoopingCall
from twisted.python.failure import Failure

from commands.model.care.ticket_rules import TicketRules
from gateway.boss.client import Boss, BossAway, BossRefused
from gateway.delivery.outbox import Outbox
from gateway.model.hall_reactor import IHallReactor, in_thread, repeat
from gateway.model.message_id import MessageIds
from gateway.ops.log import Log
from gateway.ops.metrics import Metrics
from gateway.serving.desk import Unavailable
from gateway.serving.ticket_work import (
    AlarmsRaised,
    AnswersTaken,
    DueHandOvers,
    HandOversDue,
    KeepHandOver,
    NewsTold,
    RaiseAlarms,
    TakeAnswers,
    TellNews,
)
from gateway.serving.work import HallDesk
from gateway.store.connection import StoreFailure
from gateway.store.store import Store
from gateway.store.tickets.giving_back import is_idle
from gateway.store.tickets.handed_over import (
    REFUSED,
    TAKEN,
    HandOver,
    heard_upto,
    is_handed_over,
)
from gateway.store.tickets.ticket_watch import (
    TicketCounts,
    is_alarming,
    news_is_due,
    ticket_counts,
)

TELL_EVERY: Final = 2.0  # seconds between looks for what is to be told
WATCH_EVERY: Final = 15.0  # seconds between looks for what is late
BOSS_EVERY: Final = 2.0  # seconds between questions to the BOSS
AT_ONCE: Final = 20  # told or handed over in one go
LONGEST_WAIT: Final = 300  # seconds until a ticket that could not be handed over is tried again


@dataclass(slots=True)
class TicketJobs:
    """`first`: whether this gateway does what one is enough for; `carries`: whether it has the
    BOSS."""

    reactor: IHallReactor
    wall: Callable[[], float]
    store: Store
    desk: HallDesk
    ids: MessageIds
    outbox: Outbox
    counts: Metrics
    log: Log
    rules: Callable[[], TicketRules]
    first: Callable[[], bool]
    boss: Boss | None = None
    carries: Callable[[], bool] = lambda: False
    standing: TicketCounts = field(default_factory=TicketCounts)
    _calls: list[LoopingCall] = field(default_factory=list)

    def start(self) -> None:
        jobs = [(TELL_EVERY, self.tell), (WATCH_EVERY, self.watch)]
        if self.boss is not None:
            jobs.append((BOSS_EVERY, self.carry))
        self._calls = [repeat(self.reactor, every, self._step(job)) for every, job in jobs]

    def stop(self) -> None:
        for call in self._calls:
            call.stop()
        self._calls.clear()

    def _step(self, job: Callable[[], Deferred[None]]) -> Callable[[], Deferred[None]]:
        def failed(failure: Failure) -> None:
            """It is where it was, and is looked at again in a moment."""
            if failure.check(Unavailable, StoreFailure) is None:
                self.log.event("tickets not looked at", error=failure.value)

        return lambda: job().addErrback(failed)

    def tell(self) -> Deferred[None]:
        return Deferred.fromCoroutine(self._tell())

    def watch(self) -> Deferred[None]:
        return Deferred.fromCoroutine(self._watch())

    def carry(self) -> Deferred[None]:
        return Deferred.fromCoroutine(self._carry())

    # -- telling and watching ----------------------------------------------------------------------

    async def _tell(self) -> None:
        while self.first() and await in_thread(self.reactor, self._is_news):
            ids = tuple(self.ids.next() for _ in range(AT_ONCE))
            told = await self.desk.ask(TellNews(int(self.wall()), ids))
            assert isinstance(told, NewsTold)
            self.outbox.add(told.answers)

    async def _watch(self) -> None:
        if not self.first():
            self.standing = TicketCounts()
            return
        self.standing, alarming = await in_thread(self.reactor, self._look)
        while alarming and self.first():
            raised = await self.desk.ask(RaiseAlarms(int(self.wall())))
            assert isinstance(raised, AlarmsRaised)
            for alarm in raised.alarms:
                self.counts.ticket_alarms[alarm.what, alarm.kind] += 1
                self.log.event(
                    "ticket alarm", what=alarm.what, number=alarm.number, kind=alarm.kind,
                    region=alarm.region, escalation=alarm.level,
                )  # fmt: skip
            alarming = bool(raised.alarms) and (await in_thread(self.reactor, self._look))[1]

    def _is_news(self) -> bool:
        with self.store.reading() as connection:
            return news_is_due(connection, int(self.wall()))

    def _look(self) -> tuple[TicketCounts, bool]:
        now = int(self.wall())
        with self.store.reading() as connection:
            rules = self.rules()
            due = is_alarming(connection, rules, now) or is_idle(connection, rules, now)
            return ticket_counts(connection, now), due

    # -- the operator's own system -----------------------------------------------------------------

    async def _carry(self) -> None:
        assert self.boss is not None
        if not self.carries() or self.boss.rests():
            return
        waiting, asked, before = await in_thread(self.reactor, self._at_boss)
        if waiting:
            due = await self.desk.ask(DueHandOvers(int(self.wall()), AT_ONCE))
            assert isinstance(due, HandOversDue)
            for each in due.due:
                if self.carries():
                    await self._hand_over(each)
        if asked:
            await self._hear(before)

    def _at_boss(self) -> tuple[bool, bool, int]:
        with self.store.reading() as connection:
            waiting, asked = is_handed_over(connection, int(self.wall()))
            return waiting, asked, heard_upto(connection) if asked else 0

    async def _hand_over(self, each: HandOver) -> None:
        """It is kept before it is told."""
        assert self.boss is not None
        number, now = each.number, int(self.wall())
        try:
            name = await in_thread(self.reactor, self.boss.take_ticket, each.key, each.ticket)
        except BossRefused as refused:
            why = str(refused)
            await self.desk.ask(KeepHandOver(number, REFUSED, why, now))
            self.log.event("ticket refused", number=number, reason=why)
        except BossAway as away:
            tries = each.tries + 1
            again = now + min(LONGEST_WAIT, 2 ** min(tries, 10))
            await self.desk.ask(KeepHandOver(number, "", "", now, again))
            self.log.event("ticket put off", number=number, tries=tries, reason=str(away))
        else:
            await self.desk.ask(KeepHandOver(number, TAKEN, name, now))
            self.log.event("ticket handed over", number=number)

    async def _hear(self, before: int) -> None:
        assert self.boss is not None
        try:
            said = await in_thread(self.reactor, self.boss.ticket_answers, before)
        except BossAway as away:
            self.log.event("ticket answers not heard", reason=str(away))
            return
        if not said:
            return
        taken = await self.desk.ask(TakeAnswers(before, tuple(said), int(self.wall())))
        assert isinstance(taken, AnswersTaken)
        for one in taken.taken:
            self.log.event("ticket answer", number=one.number, what=one.what, fits=one.fits)
