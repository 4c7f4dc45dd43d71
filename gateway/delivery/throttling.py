"""How much may leave by a link: nothing while it rests because its peer has throttled it, longer
each time in a row; else what people have ordered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from twisted.internet.interfaces import IDelayedCall, IReactorTime

from gateway.delivery.link_limits import LinkLimits
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
        self.limits = LinkLimits(clock, rested)

    def room(self, link: str, free: int) -> int:
        """Of what the link has room for, what may leave by it now."""
        rest = self._rests.get(link)
        if rest is not None and rest.over is not None:
            return 0
        limit = self.limits.ordered.get(link)
        return free if limit is None else limit.room(free)

    def took(self, link: str, parts: int) -> None:
        """So much has left by it."""
        if (limit := self.limits.ordered.get(link)) is not None:
            limit.took(parts)

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
        self.limits.stop()
