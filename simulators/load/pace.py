"""When the next MO may go: three ways to load a link."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Protocol


class Pace(Protocol):
    """Asked before each MO."""

    def due(self, now: float, unfinished: int) -> float | None:
        """The moment the next MO was meant for, if that has come; else None."""

    def wait(self, now: float, unfinished: int) -> float | None:
        """Seconds until the next one is due; None when only an answer can make it so."""

    @property
    def yields(self) -> bool:
        """Whether new MOs wait while refused ones wait for another try."""


@dataclass(slots=True)
class CappedPace:
    """At most `limit` MOs without both their response and their reply."""

    limit: int = 200
    yields: bool = True

    def due(self, now: float, unfinished: int) -> float | None:
        return now if unfinished < self.limit else None

    def wait(self, now: float, unfinished: int) -> float | None:
        return 0.0 if unfinished < self.limit else None


@dataclass(slots=True)
class UnboundedPace:
    """As fast as the link takes them; what is buffered for the socket is the only bound."""

    yields: bool = True

    def due(self, now: float, unfinished: int) -> float | None:
        return now

    def wait(self, now: float, unfinished: int) -> float | None:
        return 0.0


@dataclass(slots=True)
class SteadyPace:
    """So many a second whatever the answers do: evenly spaced, or Poisson with a `chance`.

    An MO that leaves late still counts from the moment it was meant for, so a system that
    stalls cannot hide the waiting of those who would have come meanwhile.
    """

    per_second: float
    chance: random.Random | None = None
    yields: bool = False
    _next: float | None = field(default=None, init=False)

    def due(self, now: float, unfinished: int) -> float | None:
        if self._next is None:
            self._next = now
        meant = self._next
        if meant > now:
            return None
        self._next = meant + self._gap()
        return meant

    def wait(self, now: float, unfinished: int) -> float | None:
        return 0.0 if self._next is None else max(0.0, self._next - now)

    def _gap(self) -> float:
        if self.chance is None:
            return 1.0 / self.per_second
        return self.chance.expovariate(self.per_second)
