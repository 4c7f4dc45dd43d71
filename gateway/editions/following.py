"""Taking up what is published, whoever published it and wherever; and handing in what was
counted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, Protocol

from twisted.internet.defer import Deferred, DeferredLock
from twisted.internet.task import LoopingCall
from twisted.python.failure import Failure

from gateway.dialogue.menu_usage import MenuUsage
from gateway.dialogue.snapshot import HallSnapshot
from gateway.editions.edition_follower import EditionFollower
from gateway.model.hall_reactor import IHallReactor, in_thread
from gateway.ops.log import Log
from gateway.store.connection import StoreFailure
from gateway.store.menus.usage import SqlUsage
from gateway.store.store import Store

EVERY: Final = 1.0  # seconds between looks; one costs the store a tenth of a millisecond


class ServesMenus(Protocol):
    """Whoever serves from the book, and counts how its menus are used."""

    book: HallSnapshot

    @property
    def usage(self) -> MenuUsage: ...

    @property
    def store(self) -> Store: ...

    @property
    def log(self) -> Log: ...


def follow(
    reactor: IHallReactor,
    wall: Callable[[], float],
    serving: ServesMenus,
    follower: EditionFollower,
    lock: DeferredLock,
) -> Callable[[], Awaitable[None]]:
    """From now on, until what is returned is called and done. `lock` keeps it and a reload out of
    each other's way."""

    def look() -> None:
        hand_in(serving, int(wall()))
        if follower.news():
            serving.book = follower.arranged(serving.book, serving.book.in_force)
            follower.tell()

    def step() -> Deferred[None]:
        looked: Deferred[None] = lock.run(in_thread, reactor, look)
        return looked.addErrback(away)

    def away(failure: Failure) -> None:
        """It has nothing new then. That it is away, the desk tells; of anything else only the kind
        is told, and the next look may go better."""
        if failure.check(StoreFailure) is None:
            serving.log.event("menus not looked at", error=type(failure.value).__name__)

    async def stop() -> None:
        looking.stop()
        last: Deferred[None] = lock.run(in_thread, reactor, hand_in, serving, int(wall()))
        await last.addErrback(away)

    looking = LoopingCall(step)
    looking.clock = reactor
    looking.start(EVERY, now=False)
    return stop


def hand_in(serving: ServesMenus, now: int) -> None:
    """What was counted since the last time, into the store. Raises StoreFailure; it is
    counted still."""
    counts = serving.usage.take()
    if not counts:
        return
    try:
        with serving.store.transaction() as connection:
            SqlUsage(connection).add(counts, serving.store.calendar.day(now))
    except StoreFailure:
        serving.usage.add(counts)
        raise
