"""Between the doors and the desk: what can wait a moment travels with what cannot."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from twisted.internet.interfaces import IDelayedCall, IReactorTime

from gateway.desk import Desk, Job

LINGER = 0.02  # seconds: shorter than anyone notices, long enough to save a transaction


class Post:
    def __init__(self, clock: IReactorTime, desk: Desk) -> None:
        self._clock = clock
        self._desk = desk
        self._waiting: list[Job] = []
        self._packing: list[Callable[[], Job]] = []
        self._timer: IDelayedCall | None = None
        self._last = -LINGER  # when something came to share

    def now(self, jobs: Sequence[Job]) -> None:
        """At once, and with it what was waiting."""
        self._waiting.extend(jobs)
        self.flush()

    def together(self, job: Job) -> None:
        """At once if nothing came so for LINGER, else soon: under load what comes one by one shares
        transactions, and nobody waits when there is none."""
        now = self._clock.seconds()
        crowded, self._last = now - self._last < LINGER, now
        if crowded:
            self.soon(job)
        else:
            self.now([job])

    def soon(self, job: Job) -> None:
        """With the next batch, or in LINGER."""
        self._waiting.append(job)
        self._leave_soon()

    def packed(self, pack: Callable[[], Job]) -> None:
        """With the next batch, or in LINGER: a job that is made when it leaves, of all that has
        gathered until then."""
        self._packing.append(pack)
        self._leave_soon()

    def _leave_soon(self) -> None:
        if self._timer is None:
            self._timer = self._clock.callLater(LINGER, self._due)

    def _due(self) -> None:
        self._timer = None
        self.flush()

    def flush(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._packing:  # first: what was settled is known to what comes after it
            packing, self._packing = self._packing, []
            self._waiting[:0] = [pack() for pack in packing]
        if self._waiting:
            waiting, self._waiting = self._waiting, []
            self._desk.put(waiting)
