"""Taking up what is published, whoever published it and wherever; and handing in what was
counted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

from sqlalchemy.exc import SQLAlchemyError
from twisted.internet.defer import Deferred, DeferredLock
from twisted.internet.task import LoopingCall
from twisted.internet.threads import deferToThread
from twisted.python.failure import Failure

from gateway.batch import Counter
from gateway.menus.librarian import Librarian
from gateway.store.usage import SqlUsage

EVERY: Final = 1.0  # seconds between looks; one costs the store a tenth of a millisecond


def follow(
    reactor: Any,
    wall: Callable[[], float],
    counter: Counter,
    librarian: Librarian,
    lock: DeferredLock,
) -> Callable[[], Awaitable[None]]:
    """From now on, until what is returned is called and done. `lock` keeps it and a reload out of
    each other's way."""

    def look() -> None:
        hand_in(counter, int(wall()))
        if librarian.news():
            counter.book = librarian.arranged(counter.book, counter.book.shelf)
            librarian.tell()

    def step() -> Deferred[None]:
        looked: Deferred[None] = lock.run(deferToThread, look)
        return looked.addErrback(away)

    def away(failure: Failure) -> None:
        """It has nothing new then. That it is away, the desk tells; of anything else only the kind
        is told, and the next look may go better."""
        if failure.check(SQLAlchemyError) is None:
            counter.log.event("menus not looked at", error=type(failure.value).__name__)

    async def stop() -> None:
        looking.stop()
        last: Deferred[None] = lock.run(deferToThread, hand_in, counter, int(wall()))
        await last.addErrback(away)

    looking = LoopingCall(step)
    looking.clock = reactor
    looking.start(EVERY, now=False)
    return stop


def hand_in(counter: Counter, now: int) -> None:
    """What was counted since the last time, into the store. Raises what SQLAlchemy raises; it is
    counted still."""
    counts = counter.usage.take()
    if not counts:
        return
    try:
        with counter.store.transaction() as connection:
            SqlUsage(connection).add(counts, now)
    except SQLAlchemyError:
        counter.usage.add(counts)
        raise
