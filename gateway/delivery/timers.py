"""Calls that are to come later, none of which outlives the outbox."""

from __future__ import annotations

from collections.abc import Callable

from twisted.internet.interfaces import IDelayedCall, IReactorTime


class Timers:
    def __init__(self, clock: IReactorTime) -> None:
        self._clock = clock
        self._waiting: set[IDelayedCall] = set()

    def after(self, seconds: float, then: Callable[..., None], *args: object) -> IDelayedCall:
        def run() -> None:
            self._waiting.discard(call)
            then(*args)

        call = self._clock.callLater(seconds, run)
        self._waiting.add(call)
        return call

    def cancel(self, call: IDelayedCall) -> None:
        call.cancel()
        self._waiting.discard(call)

    def stop(self) -> None:
        for call in self._waiting:
            call.cancel()
        self._waiting.clear()
