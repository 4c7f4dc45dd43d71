"""Links that were throttled: each rests as a whole, longer each time in a row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from twisted.internet.interfaces import IDelayedCall, IReactorTime

from smpp.statuses import Treatment

PAUSES = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0)  # seconds a throttled link rests, longer each time in a row


@dataclass(slots=True)
class _Rest:
    """All binds of a link pause, for its peer counts them together."""

    times: int = 0  # in a row
    over: IDelayedCall | None = None


class ThrottledLinks:
    """`rested` is called when a link may be used again."""

    def __init__(self, clock: IReactorTime, rested: Callable[[], None]) -> None:
        self._clock = clock
        self._rested = rested
        self._rests: dict[str, _Rest] = {}  # by link

    def resting(self, link: str) -> bool:
        rest = self._rests.get(link)
        return rest is not None and rest.over is not None

    def answered(self, link: str, treatment: Treatment) -> None:
        """The peer has answered a message."""
        if treatment is Treatment.THROTTLE:
            self._begin(link)
        else:
            self._trust(link)

    def _begin(self, link: str) -> None:
        """The whole link rests, so that order is kept and the peer can breathe."""
        rest = self._rests.setdefault(link, _Rest())
        if rest.over is None:
            pause = PAUSES[min(rest.times, len(PAUSES) - 1)]
            rest.times += 1
            rest.over = self._clock.callLater(pause, self._end, rest)

    def _trust(self, link: str) -> None:
        """It has answered otherwise: the next rest is a short one again."""
        if (rest := self._rests.get(link)) is not None:
            rest.times = 0

    def _end(self, rest: _Rest) -> None:
        rest.over = None
        self._rested()

    def stop(self) -> None:
        """No timer is left."""
        for rest in self._rests.values():
            if rest.over is not None:
                rest.over.cancel()
                rest.over = None
