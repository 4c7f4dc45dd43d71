"""What is counted of an edition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from threading import Lock
from typing import NamedTuple


class Outcome(StrEnum):
    SERVED = "served"  # a message, a key, a turn of a call
    FAILED = "failed"  # of those: it could not be served
    BEGUN = "begun"  # a walk through a menu, or a text to the hall
    REACHED = "reached"  # of those: it led to an answer, to the end of a menu, to a person


class EditionOutcome(NamedTuple):
    """`minute`: since 1970; of a walk, the one in which it began."""

    minute: int
    version: str
    channel: str
    what: Outcome


class OutcomeCounts:
    """Of all desks, until somebody takes them to the store. A kill loses the last second of
    them."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: Counter[EditionOutcome] = Counter()

    def add(self, outcomes: Iterable[EditionOutcome] | Mapping[EditionOutcome, int]) -> None:
        with self._lock:
            self._counts.update(outcomes)

    def take(self) -> Counter[EditionOutcome]:
        with self._lock:
            taken, self._counts = self._counts, Counter()
        return taken


Totals = Mapping[Outcome, int]
