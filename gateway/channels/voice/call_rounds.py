"""When an Asterisk is read: at once as long as two cores have room, in rounds where they begin to
be full. Most of what a message costs is spent per turn of the reactor: so what comes within two
frames of a caller's line is then read, told and sent together."""

from __future__ import annotations

from math import exp
from typing import Final

BUSY: Final = 800.0  # AMI messages a second from which on there are rounds: of some 38 calls
ROUND: Final = 0.04  # seconds: two frames of the caller's line
_WITHIN: Final = 1.0  # seconds: what came earlier counts for less and less


class CallRounds:
    def __init__(self) -> None:
        self._rate = 0.0  # messages a second
        self._last = 0.0  # when the last came

    def pause(self, messages: int, now: float) -> float:
        """Seconds for which nothing is read after these have been; 0: read on."""
        self._rate *= exp((self._last - now) / _WITHIN)
        self._rate += messages / _WITHIN
        self._last = now
        return ROUND if self._rate > BUSY else 0.0
