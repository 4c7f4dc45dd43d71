"""The console of `hallgate demo`: a process of its own, as `hallgate console` starts it."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from argparse import Namespace
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from twisted.internet.threads import deferToThread

_PROGRAM: Final = "import sys; from gateway.cli import main; sys.exit(main())"
_PATIENCE: Final = 15.0  # seconds to end in order


class ConsoleGone(Exception):
    """It ended before it had begun; the text is what it said last."""


class DemoConsole:
    """A process that serves. `address` is what its first line told."""

    def __init__(self, process: subprocess.Popen[bytes], address: str) -> None:
        self._process = process
        self.address = address

    def hang_up(self) -> None:
        self._process.send_signal(signal.SIGHUP)


def words_of(chosen: Namespace) -> list[str]:
    """The options that the demo was given, for its console."""
    file = ["--config", str(chosen.config)] if chosen.config else []
    return [*file, *(word for one in chosen.set for word in ("--set", one))]


@asynccontextmanager
async def demo_console(words: Sequence[str], log: Path) -> AsyncIterator[DemoConsole]:
    """Its log goes to the end of a file. Raises ConsoleGone."""
    command = [sys.executable, "-c", _PROGRAM, "console", *words]
    if guard := shutil.which("setpriv"):  # it never outlives the demo, however that ends
        command = [guard, "--pdeathsig", "TERM", *command]
    process = _started(command, log)
    try:
        said = await deferToThread(_first_line, process)
        if not said:
            raise ConsoleGone(f"the console did not start: {_last_line(log)}")
        yield DemoConsole(process, said.split()[1].partition("/api/")[0])
    finally:
        await deferToThread(_end, process)


def _started(command: Sequence[str], log: Path) -> subprocess.Popen[bytes]:
    """From the thread that lives longest: the kernel tells the child when that one ends."""
    with log.open("ab") as lines:
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=lines
        )


def _first_line(process: subprocess.Popen[bytes]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().decode()


def _last_line(log: Path) -> str:
    return log.read_text(errors="replace").strip().rpartition("\n")[2]


def _end(process: subprocess.Popen[bytes]) -> None:
    """In order; by force, if it takes too long."""
    process.terminate()
    try:
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
    process.communicate()
