"""How much of the links' windows what nobody asked for may take."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from gateway.delivery.route import UNASKED, Delivery, Route, class_of

SHARE = 4  # of a window, a quarter at most; and a quarter stays free for answers that come


class UnaskedRoom:
    """Each takes a place from when it leaves until the store knows what became of it: if we die,
    those may be said twice."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._routes = routes
        self._on_the_way: set[int] = set()

    def of(self, route: Route, room: int) -> Callable[[Delivery], bool]:
        """Whether this route, which has so much room, may take the next part of a message."""
        return lambda delivery: self._has_place(delivery, route, room)

    def _has_place(self, delivery: Delivery, route: Route, room: int) -> bool:
        if room <= route.window // SHARE:
            return False
        if delivery.message.id in self._on_the_way:
            return True
        return len(self._on_the_way) < sum(max(1, each.window // SHARE) for each in self._routes)

    def sent(self, delivery: Delivery) -> None:
        if class_of(delivery.message) == UNASKED:
            self._on_the_way.add(delivery.message.id)

    def done(self, id: int) -> None:
        """The store knows, or it waits to be tried again."""
        self._on_the_way.discard(id)
