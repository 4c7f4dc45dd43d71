"""What the desk does with a batch, in one transaction: acknowledged means safe, effects happen
once.

note what the peers took and read ─▶ read the batch's subscribers and dialogues together
  ─▶ each message: sent again? a part? else one step of its conversation
  ─▶ keep messages, answers, dialogues ─▶ commit

Where that fails: once more, if the store says that it may go through then; an apology, if one
message is at fault; else nothing of it was done, and the peers send it again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import cast

from twisted.python.failure import Failure

from commands.model.hall import RandomSource
from gateway.dialogue.editions_in_force import EditionsInForce
from gateway.dialogue.observed.menu_usage import MenuUsage, counted
from gateway.dialogue.snapshot import HallSnapshot
from gateway.model.cluster_view import ClusterView, Member
from gateway.model.doors import DoorInput
from gateway.model.editions.edition_outcomes import OutcomeCounts
from gateway.model.messages import (
    BindNote,
    DeleteExpired,
    InboxEntry,
    LoadHanded,
    LoadOutbox,
    LookForHanded,
    ReadCaller,
    SendOutcome,
    SendOutcomes,
    SmscOf,
    SubscriberInput,
)
from gateway.ops.log import Log, masked
from gateway.ops.metrics import Metrics
from gateway.serving.boss_work import DueErrands
from gateway.serving.desk import Unavailable
from gateway.serving.placing import placed, without
from gateway.serving.rate_limit import BatchQuota, HourlyQuota
from gateway.serving.redelivery import Redelivery
from gateway.serving.ticket_work import DueHandOvers, RaiseAlarms, TellNews
from gateway.serving.unit_of_work import UnitOfWork
from gateway.serving.work import DeskWork, HeardTurn, Served, WorkResult
from gateway.store.connection import Connection, all_before_is_replicated
from gateway.store.known_callers import read_callers
from gateway.store.outage import Outage, is_away, is_passing
from gateway.store.retention import Retention
from gateway.store.sessions import Sessions
from gateway.store.store import Store

READS = (
    LoadOutbox, LookForHanded, LoadHanded, SmscOf, DueErrands, DeleteExpired, ReadCaller, TellNews,
    RaiseAlarms, DueHandOvers,
)  # fmt: skip
"""Work that may write nothing: that it was done does not show that the store keeps anything."""
TURN = 1.0  # seconds for which a batch waits for another that asks what the store has kept


class SlotsMoved(Unavailable):
    """What this batch went by is so no longer: another gateway holds our slots, or we gave one
    up."""


class BatchServer:
    """The desk's work. One instance serves all desk threads."""

    def __init__(
        self,
        store: Store,
        sessions: Sessions,
        editions: EditionsInForce,
        quota: HourlyQuota,
        chance: RandomSource,
        redelivery: Redelivery,
        retention: Retention,
        counts: Metrics,
        log: Log,
        member: Member,
        *,
        message_lines: bool = True,
        recorded: float = 0.0,
        sends: Callable[[], bool] = lambda: True,
        placed: Callable[[], None] | None = None,
        wall: Callable[[], float] = time.time,
    ) -> None:
        """`recorded`: the share of walks through menus whose keys are kept. `sends`: whether a bind
        of ours can send now. `placed`: there is a BOSS, and this tells its lane that it has got
        work; from any thread."""
        self.store = store
        self.sessions = sessions
        self._editions = editions
        self._wall = wall
        self.quota = quota
        self.chance = chance
        self.redelivery = redelivery
        self.retention = retention
        self.counts = counts
        self.log = log
        self.message_lines = message_lines
        self.placed = placed
        self.smscs = redelivery.smscs
        self.usage = MenuUsage()
        self.outcomes = OutcomeCounts()
        self.recorded = recorded
        self.outage = Outage()
        self.sends = sends
        self._member = member
        self._doubtful: list[
            SubscriberInput | DoorInput
        ] = []  # the commit failed, and may have come through
        self._owed: list[BindNote] = []  # notes that could not be made
        self._taken: list[
            SendOutcome
        ] = []  # texts that asked for a confirm, not noted as taken yet
        self._catching_up = Lock()

    @property
    def book(self) -> HallSnapshot:
        """The edition that is in force for all, with the prices of this moment."""
        return self.editions.base

    @book.setter
    def book(self, book: HallSnapshot) -> None:
        self._editions = EditionsInForce(book)

    @property
    def editions(self) -> EditionsInForce:
        """What is in force, with the prices of this moment."""
        return self._editions.at(self._wall())

    @editions.setter
    def editions(self, editions: EditionsInForce) -> None:
        self._editions = editions

    def serve(self, batch: Sequence[DeskWork], *, again: bool = True) -> Sequence[WorkResult]:
        """All of it, in one transaction. Raises Unavailable, or what went wrong: then nothing of it
        was done. `again`: it may be tried once more."""
        try:
            if all(isinstance(work, ReadCaller) for work in batch):
                return self._callers(cast(Sequence[ReadCaller], batch))
            if all(isinstance(work, LookForHanded) for work in batch):
                return [self._is_handed()] * len(batch)
            if self._doubtful or self._owed or self._taken:
                self._catch_up()
            began = time.perf_counter()
            with self._unit_of_work() as unit:
                unit.prepare(batch)
                results: list[WorkResult] = []
                for work in batch:
                    results.append(unit.DOES[type(work)](unit, work))
        except Exception as error:
            if again and (is_passing(error) or isinstance(error, SlotsMoved)):
                return self.serve(batch, again=False)
            return self._failed(batch, error)
        self._tell(unit, time.perf_counter() - began)
        if self.outage.what and self._shows_an_end(batch):
            self.outage.over(self.log)
        return without(results, unit.handed)

    def _callers(self, batch: Sequence[ReadCaller]) -> Sequence[WorkResult]:
        """Beside whoever writes, and without a commit."""
        with self.store.reading() as connection:
            phones = [work.phone for work in batch]
            found = read_callers(connection, phones, batch[-1].now)
        return [found[phone] for phone in phones]

    def _is_handed(self) -> int:
        """The same; whoever reads it then does so in a transaction that is kept."""
        with self._member.batch() as view, self.store.reading() as connection:
            return int(self.store.messages.is_handed(connection, view.held))

    @contextmanager
    def _unit_of_work(self) -> Iterator[UnitOfWork]:
        """A transaction whose end keeps everything, or of which nothing remains."""
        quota = BatchQuota(self.quota)
        committing: list[InboxEntry] = []
        try:
            with self._fenced() as (connection, view, used):
                unit = UnitOfWork(self, connection, quota, view)
                quota.elsewhere = unit.repetitions.asked_elsewhere  # not the unit's: no circles
                yield unit
                unit.keep()
                places = placed(connection, unit.outbox, view, sends=self.sends())
                unit.put(places)
                used.update(place.owner for place in places.values())
                committing = unit.inbox
        except BaseException as error:
            if not (is_passing(error) or isinstance(error, Unavailable)):
                self._doubtful += [entry.message for entry in committing]
            quota.give_back()
            raise

    @contextmanager
    def _fenced(self) -> Iterator[tuple[Connection, ClusterView, set[int]]]:
        """A transaction that is kept only if what it goes by holds to its end; who puts messages
        into slots adds these to the set."""
        used: set[int] = set()
        with self._member.batch() as view, self.store.transaction() as connection:
            yield connection, view, used
            if not self._member.holds(connection, view, frozenset(used)):
                raise SlotsMoved("another gateway may serve what is ours by now")

    def _tell(self, unit: UnitOfWork, seconds: float) -> None:
        """It is kept: log, count, and wake who has got work."""
        if self.message_lines:
            self.log.events(unit.events)
        if unit.router.walked:
            self.usage.add(counted(unit.router.walked))
        if unit.router.outcomes:
            self.outcomes.add(unit.router.outcomes)
        self.counts.offered(unit.tally.offers)
        served = [(e.message.channel, e.action, e.result) for e in unit.inbox]
        self.counts.batch(served, unit.refused, seconds)
        if unit.placed and self.placed is not None:
            self.placed()

    def reconfigure(self, editions: EditionsInForce, recorded: float, per_hour: int) -> None:
        """From the next batch on."""
        self.editions, self.recorded, self.quota.per_hour = editions, recorded, per_hour

    # -- when it fails ---------------------------------------------------------------------------

    def _failed(self, batch: Sequence[DeskWork], error: Exception) -> Sequence[WorkResult]:
        if len(batch) == 1 and isinstance(batch[0], SubscriberInput) and not _is_refusal(error):
            try:
                return [self._apologise(batch[0], error)]
            except Exception as worse:
                error = worse
        if is_away(error):
            self.outage.began(error, self.log)
        elif not isinstance(error, Unavailable):
            raise error
        self._owed += [work for work in batch if isinstance(work, BindNote)]
        self._taken += [one for one in _settled_in(batch) if one.asks_for and one.accepted]
        raise Unavailable(type(error).__name__) from error

    def _apologise(self, arrived: SubscriberInput, error: Exception) -> Served:
        """A message that we cannot serve is kept and answered all the same: sent again and again,
        it would come back for ever."""
        self.log.event("failed", id=arrived.id, phone=masked(arrived.phone), error=error)
        began = time.perf_counter()
        with self._unit_of_work() as unit:
            served = unit.apologise(arrived)
        self._tell(unit, time.perf_counter() - began)
        return served

    def _shows_an_end(self, batch: Sequence[DeskWork]) -> bool:
        """Only for messages the sessions are asked, and only what writes shows that the store
        keeps."""
        if self.outage.what == "store":
            return not all(isinstance(work, READS) for work in batch)
        return any(isinstance(work, SubscriberInput | HeardTurn) for work in batch)

    def _catch_up(self) -> None:
        """After the store was away. If it died while it committed, it may have kept everything and
        not said so; the peers were asked to send again, and that must be known for a repetition.
        And what became of binds in the meantime is noted before anything comes by the next, and
        which texts were taken, before they are answered."""
        if not self._catching_up.acquire(timeout=TURN):
            raise Unavailable("another batch asks what the store has kept")
        try:
            doubtful, owed = tuple(self._doubtful), tuple(self._owed)
            taken = tuple(self._taken)
            with self._fenced() as (connection, view, _):
                unit = UnitOfWork(self, connection, BatchQuota(self.quota), view)
                unit.deliveries.catch_up([message.id for message in doubtful], owed, taken)
                all_before_is_replicated(connection)
            del self._doubtful[: len(doubtful)]
            del self._owed[: len(owed)]
            del self._taken[: len(taken)]
        finally:
            self._catching_up.release()

    def remember_unproven(self) -> None:
        """After a start: what the peers may send again since the last run."""
        with self.store.transaction() as connection:
            self.redelivery.remember(connection)

    def inherit_unproven(self) -> None:
        """After a takeover: what they may send again since the other gateway died."""
        with self.store.transaction() as connection:
            self.redelivery.inherit(connection)


def tell_failed(log: Log, error: Exception, results: Sequence[WorkResult | Failure]) -> None:
    """Why a batch failed that is no outage, and which of its jobs failed alone as well."""
    alone = [one.value for one in results if isinstance(one, Failure) and one.value is not None]
    if len(results) > 1 or not alone:
        log.event("batch failed", error=error, jobs=len(results), alone=len(alone))
    for each in alone:
        if not isinstance(each, Unavailable):
            log.event("work failed", error=each)


def _is_refusal(error: Exception) -> bool:
    """The message would fare no better alone."""
    return isinstance(error, Unavailable) or is_away(error)


def _settled_in(works: Sequence[DeskWork]) -> list[SendOutcome]:
    return [one for work in works if isinstance(work, SendOutcomes) for one in work.settled]
