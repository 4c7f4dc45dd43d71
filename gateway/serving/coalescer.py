"""Between the channels and the desk: what can wait a moment travels with what cannot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic

from twisted.internet.interfaces import IDelayedCall, IReactorTime

from gateway.serving.desk import Desk, Job, Result, Work

LINGER = 0.02  # seconds: shorter than anyone notices, long enough to save a transaction
COMPANY = 0.005  # seconds that an urgent job waits for others, where others come so often
ENOUGH = 5  # jobs that wait: more would save little


class Coalescer(Generic[Work, Result]):
    def __init__(
        self, clock: IReactorTime, desk: Desk[Work, Result], company: float = COMPANY
    ) -> None:
        """`company`: seconds, as COMPANY."""
        self._clock = clock
        self._desk = desk
        self._company = company
        self._waiting: list[Job[Work, Result]] = []
        self._packing: list[Callable[[], Job[Work, Result]]] = []
        self._timer: IDelayedCall | None = None
        self._last = -LINGER  # when something came to share

    def now(self, jobs: Sequence[Job[Work, Result]]) -> None:
        """At once, and with it what was waiting."""
        self._waiting.extend(jobs)
        self.flush()

    def alone(self, job: Job[Work, Result]) -> None:
        """At once, and what was waiting waits on."""
        self._desk.put([job])

    def together(self, jobs: Sequence[Job[Work, Result]], within: float | None = None) -> None:
        """At once if nothing came so for LINGER, else within so many seconds, COMPANY if nothing is
        said: what comes one by one shares transactions, and nobody waits where nothing comes."""
        now = self._clock.seconds()
        crowded, self._last = now - self._last < LINGER, now
        self._waiting.extend(jobs)
        within = self._company if within is None else within
        if crowded and within and len(self._waiting) < ENOUGH:
            self._leave(within)
        elif leaving := self._leaving():
            self._desk.put(leaving)

    def soon(self, job: Job[Work, Result], within: float = LINGER) -> None:
        """With the next batch, or within so many seconds."""
        self._waiting.append(job)
        self._leave(within)

    def packed(self, pack: Callable[[], Job[Work, Result]]) -> None:
        """With the next batch, or in LINGER: a job that is made when it leaves, of all that has
        gathered until then."""
        self._packing.append(pack)
        self._leave(LINGER)

    def _leave(self, within: float) -> None:
        if self._timer is None:
            self._timer = self._clock.callLater(within, self._due)
        elif self._timer.getTime() > self._clock.seconds() + within:
            self._timer.reset(within)

    def _due(self) -> None:
        self._timer = None
        self.flush()

    def flush(self) -> None:
        if leaving := self._leaving():
            self._desk.put(leaving)

    def _leaving(self) -> list[Job[Work, Result]]:
        """All that waits; it waits no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._packing:  # first: what was settled is known to what comes after it
            packing, self._packing = self._packing, []
            self._waiting[:0] = [pack() for pack in packing]
        leaving, self._waiting = self._waiting, []
        return leaving
