"""Which links can send now, and since when others cannot."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from twisted.internet.interfaces import IReactorTime

from gateway.delivery.route import Route

FAILOVER: Final = 10.0  # seconds a link may be down before its messages leave by another


class LinkStates:
    def __init__(self, clock: IReactorTime) -> None:
        self._clock = clock
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

    def newly_down(self, link: str) -> bool:
        """Whether it is down, and was not known to be. It counts from now on."""
        if link in self._up or link in self._down_since:
            return False
        self._down_since[link] = self._clock.seconds()
        return True

    def down_too_long(self) -> Iterator[str]:
        """Links whose messages may leave by another."""
        for link, since in self._down_since.items():
            if self._clock.seconds() - since >= FAILOVER:
                yield link
