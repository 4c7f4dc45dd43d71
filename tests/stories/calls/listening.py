"""What somebody hears on a call, and waiting for words."""

from __future__ import annotations

from typing import Any

from twisted.internet.defer import Deferred

SOON = 30.0  # seconds in which something must be heard


class CallListener:
    """Fed with texts as they are heard; one story at a time waits for some words."""

    def __init__(self, reactor: Any) -> None:
        self.said = ""  # since the last key
        self._reactor = reactor
        self._waiting: tuple[str, Deferred[str]] | None = None

    def hears(self, text: str) -> None:
        self.said += text
        self._look()

    def listens(self) -> None:
        """To what comes from now on."""
        self.said = ""

    async def heard(self, words: str) -> str:
        """Returns all that was heard since the last key, once these words are among it."""
        waiting: Deferred[str] = Deferred(lambda _: None)
        waiting.addTimeout(SOON, self._reactor)
        self._waiting = words, waiting
        self._look()
        try:
            return await waiting
        except Exception as error:
            raise AssertionError(f"{words!r} was not heard, but {self.said!r}") from error

    def _look(self) -> None:
        if self._waiting is not None and self._waiting[0] in self.said:
            (_, waiting), self._waiting = self._waiting, None
            # not in the middle of what the exchange does
            self._reactor.callLater(0, waiting.callback, self.said)
