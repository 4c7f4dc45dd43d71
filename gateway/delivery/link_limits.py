"""What people have ordered of a link: nothing leaves by it, or so much a second."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from twisted.internet.interfaces import IDelayedCall, IReactorTime

_BURST = 0.05  # seconds' worth that may leave at once
_LOOK = 0.02  # seconds between looks, at least


class LinkLimit:
    """Of one link in this gateway: `rate` parts a second; 0: nothing leaves. Within any second it
    may be a twentieth more, or one."""

    def __init__(self, clock: IReactorTime, again: Callable[[], None]) -> None:
        """`again` is called when more may leave."""
        self._clock, self._again = clock, again
        self._rate = 0.0
        self._left = 1.0
        self._at = clock.seconds()
        self._timer: IDelayedCall | None = None

    def order(self, rate: float) -> None:
        if rate == self._rate:
            return
        self._fill()
        self._rate = rate
        self.stop()
        self._again()

    def room(self, free: int) -> int:
        """Of what the link has room for; what may not leave now leaves later."""
        if not self._rate:
            return 0
        self._fill()
        room = min(free, int(self._left))
        if free > room:
            self._wait()
        return room

    def took(self, parts: int) -> None:
        self._left -= parts
        if self._left < 1:
            self._wait()

    def _fill(self) -> None:
        now = self._clock.seconds()
        most = max(1.0, self._rate * _BURST)
        self._left = min(most, self._left + (now - self._at) * self._rate)
        self._at = now

    def _wait(self) -> None:
        if self._timer is None and self._rate:
            wait = max(_LOOK, (1 - self._left) / self._rate)
            self._timer = self._clock.callLater(wait, self._over)

    def _over(self) -> None:
        self._timer = None
        self._again()

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class LinkLimits:
    """By link; most have none."""

    def __init__(self, clock: IReactorTime, again: Callable[[], None]) -> None:
        self._clock, self._again = clock, again
        self.ordered: dict[str, LinkLimit] = {}

    def order(self, rates: Mapping[str, float]) -> None:
        """What is not among them has no limit any more."""
        for link in self.ordered.keys() - rates.keys():
            self.ordered.pop(link).stop()
            self._again()
        for link, rate in rates.items():
            limit = self.ordered.get(link)
            if limit is None:
                limit = self.ordered[link] = LinkLimit(self._clock, self._again)
            limit.order(rate)

    def stop(self) -> None:
        """No timer is left."""
        for limit in self.ordered.values():
            limit.stop()
