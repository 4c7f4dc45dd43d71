"""Our messages on their way: sent, not yet answered, oldest first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple


class SentRequest(NamedTuple):
    """A request of ours: whose it is, until when we wait, and how many of our answers the peer
    will have read when it answers this one."""

    key: object
    deadline: float
    answers: int


class SendWindow:
    """At most `size` requests by sequence number. All wait equally long, so the oldest is due
    first. Those that waited too long take no place any more, but are remembered: an answer that
    comes late is still an answer."""

    def __init__(self, size: int, patience: float) -> None:
        self._size = size
        self._patience = patience
        self._sent: dict[int, SentRequest] = {}
        self._overdue: dict[int, SentRequest] = {}
        self._most_overdue = max(1_000, 20 * size)

    def __len__(self) -> int:
        return len(self._sent)

    @property
    def free(self) -> int:
        return self._size - len(self._sent)

    @property
    def deadline(self) -> float | None:
        """When the oldest is due."""
        for sent in self._sent.values():
            return sent.deadline
        return None

    def add(self, sequence: int, key: object, answers: int, now: float) -> None:
        self._sent[sequence] = SentRequest(key, now + self._patience, answers)
        if self._overdue:
            self._overdue.pop(sequence, None)  # the numbers have come round

    def settle(self, sequence: int) -> SentRequest | None:
        """Takes out the request with this number, if it is there."""
        return self._sent.pop(sequence, None)

    def settle_late(self, sequence: int) -> SentRequest | None:
        """Takes out the request with this number, if it has waited too long."""
        return self._overdue.pop(sequence, None)

    def expire(self, now: float) -> Iterator[SentRequest]:
        """Takes out those that are due."""
        while self._sent:
            sequence, oldest = next(iter(self._sent.items()))
            if oldest.deadline > now:
                return
            del self._sent[sequence]
            if len(self._overdue) >= self._most_overdue:
                del self._overdue[next(iter(self._overdue))]
            self._overdue[sequence] = oldest
            yield oldest

    def rest(self) -> tuple[object, ...]:
        """Takes out all; their keys, oldest first."""
        keys = tuple(sent.key for sent in self._sent.values())
        self._sent.clear()
        return keys
