"""Several threads at the same work, and what any of them stumbled over."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, cast

from twisted.internet.task import Clock

from gateway.model.hall_reactor import IHallReactor


class ThreadedClock(Clock):
    """Time as a test says it is, and the real reactor's threads."""

    def getThreadPool(self) -> Any:
        return _reactor().getThreadPool()

    def callFromThread(self, call: Callable[..., object], *args: object) -> None:
        _reactor().callFromThread(call, *args)


def _reactor() -> Any:
    from twisted.internet import reactor

    return reactor


def as_reactor(clock: ThreadedClock) -> IHallReactor:
    """For who needs no more of it than time and threads."""
    return cast(IHallReactor, clock)


def together(threads: int, work: Callable[[], object]) -> None:
    """Run it in that many threads; raises what one of them raised."""
    stumbled: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:
            stumbled.append(error)

    running = [threading.Thread(target=run) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    if stumbled:
        raise stumbled[0]
