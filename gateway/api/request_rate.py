"""How often somebody may ask: a bucket for each, refilled all the time."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Final

_MOST: Final = 10_000  # askers that are remembered


class RequestRate:
    """`per_minute` in the long run; a tenth of it at once."""

    def __init__(self, per_minute: int, clock: Callable[[], float]) -> None:
        self._per_second = per_minute / 60
        self._room = max(10.0, per_minute / 10)
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def wait(self, asker: str) -> float:
        """0: go on; else seconds after which to ask again."""
        now = self._clock()
        with self._lock:
            left, at = self._left.pop(asker, (self._room, now))
            left = min(self._room, left + (now - at) * self._per_second)
            allowed = left >= 1
            self._left[asker] = (left - 1 if allowed else left, now)
            while len(self._left) > _MOST:
                self._left.popitem(last=False)
        return 0.0 if allowed else (1 - left) / self._per_second
