"""What a task of a call may do with the call."""

from __future__ import annotations

from typing import Protocol

from ivr.call.agi_queue import WhenAnswered
from ivr.call.key_reader import KeyReader


class CallControl(Protocol):
    """The call, as saying, asking, recording and transferring see it."""

    keys: KeyReader

    def run(self, command: str, then: WhenAnswered | None = None) -> None:
        """Queues a command behind those that are on their way."""

    def allow(self, seconds: float, now: float) -> None:
        """How long the task may wait for what comes next."""

    def limit(self, seconds: float, now: float) -> None:
        """Has Asterisk end the call after so many seconds from then."""

    def unable(self, application: str, now: float) -> None:
        """Asterisk lacks what the task cannot do without."""

    def done(self, event: object) -> None:
        """The task is over."""
