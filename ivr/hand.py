"""What an errand of a call may do with the call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from ivr.agi import Result
from ivr.reads import Reading

Then = Callable[[float], None]
ReadEnded = Callable[[str, float], None]


class Hand(Protocol):
    """The call, as saying, asking and transferring see it."""

    @property
    def typed(self) -> str:
        """Keys that came and belong to no answer yet."""

    def take(self, used: int) -> None:
        """So many of the keys belong to an answer now."""

    def forget(self) -> None:
        """The keys are thrown away."""

    def run(self, command: str, then: Callable[[Result, float], None] | None = None) -> None:
        """Queues a command behind those that are on their way."""

    def look(self, then: Then) -> None:
        """Learns what has been typed so far, when all before it is done."""

    def read(self, reading: Reading, looked: Then, then: ReadEnded) -> None:
        """Plays until a key comes, then reads. `then` gets how it ended, when `typed` knows: that
        is UNASKED if keys had come of which nobody knew. Where they cannot keep it from playing,
        or do not count, `looked` is told as soon as `typed` knows them."""

    def cut(self, now: float) -> None:
        """Ends the read that is on its way."""

    def allow(self, seconds: float, now: float) -> None:
        """How long the errand may wait for what comes next."""

    def wipe_keys(self) -> None:
        """Has Asterisk forget what it noted, before others see it."""

    def limit(self, seconds: float, now: float) -> None:
        """Has Asterisk end the call after so many seconds from then."""

    def done(self, event: object) -> None:
        """The errand is over."""
