"""How much of the links' windows what nobody asked for may take."""

from __future__ import annotations

from collections.abc import Iterable

from gateway.delivery.route import UNASKED, Delivery, Route, class_of

SHARE = 4  # of a window, a quarter at most; and a quarter stays free for answers that come


class UnaskedRoom:
    """Counts what is on its way."""

    def __init__(self) -> None:
        self._on_the_way = 0

    def is_there(self, route: Route, room: int, routes: Iterable[Route]) -> bool:
        """Whether this route, with so much room, may take one more."""
        most = sum(max(1, each.window // SHARE) for each in routes)
        return self._on_the_way < most and room > route.window // SHARE

    def sent(self, delivery: Delivery) -> None:
        if class_of(delivery.message) == UNASKED:
            self._on_the_way += 1

    def done(self, delivery: Delivery) -> None:
        """The peer has answered, or nobody knows: it takes no place any more."""
        if class_of(delivery.message) == UNASKED:
            self._on_the_way -= 1
