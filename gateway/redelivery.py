"""Messages that a peer may send again: it saw no answer to them when its link ended.

A repeated message looks like the first: same sender, receiver and octets. A subscriber who asks
twice looks the same. What tells them apart is what the peer has read: it reads our octets in
order, so when it answers a request of ours, it has read every answer we wrote before. Only what
was not proven so, on a bind that has ended, may come again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from gateway.ids import moment_of
from gateway.mail import Arrived


class Unproven:
    """Fingerprint -> messages that may come again, oldest first. Grows only when a bind ends."""

    def __init__(self, horizon: int) -> None:
        self.horizon = horizon  # seconds: what comes later is a new message
        self._messages: dict[bytes, deque[int]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._messages.values()))

    def add(self, messages: Iterable[tuple[bytes, int]], now: float) -> None:
        """`now` in seconds since 1970."""
        self._forget(now)
        for fingerprint, id in messages:
            self._messages.setdefault(fingerprint, deque()).append(id)

    def take(self, message: Arrived) -> int | None:
        """The message that this one repeats, and no other will; None if it is a new one."""
        ids = self._messages.get(message.fingerprint)
        while ids:
            id = ids.popleft()
            if not ids:
                del self._messages[message.fingerprint]
            if moment_of(message.id) - moment_of(id) <= self.horizon:
                return id
        return None

    def put_back(self, taken: Iterable[tuple[bytes, int]]) -> None:
        """The batch that took these came to nothing."""
        for fingerprint, id in reversed(list(taken)):
            self._messages.setdefault(fingerprint, deque()).appendleft(id)

    def _forget(self, now: float) -> None:
        for fingerprint, ids in list(self._messages.items()):
            if now - moment_of(ids[-1]) > self.horizon:
                del self._messages[fingerprint]
