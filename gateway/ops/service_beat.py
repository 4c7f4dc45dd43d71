"""Signs of life for a service manager out of the reactor: one that stands still gives none."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Final

from twisted.internet.defer import Deferred
from twisted.internet.task import LoopingCall
from twisted.python.failure import Failure

from gateway.ops.service_manager import ServiceManager

SOON: Final = 0.5  # seconds between looks until it is ready


async def opening() -> list[str]:
    return ["opening"]


class ServiceBeat:
    """`reasons` says why not all work can be done now, as /readyz does. Where there is no manager
    nothing is asked and nothing told."""

    def __init__(self, reactor: Any, manager: ServiceManager | None) -> None:
        self.reasons: Callable[[], Coroutine[Any, Any, list[str]]] = opening
        self._manager = manager
        self._started = False
        self._asking = False
        self._known = ["opening"]
        self._calls = LoopingCall(self._beat)
        self._calls.clock = reactor

    def start(self) -> None:
        """In the reactor's thread."""
        if self._manager is not None and not self._calls.running:
            self._calls.start(min(SOON, self._manager.every))

    def ends(self) -> None:
        """It takes nothing new from now on; signs of life go on until `stop`."""
        if self._manager is not None:
            self._manager.ends()

    def stop(self) -> None:
        if self._calls.running:
            self._calls.stop()

    def _beat(self) -> None:
        """With what was known last: a check that takes its time is no sign of death."""
        assert self._manager is not None, "it was started"
        self._started = self._manager.lives(self._known, started=self._started)
        if self._started:
            self._calls.interval = self._manager.every
        if not self._asking:
            self._asking = True
            Deferred.fromCoroutine(self._ask()).addBoth(self._asked)

    async def _ask(self) -> list[str]:
        return await self.reasons()

    def _asked(self, result: list[str] | Failure) -> None:
        self._asking = False
        self._known = [result.getErrorMessage()] if isinstance(result, Failure) else result
