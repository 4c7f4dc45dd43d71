"""One gateway of several: a process of its own, with a socket for its pages that outlives it."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable, Sequence
from signal import Signals
from typing import Any, Final

from twisted.internet.error import ProcessExitedAlready, ProcessTerminated
from twisted.internet.protocol import ProcessProtocol
from twisted.python.failure import Failure

_PAGES: Final = 3  # the descriptor under which a child has its socket


class ChildProcess(ProcessProtocol):
    """The `number`-th gateway, from 1; started, and started anew, with the same words."""

    def __init__(
        self, reactor: Any, number: int, words: Sequence[str], ended: Callable[[ChildProcess], None]
    ) -> None:
        """`words`: what stands behind `hallgate run`. `ended` is called whenever it has ended, and
        finds its `status`."""
        self.number = number
        self.starts = 0
        self.status: int | None = None  # of its last end; negative: the signal that ended it
        self.served = False  # it has answered once since it was started
        self.pages = socket.create_server(("127.0.0.1", 0))
        self._reactor = reactor
        self._words = [
            sys.executable, sys.argv[0], "run", *words,
            "--process", str(number), "--supervisor", str(os.getpid()),
            "--set", f"http.listen=fd:{_PAGES}",
        ]  # fmt: skip
        self._ended = ended
        self._running: Any = None

    @property
    def port(self) -> int:
        """Of its pages, on the loopback."""
        return int(self.pages.getsockname()[1])

    @property
    def alive(self) -> bool:
        return self._running is not None

    @property
    def pid(self) -> int:
        return int(self._running.pid) if self._running is not None else 0

    def start(self) -> None:
        """Its output and its log are ours."""
        self.starts += 1
        self.served, self.status = False, None
        descriptors = {0: 0, 1: 1, 2: 2, _PAGES: self.pages.fileno()}
        self._running = self._reactor.spawnProcess(
            self, self._words[0], self._words, env=None, childFDs=descriptors
        )

    def signal(self, number: Signals) -> None:
        """Nothing happens if it has ended."""
        try:
            if self._running is not None:
                self._running.signalProcess(number)
        except ProcessExitedAlready:
            pass

    def close(self) -> None:
        self.pages.close()

    def processEnded(self, reason: Failure) -> None:
        end = reason.value
        self.status = 0
        if isinstance(end, ProcessTerminated):
            self.status = -end.signal if end.signal else int(end.exitCode or 0)
        self._running = None
        self._ended(self)
