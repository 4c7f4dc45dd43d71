"""When a link is read: at once where messages come seldom, in rounds where they come often.

Most of what a message costs is spent per turn of the reactor and per transaction, not per message.
So where several come within a few milliseconds, the socket is left alone for so long, and what has
come is read, kept and answered together. Where thousands come in a second, each read brings many
by itself, and where one comes alone, nobody waits.
"""

from __future__ import annotations

from typing import Final

TOGETHER: Final = 4.25  # messages that a round waits for
SCREENS: Final = 3.25  # steps through menus: each costs twice a message, and somebody looks on
RARER: Final = 0.004  # seconds: by each so much between two messages a round waits for one more
LONGEST: Final = 0.03  # seconds of a round: shorter than anyone notices
OFTEN: Final = 0.01  # seconds between two messages, up to which there are rounds
SHORTEST: Final = 0.002  # seconds: a shorter one would cost more than it saves
SELDOM: Final = 0.02  # seconds between two messages: what is more counts as much
_WEIGHT: Final = 0.05  # of the newest gap in the mean


class ReadingRounds:
    def __init__(self, together: float = TOGETHER) -> None:
        """`together`: as TOGETHER."""
        self._together = together
        self._gap = SELDOM  # mean seconds between two messages
        self._last = 0.0  # when the last came

    def pause(self, messages: int, now: float) -> float:
        """Seconds for which nothing is read after these have been; 0: read on."""
        gap = min(SELDOM, (now - self._last) / messages)
        self._gap += _WEIGHT * (gap - self._gap)
        self._last = now
        pause = (self._together + self._gap / RARER) * self._gap
        if self._gap > OFTEN or pause < SHORTEST:
            return 0.0
        return min(LONGEST, pause)
