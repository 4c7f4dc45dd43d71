"""What the ESME asked us to send later: kept in order, and offered again with tact."""

from __future__ import annotations

from collections import deque

from simulators.load.measurement import SentMo

PROBE = 20


class RefusedMessages:
    """One may try again for each that the ESME takes, as that shows a free place; and a few
    every `period` seconds, should there be more. So a full ESME stays full, and is not hammered.
    """

    def __init__(self, period: float) -> None:
        self._period = period
        self._waiting: deque[SentMo] = deque()
        self._tries = 0
        self._next_probe = 0.0

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, mo: SentMo, now: float) -> None:
        if not self._waiting:
            self._tries, self._next_probe = 0, now + self._period
        self._waiting.append(mo)

    def place_freed(self) -> None:
        """The ESME has taken something."""
        self._tries += 1

    def take(self, now: float) -> SentMo | None:
        """One that may go now."""
        if not self._waiting:
            return None
        if now >= self._next_probe:
            self._tries = max(self._tries, PROBE)
            self._next_probe = now + self._period
        if self._tries == 0:
            return None
        self._tries -= 1
        return self._waiting.popleft()

    def wait(self, now: float) -> float | None:
        """Seconds until one may go; None when there is none."""
        if not self._waiting:
            return None
        return 0.0 if self._tries else max(0.0, self._next_probe - now)
