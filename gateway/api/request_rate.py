"""How often somebody may ask: a bucket for each, refilled all the time."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Final

_MOST: Final = 10_000  # askers that are remembered


class RequestRate:
    """`per_minute` in the long run, unless an asker has another rate; a tenth of it at once."""

    def __init__(self, per_minute: int, clock: Callable[[], float]) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def wait(self, asker: str, per_minute: int = 0) -> float:
        """0: go on; else seconds after which to ask again."""
        rate = per_minute or self._per_minute
        now, per_second, room = self._clock(), rate / 60, max(10.0, rate / 10)
        with self._lock:
            left, at = self._left.pop(asker, (room, now))
            left = min(room, left + (now - at) * per_second)
            allowed = left >= 1
            self._left[asker] = (left - 1 if allowed else left, now)
            while len(self._left) > _MOST:
                self._left.popitem(last=False)
        return 0.0 if allowed else (1 - left) / per_second
