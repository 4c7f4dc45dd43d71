"""An outbox, its clock, and a store that does as the test says."""

from __future__ import annotations

from twisted.internet.task import Clock

from gateway.delivery.outbox import Outbox
from gateway.model.messages import OutgoingMessage, SendOutcome
from tests.gateway.delivery.binds import (
    NOON,
    FakeRoute,
    number_of,
)

ZHANG, LI = "13800138001", "13800138002"


class Box:
    """An outbox, its clock, and a store that does as the test says."""

    def __init__(self, limit: int = 100) -> None:
        self.clock = Clock()
        self.settled: list[SendOutcome] = []
        self.asked: list[int] = []
        self.outbox = Outbox(self.clock, self.wall, self.settle, self.load, limit=limit)

    def settle(self, settled: SendOutcome, _outbox: Outbox) -> None:
        self.settled.append(settled)

    def load(self, limit: int, _outbox: Outbox) -> None:
        self.asked.append(limit)

    def wall(self) -> float:
        return NOON + self.clock.seconds()

    def open(self, *messages: OutgoingMessage) -> Box:
        """Started, with what the store had."""
        self.outbox.start()
        self.outbox.loaded(messages, self.asked[-1])
        return self

    def route(self, link: str = "smsc-a", window: int = 10) -> FakeRoute:
        """A link comes up."""
        route = FakeRoute(link, window)
        self.outbox.attach(route)
        return route

    @property
    def results(self) -> list[tuple[int, bool]]:
        return [(number_of(settled.id), settled.accepted) for settled in self.settled]
