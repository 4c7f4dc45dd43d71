"""`hallgate run`, as an operator starts it: its log as events, its end as a status."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import Any

from twisted.internet.defer import Deferred, TimeoutError, succeed
from twisted.internet.error import ProcessTerminated
from twisted.internet.protocol import ProcessProtocol
from twisted.python.failure import Failure

from tests.stories.log_events import Events

PROGRAM = Path(sys.executable).with_name("hallgate")
PATIENCE = 30.0  # seconds: more than the gateway's own to drain


class GatewayProcess(ProcessProtocol):
    """One run, from its start to its end. It ends with the tests, however those end."""

    def __init__(
        self, reactor: Any, *words: str | Path, stderr: int | str = "r", program: Path = PROGRAM
    ) -> None:
        """`stderr`: a descriptor that takes its log instead."""
        self.log = Events(reactor)
        self.said = bytearray()  # on its standard output
        self.status: int | None = None  # of its exit; negative: the signal that ended it
        self._reactor = reactor
        self._ended: list[Deferred[int]] = []
        command = ["setpriv", "--pdeathsig", "KILL", str(program), *map(str, words)]
        files = {0: "w", 1: "r", 2: stderr}
        self._child = reactor.spawnProcess(self, command[0], command, env=None, childFDs=files)

    @property
    def pid(self) -> int:
        return int(self._child.pid)

    # -- what an operator does -------------------------------------------------------------------

    def signal(self, number: signal.Signals) -> None:
        self._child.signalProcess(number)

    async def kill(self) -> None:
        """Gone at once, with nothing said."""
        if self.status is None:
            self.signal(signal.SIGKILL)
        await self.ended()

    async def stop(self, patience: float = PATIENCE) -> int:
        """Ask it to go, and wait until it has, so many seconds; its status."""
        if self.status is None:
            self.signal(signal.SIGTERM)
        try:
            return await self.ended(patience)
        except TimeoutError:
            said = f"not gone within {patience} s:\n{self.log.tail(40)}"
            raise AssertionError(said) from None

    def ended(self, timeout: float = PATIENCE) -> Deferred[int]:
        """Fires with its status."""
        if self.status is not None:
            return succeed(self.status)
        ended: Deferred[int] = Deferred(lambda _: None)
        ended.addTimeout(timeout, self._reactor)
        self._ended.append(ended)
        return ended

    async def serving(self, since: int = 0) -> None:
        """One of its links is bound."""
        await self.log.told("line", since, state="serving")

    # -- Twisted's side --------------------------------------------------------------------------

    def outReceived(self, data: bytes) -> None:
        self.said += data

    def errReceived(self, data: bytes) -> None:
        self.log.feed(data)

    def processEnded(self, reason: Failure) -> None:
        end = reason.value
        status, number = 0, None
        if isinstance(end, ProcessTerminated):
            status, number = end.status, end.signal
            status = -number if number else int(end.exitCode or 0)
        self.status = status
        ended, self._ended = self._ended, []
        for each in ended:
            if not each.called:
                each.callback(status)
