"""`hallgate run --processes N`: N gateways on one store, kept up as long as this lives.

start ─▶ all of them ─▶ one that ends ─▶ started anew, each time after a longer pause
one that ends before any has ever served ─▶ all end, with its status: it was started wrongly
SIGTERM ─▶ all drain and end ─▶ the end        SIGHUP ─▶ all take their configuration anew
"""

from __future__ import annotations

import signal
from collections.abc import Sequence
from signal import SIGCHLD, SIGHUP, SIGKILL, SIGTERM
from typing import Any, Final

from twisted.internet.defer import Deferred, succeed
from twisted.internet.interfaces import IDelayedCall
from twisted.internet.process import reapAllProcesses

from gateway.ops.log import Log
from gateway.processes.child_process import ChildProcess

FIRST_PAUSE: Final = 1.0
"""Seconds before one that ended is started anew; each further time twice as long."""
LONGEST_PAUSE: Final = 30.0
STEADY: Final = 60.0  # seconds of life after which the next pause is the first again
MARGIN: Final = 10.0
"""Seconds over its own time to drain after which one that does not end is killed."""


class GatewayFailed(Exception):
    """One of them ended before any had ever served."""

    def __init__(self, status: int) -> None:
        super().__init__(f"a gateway ended with status {status} before it had served anything")
        self.status = status


class Supervisor:
    def __init__(
        self, reactor: Any, processes: int, words: Sequence[str], log: Log, drain: float
    ) -> None:
        """`words`: what stands behind `hallgate run` of each. `drain`: seconds they may take."""
        self.children = [
            ChildProcess(reactor, number, words, self._ended) for number in range(1, processes + 1)
        ]
        self.failed: Deferred[int] = Deferred()
        """Fires with the status of one that ended before any had served."""
        self._reactor = reactor
        self._log = log
        self._drain = drain
        self._served = False  # any, ever
        self._stopping: Deferred[None] | None = None
        self._timers: set[IDelayedCall] = set()
        self._began: dict[int, float] = {}
        self._pauses: dict[int, float] = {}

    def start(self) -> None:
        """In the main thread: signals tell when one has ended."""
        signal.signal(SIGCHLD, lambda *_: self._reactor.callFromThread(reapAllProcesses))
        for child in self.children:
            self._start(child)

    def seen_serving(self, child: ChildProcess) -> None:
        """It has answered: it was started rightly."""
        child.served = self._served = True

    def reload(self) -> None:
        for child in self.children:
            child.signal(SIGHUP)

    def stop(self) -> Deferred[None]:
        """Ask all to drain; fires when the last has ended."""
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
        if not any(child.alive for child in self.children):
            return succeed(None)
        self._stopping = Deferred()
        for child in self.children:
            child.signal(SIGTERM)
        self._after(self._drain + MARGIN, self.kill)
        return self._stopping

    def kill(self) -> None:
        """At once, whatever they are doing."""
        for child in self.children:
            child.signal(SIGKILL)

    def close(self) -> None:
        for child in self.children:
            child.close()

    def _start(self, child: ChildProcess) -> None:
        self._began[child.number] = self._reactor.seconds()
        child.start()
        self._log.event("process started", process=child.number, pid=child.pid)

    def _ended(self, child: ChildProcess) -> None:
        self._log.event("process ended", process=child.number, status=child.status)
        if self._stopping is not None:
            if not any(one.alive for one in self.children):
                stopping, self._stopping = self._stopping, None
                for timer in self._timers:
                    timer.cancel()
                self._timers.clear()
                stopping.callback(None)
        elif not self._served and child.status:
            if not self.failed.called:
                self.failed.callback(child.status)
        else:
            self._after(self._pause(child), self._start, child)

    def _pause(self, child: ChildProcess) -> float:
        lived = self._reactor.seconds() - self._began[child.number]
        before = self._pauses.get(child.number, 0.0)
        pause = FIRST_PAUSE if lived >= STEADY or not before else min(2 * before, LONGEST_PAUSE)
        self._pauses[child.number] = pause
        return pause

    def _after(self, seconds: float, then: Any, *facts: Any) -> None:
        def due() -> None:
            self._timers.discard(timer)
            then(*facts)

        timer = self._reactor.callLater(seconds, due)
        self._timers.add(timer)
