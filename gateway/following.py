"""Taking up what is published, whoever published it and wherever."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

from sqlalchemy.exc import SQLAlchemyError
from twisted.internet.defer import Deferred, DeferredLock
from twisted.internet.task import LoopingCall
from twisted.internet.threads import deferToThread
from twisted.python.failure import Failure

from gateway.batch import Counter
from gateway.librarian import Librarian

EVERY: Final = 1.0  # seconds between looks; one costs the store a tenth of a millisecond


def follow(
    reactor: Any, counter: Counter, librarian: Librarian, lock: DeferredLock
) -> Callable[[], Awaitable[None]]:
    """From now on, until what is returned is called and done. `lock` keeps it and a reload out of
    each other's way."""

    def look() -> None:
        if librarian.news():
            counter.book = librarian.arranged(counter.book, counter.book.shelf)
            librarian.tell()

    def step() -> Deferred[None]:
        looked: Deferred[None] = lock.run(deferToThread, look)
        return looked.addErrback(away)

    def away(failure: Failure) -> None:
        """It has nothing new then. That it is away, the desk tells."""
        failure.trap(SQLAlchemyError)

    async def stop() -> None:
        looking.stop()
        await lock.run(lambda: None)

    looking = LoopingCall(step)
    looking.clock = reactor
    looking.start(EVERY, now=False)
    return stop
