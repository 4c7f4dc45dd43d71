"""A gateway that stood still: stopped by a signal, starved, or with its machine asleep.

What it reads first afterwards has waited in its sockets, and the SMSC may have delivered it again
meanwhile by another bind, perhaps of another gateway. It is asked to deliver that again: once it
is known what became of it elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from gateway.model.redelivery import LATE
from gateway.ops.log import Log

LOOK_EVERY: Final = 0.5  # seconds
OVER_AFTER: Final = 0.1  # seconds in which all that waited has been read


class Standstill:
    """`clock` goes on while the process is stopped and the machine sleeps."""

    def __init__(self, clock: Callable[[], float], log: Log) -> None:
        self._clock = clock
        self._log = log
        self._seen = clock()
        self._over_at = self._seen

    def look(self) -> None:
        """Every LOOK_EVERY seconds, if nothing stands still."""
        self._look(self._clock())

    def _look(self, now: float) -> None:
        gap, self._seen = now - self._seen, now
        if gap >= LATE:
            self._over_at = now + OVER_AFTER
            self._log.event("stood still", seconds=round(gap, 1))

    def just_over(self) -> bool:
        """Whether what is read now has perhaps waited while we stood still."""
        now = self._clock()
        if now - self._seen >= LATE:
            self._look(now)
        return now < self._over_at
