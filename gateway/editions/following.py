"""Taking up what is published, whoever published it and wherever; and handing in what was
counted."""

from __future__ import annotations

import gc
from collections.abc import Awaitable, Callable
from typing import Final, Protocol

from twisted.internet.defer import Deferred, DeferredLock
from twisted.internet.task import LoopingCall
from twisted.python.failure import Failure

from gateway.dialogue.editions_in_force import WHOLE, EditionsInForce
from gateway.dialogue.observed.menu_usage import MenuUsage
from gateway.editions.edition_follower import EditionFollower
from gateway.editions.plain_outcomes import PlainOutcomes
from gateway.editions.watching import is_watched, watch, watch_published
from gateway.model.editions.edition_outcomes import OutcomeCounts
from gateway.model.hall_reactor import IHallReactor, in_thread
from gateway.ops.log import Log
from gateway.ops.metrics import Metrics
from gateway.store.connection import StoreFailure
from gateway.store.editions.outcomes import SqlOutcomes
from gateway.store.editions.usage import SqlUsage
from gateway.store.store import Store

EVERY: Final = 1.0  # seconds between looks; one costs the store a tenth of a millisecond


class ServesEditions(Protocol):
    """Whoever serves from editions, and counts how their menus are used."""

    editions: EditionsInForce

    @property
    def usage(self) -> MenuUsage: ...

    @property
    def outcomes(self) -> OutcomeCounts: ...

    @property
    def counts(self) -> Metrics: ...

    @property
    def store(self) -> Store: ...

    @property
    def log(self) -> Log: ...


def follow(
    reactor: IHallReactor,
    wall: Callable[[], float],
    serving: ServesEditions,
    follower: EditionFollower,
    lock: DeferredLock,
    watches: Callable[[], bool],
) -> Callable[[], Awaitable[None]]:
    """From now on, until what is returned is called and done. `lock` keeps it and a reload out of
    each other's way. `watches`: whether this gateway takes back what does worse."""

    plain, minute = PlainOutcomes(), -1

    def look() -> None:
        now = int(wall())
        count(now)
        hand_in(serving, now)
        if watches():
            take_back(now)
            roll_back(now)
        if follower.news():
            found = follower.look(serving.editions)
            if found.base.version != serving.editions.base.version:
                came_of_it(int(wall()))  # until now: what comes from now on is another's
            left = serving.editions.snapshots.keys() - found.snapshots.keys()
            serving.editions = found
            follower.tell()
            if left:
                gc.collect()  # their texts are circles: of itself it comes after many editions

    def take_back(now: int) -> None:
        canary = serving.editions.canary
        reason = watch(serving.store, serving.editions, follower.settings.editions, now)
        if reason and canary is not None:
            version = canary.snapshot.version
            serving.counts.editions_taken_back += 1
            serving.log.event("edition taken back", version=version, reason=reason)

    def count(now: int) -> None:
        """What comes of an edition that is served alone: while it is watched at once, else by the
        minute, for the one that may come after it."""
        nonlocal minute
        watched = is_watched(follower.decided, follower.settings.editions, now)
        if now // 60 == minute and not watched and serving.editions.canary is None:
            return
        minute = now // 60
        came_of_it(now)

    def came_of_it(now: int) -> None:
        came = plain.since(serving.counts.served_until_now(), serving.editions.base.version, now)
        if serving.editions.canary is None:
            serving.outcomes.add(came)

    def roll_back(now: int) -> None:
        last = follower.decided
        if last is None:
            return
        came = watch_published(serving.store, last, follower.settings.editions, now)
        if came is not None:
            serving.counts.editions_taken_back += 1
            serving.log.event("edition taken back", version=last.version, reason=came.reason)

    def step() -> Deferred[None]:
        looked: Deferred[None] = lock.run(in_thread, reactor, look)
        return looked.addErrback(away)

    def away(failure: Failure) -> None:
        """It has nothing new then. That it is away, the desk tells; of anything else only the kind
        is told, and the next look may go better."""
        if failure.check(StoreFailure) is None:
            serving.log.event("editions not looked at", error=type(failure.value).__name__)

    async def stop() -> None:
        looking.stop()
        last: Deferred[None] = lock.run(in_thread, reactor, hand_in, serving, int(wall()))
        await last.addErrback(away)

    looking = LoopingCall(step)
    looking.clock = reactor
    looking.start(EVERY, now=False)
    return stop


def hand_in(serving: ServesEditions, now: int) -> None:
    """What was counted since the last time, into the store. Raises StoreFailure; it is
    counted still."""
    counts, outcomes = serving.usage.take(), serving.outcomes.take()
    if not (counts or outcomes):
        return
    try:
        with serving.store.transaction() as connection:
            SqlUsage(connection).add(counts, serving.store.calendar.day(now))
            SqlOutcomes(connection).add(outcomes)
    except StoreFailure:
        serving.usage.add(counts)
        serving.outcomes.add(outcomes)
        raise


def edition_gauges(serving: ServesEditions) -> None:
    counts = serving.counts
    taken_back = "Editions that this gateway took back by itself"
    counts.counter("editions_taken_back", taken_back, lambda: counts.editions_taken_back)

    def share() -> float:
        canary = serving.editions.canary
        return canary.share / WHOLE if canary else 0.0

    counts.gauge("canary_share", "Of all numbers, on which an edition is tried out", share)
