"""Which links can send now, since when others cannot, and which of them send for those."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from twisted.internet.interfaces import IReactorTime

from gateway.delivery.route import Route
from gateway.model.smsc_groups import SmscGroups

FAILOVER: Final = 10.0  # seconds a link may be down before its messages leave by another


class LinkStates:
    def __init__(
        self,
        clock: IReactorTime,
        smscs: SmscGroups | None = None,
        ask: Callable[[str], None] = lambda link: None,
    ) -> None:
        """`ask` is called for a link that only another gateway has: which SMSC it leads to."""
        self._clock = clock
        self._smscs = smscs or SmscGroups()
        self._ask = ask
        self.routes: dict[Route, None] = {}
        self._up: set[str] = set()  # links that have a route
        self._down_since: dict[str, float] = {}

    def attach(self, route: Route) -> None:
        self.routes[route] = None
        self._up.add(route.link)
        self._down_since.pop(route.link, None)

    def detach(self, route: Route) -> bool:
        """Whether its link has no other, and is down from now on."""
        self.routes.pop(route, None)
        self._up = {other.link for other in self.routes}
        self._down_since.pop(route.link, None)
        return self.newly_down(route.link)

    def in_flight(self, link: str) -> bool:
        """Whether the peer has not answered all that left by it."""
        return any(each.link == link and each.free < each.window for each in self.routes)

    def newly_down(self, link: str) -> bool:
        """Whether it is down, and was not known to be. It counts from now on."""
        if link in self._up or link in self._down_since:
            return False
        self._down_since[link] = self._clock.seconds()
        if link not in self._smscs:
            self._ask(link)
        return True

    def sends_for(self, link: str) -> Iterator[str]:
        """Links whose messages may leave by this one: at once if they lead to the same SMSC, else
        after a while."""
        down, now = self._down_since.items(), self._clock.seconds()
        smsc = self._smscs.of(link)
        yield from (other for other, _ in down if self._smscs.of(other) == smsc)
        yield from (other for other, since in down if now - since >= FAILOVER)
