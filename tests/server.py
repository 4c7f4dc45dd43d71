"""A server process that lives as long as the tests, in a folder of its own."""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

START_SECONDS = 30
STOP_SECONDS = 30  # the guard itself loses patience long before
GUARD = Path(__file__).with_name("guard.py")


class NotReady(Exception):
    """A server ended, or said nothing in time; the text holds the end of its log."""


_GIVEN: Final = deque[int](maxlen=300)


def free_port() -> int:
    """A TCP port of the loopback that nobody listens on.

    It lies below the ports that the kernel gives to outgoing connections, so that none of them
    takes it before its server does. Tests that run at once have a thousand each, and the last
    hundreds that were given are not given again: a server may be slow to take its own.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    first = 20_000 + 1_000 * (int(worker.removeprefix("gw")) % 10)
    while True:
        port = random.randrange(first, first + 1_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            if port not in _GIVEN:
                _GIVEN.append(port)
                return port


class Server:
    """One server process under its guard, and the folder that is all it has."""

    def __init__(self, name: str, user: str, farewell: signal.Signals) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=f"hallgate-{name}-"))
        self.port = free_port()
        self.pid = 0
        self.guard_pid = 0
        self._user = user
        self._farewell = farewell
        self._guard: subprocess.Popen[bytes] | None = None
        if user:
            shutil.chown(self.folder, user)

    def start(self, command: Sequence[str], answers: Callable[[], bool]) -> None:
        """Start the command and return when it answers."""
        self._guard = subprocess.Popen(
            # isolated and without site: the guard owes nothing to this environment
            [sys.executable, "-IS", GUARD, self.folder, self._user, self._farewell.name, *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C in the terminal is not for servers
        )
        self.guard_pid = self._guard.pid
        assert self._guard.stdout is not None
        self.pid = int(self._guard.stdout.readline() or 0)
        for _ in range(START_SECONDS * 50):
            if answers():
                return
            with suppress(subprocess.TimeoutExpired):
                self._guard.wait(0.02)
                break
        raise NotReady(f"{command[0]} did not come up:\n{self.log()}")

    @property
    def up(self) -> bool:
        """Whether it has not ended, by itself or by us."""
        return self._guard is not None and self._guard.poll() is None

    def log(self) -> str:
        """The last words that the server wrote."""
        return (self.folder / "log").read_text(errors="replace")[-2000:]

    def kill(self, number: signal.Signals) -> None:
        """End the server and keep its folder, as a crash does."""
        assert self._guard is not None
        os.kill(self.pid, number)
        self._guard.wait(STOP_SECONDS)  # before we hang up, which would take the folder along
        self._hang_up()

    def stop(self) -> None:
        """End the server and remove its folder."""
        self._hang_up()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _hang_up(self) -> None:
        if self._guard is not None:
            self._guard.communicate(timeout=STOP_SECONDS)
            self._guard = None
