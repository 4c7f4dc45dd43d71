"""What a gateway logs, as events that a story can wait for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from twisted.internet.defer import Deferred, TimeoutError

Event = Mapping[str, Any]
PATIENCE = 30.0  # seconds in which an event must come


class Events:
    """Fed with a log's octets; whoever waits for an event gets it, whether it came or will come."""

    def __init__(self, reactor: Any) -> None:
        self.raw = bytearray()
        self.all: list[Event] = []
        self.strange: list[str] = []  # lines that are no events: tracebacks, warnings
        self._reactor = reactor
        self._unread = bytearray()
        self.patience = PATIENCE  # seconds that `told` waits
        self._waiting: list[tuple[str, dict[str, object], Deferred[Event]]] = []

    def feed(self, data: bytes) -> None:
        """On the reactor's thread."""
        self.raw += data
        self._unread += data
        *lines, rest = self._unread.split(b"\n")
        self._unread = bytearray(rest)
        for line in lines:
            self._take(bytes(line))

    def _take(self, line: bytes) -> None:
        try:
            event: Event = orjson.loads(line)
        except orjson.JSONDecodeError:
            self.strange.append(line.decode(errors="replace"))
            return
        self.all.append(event)
        for waiting in list(self._waiting):
            name, facts, told = waiting
            if _fits(event, name, facts):
                self._waiting.remove(waiting)
                told.callback(event)

    def mark(self) -> int:
        """Where we are: `told` can begin here."""
        return len(self.all)

    def named(self, name: str, since: int = 0, **facts: object) -> list[Event]:
        return [event for event in self.all[since:] if _fits(event, name, facts)]

    async def told(self, name: str, since: int = 0, **facts: object) -> Event:
        """The first event of that name, with those facts, since a mark."""
        for at in range(since, len(self.all)):  # found soon, mostly, in a log that may be long
            if _fits(self.all[at], name, facts):
                return self.all[at]
        told: Deferred[Event] = Deferred(lambda _: None)
        told.addTimeout(self.patience, self._reactor)
        self._waiting.append((name, facts, told))
        try:
            return await told
        except TimeoutError:
            self._waiting = [waiting for waiting in self._waiting if waiting[2] is not told]
            said = f"no {name} {facts} within {self.patience} s:\n{self.tail()}"
            raise AssertionError(said) from None

    def tail(self, lines: int = 15) -> str:
        """The last of it, for whoever wonders."""
        said = [orjson.dumps(event).decode() for event in self.all[-lines:]]
        return "\n".join([*said, *self.strange[-lines:]])


class Stream:
    """A file for `gateway.ops.log.Log`, which writes from every thread."""

    def __init__(self, reactor: Any, events: Events) -> None:
        self._reactor = reactor
        self._events = events

    def write(self, data: bytes) -> int:
        self._reactor.callFromThread(self._events.feed, bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""


def _fits(event: Event, name: str, facts: Mapping[str, object]) -> bool:
    return event.get("event") == name and facts.items() <= event.items()
