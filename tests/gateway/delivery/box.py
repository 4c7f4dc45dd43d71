"""An outbox, its clock, and a store that does as the test says."""

from __future__ import annotations

from collections.abc import Callable, Collection

from twisted.internet.task import Clock

from gateway.delivery.outbox import Outbox
from gateway.model.messages import OutgoingMessage, SendOutcome
from tests.gateway.delivery.binds import (
    NOON,
    FakeRoute,
    number_of,
)

Told = Callable[[Collection[int] | None], None]
ZHANG, LI = "13800138001", "13800138002"


class Box:
    """An outbox, its clock, and a store that does as the test says."""

    def __init__(self, limit: int = 100) -> None:
        self.clock = Clock()
        self.settled: list[SendOutcome] = []
        self.asked: list[int] = []
        self.marked: set[int] = set()  # as the store has it
        self.stopped: set[int] = set()  # what is not to leave any more
        self.questions: list[tuple[tuple[int, ...], Told]] = []  # of marks, where it is slow
        self.is_slow = False
        self.outbox = Outbox(self.clock, self.wall, self.settle, self.load, self, limit=limit)

    def mark(self, ids: tuple[int, ...], told: Told) -> None:
        self.questions.append((ids, told))
        if not self.is_slow:
            self.answer_marks()

    def answer_marks(self, *, away: bool = False) -> None:
        """What was asked first."""
        ids, told = self.questions.pop(0)
        if away:
            told(None)
            return
        given = set(ids) - self.stopped
        self.marked |= given
        told(given)

    def unmark(self, ids: tuple[int, ...]) -> None:
        self.marked -= set(ids)

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
