"""A circuit breaker: who does not answer is left alone for a while, and then asked by one.

closed ── failures in a row ──▶ open ── rested ──▶ trying ── it answers ──▶ closed
                                 ▲                    │
                                 └──── it does not ───┘
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from threading import Lock


class BreakerState(StrEnum):
    CLOSED = "closed"  # calls go through
    OPEN = "open"  # nobody calls
    TRYING = "trying"  # one call is on its way, to see


@dataclass(slots=True)
class CircuitBreaker:
    """For threads. Moments are seconds of any clock that only goes forward."""

    failures: int  # in a row, to open it
    rest: float  # seconds that it stays open
    state: BreakerState = BreakerState.CLOSED
    _failed: int = 0  # in a row
    _until: float = 0.0  # when it may be tried again
    _lock: Lock = field(default_factory=Lock, repr=False)

    def lets(self, now: float) -> bool:
        """May a call be made? Who is let must tell how it ended."""
        with self._lock:
            if self.state is BreakerState.CLOSED:
                return True
            if self.state is BreakerState.OPEN and now >= self._until:
                self.state = BreakerState.TRYING
                return True
            return False

    def succeeded(self) -> None:
        with self._lock:
            self.state, self._failed = BreakerState.CLOSED, 0

    def failed(self, now: float) -> None:
        with self._lock:
            self._failed += 1
            if self._failed >= self.failures:  # also the one call that was to see
                self.state, self._until = BreakerState.OPEN, now + self.rest

    def rests(self, now: float) -> bool:
        """True while there is no sense in asking."""
        with self._lock:
            return self.state is BreakerState.TRYING or (
                self.state is BreakerState.OPEN and now < self._until
            )
