"""Messages that a peer may send again: it saw no answer to them when its link ended.

A repeated message looks like the first: same sender, receiver and octets. A subscriber who asks
twice looks the same. Two things tell them apart. The peer reads our octets in order, so when it
answers a request of ours, it has read every answer we wrote before: only what was not proven so,
on a bind that has ended, may come again. And the peer keeps a subscriber's order: who writes
something new has been answered before, and who repeats something has been answered up to there.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from gateway.ids import moment_of
from gateway.mail import Arrived


class Unread(NamedTuple):
    """A message whose answer the peer has perhaps not read."""

    came: int  # the id under which it came: they sort by it
    phone: str
    fingerprint: bytes
    message: int  # what it repeats, or itself


Before = tuple[str, tuple[Unread, ...]]
"""What a subscriber might have sent again, before a message of theirs was held against it."""


class Unproven:
    """By subscriber, what may come again, oldest first. Grows only when a bind ends."""

    def __init__(self, horizon: int) -> None:
        self.horizon = horizon  # seconds: what comes later is a new message
        self._messages: dict[str, tuple[Unread, ...]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._messages.values()))

    def add(self, messages: Iterable[Unread], now: float) -> None:
        """`now` in seconds since 1970."""
        self._forget(now)
        for unread in sorted(messages):
            self._messages[unread.phone] = (*self._messages.get(unread.phone, ()), unread)

    def take(self, message: Arrived, undo: list[Before]) -> int | None:
        """The message that this one repeats; None if it is a new one. What went before it is
        proven by its coming; `undo` gets what `put_back` needs to know."""
        unread = self._messages.pop(message.phone, None)
        if unread is None:
            return None
        undo.append((message.phone, unread))
        for place, one in enumerate(unread):
            if one.fingerprint == message.fingerprint and self._is_near(one, message):
                if rest := unread[place + 1 :]:
                    self._messages[message.phone] = rest
                return one.message
        return None

    def _is_near(self, one: Unread, message: Arrived) -> bool:
        return moment_of(message.id) - moment_of(one.message) <= self.horizon

    def put_back(self, undo: Iterable[Before]) -> None:
        """The batch that held messages against these came to nothing."""
        for phone, unread in reversed(list(undo)):
            self._messages[phone] = unread

    def _forget(self, now: float) -> None:
        for phone, unread in list(self._messages.items()):
            if now - moment_of(unread[-1].message) > self.horizon:
                del self._messages[phone]
