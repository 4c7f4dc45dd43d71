"""Starting what is measured: pinned to a core, its CPU and memory read from /proc, always ended."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from simulators.load import LoadSmsc
from tests.bench.host.interrupts import held

TICKS = os.sysconf("SC_CLK_TCK")


class Unable(RuntimeError):
    """A measurement cannot be made; the text says why, for whoever started it."""


@dataclass(frozen=True, slots=True)
class Cores:
    """What runs where: the system under test alone on one, everything else on the other."""

    measured: int
    others: int
    second: int | None = None
    """What a system that runs on two has as well, if it need not share that."""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def log_of(folder: Path, name: str) -> Path:
    return folder / f"{name}.log"


@contextmanager
def started(
    name: str, command: Sequence[str | Path], core: int | str, folder: Path, grace: float = 8.0
) -> Iterator[subprocess.Popen[bytes]]:
    """The command, running on `core` (or several: 0,1), its words in
    `folder/name.log`; ended on leaving.

    It gets a session of its own: whatever it starts ends with it, and a Ctrl-C in the
    terminal reaches only us, who then end things in order. `grace` is the seconds between
    asking and killing.
    """
    process = None
    try:
        with log_of(folder, name).open("ab") as log, held():
            process = subprocess.Popen(
                ["taskset", "-c", str(core), *map(str, command)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        yield process
    finally:
        if process is not None:
            _stop(process, grace)


def _stop(process: subprocess.Popen[bytes], grace: float) -> None:
    if process.poll() is None:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(grace)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for _ in range(100):  # its children are not ours to wait for, only to see gone
        if not family(process):
            break
        time.sleep(0.02)


def wait_until(
    what: str,
    holds: Callable[[], bool],
    process: subprocess.Popen[bytes],
    timeout: float = 20.0,
    pause: float = 0.05,
) -> None:
    """Until it holds, looked at every `pause` seconds; an error when the process ends first or the
    time is up."""
    deadline = time.monotonic() + timeout
    while not holds():
        if process.poll() is not None:
            raise Unable(f"{what}: the process ended with status {process.returncode}")
        if time.monotonic() > deadline:
            raise Unable(f"{what}: not within {timeout:g} s")
        time.sleep(pause)


def bound(
    smsc: LoadSmsc, process: subprocess.Popen[bytes], timeout: float = 30.0, binds: int = 1
) -> None:
    """Until the process has bound to the driver, so many times."""

    def holds() -> bool:
        with suppress(TimeoutError):
            smsc.await_binds(binds, 0.1)
            return True
        return False

    wait_until("a bind", holds, process, timeout, pause=0.0)  # its socket wakes us


def listens(port: int) -> bool:
    """Whether somebody listens on the TCP port, without connecting to it (proc(5), state 0A)."""
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    entries = (line.split() for line in lines)
    return any(
        entry[3] == "0A" and int(entry[1].partition(":")[2], 16) == port for entry in entries
    )


def family(process: subprocess.Popen[bytes]) -> list[int]:
    """The process and whatever it has started: everyone of its session who lives."""
    found = []
    for entry in Path("/proc").iterdir():
        with suppress(ValueError, OSError):
            pid = int(entry.name)
            state, _, _, session, *_ = _stat(pid)
            if int(session) == process.pid and state != "Z":
                found.append(pid)
    return found


def cpu_seconds(pids: Sequence[int]) -> float:
    """utime + stime of the processes and of the children they have waited for."""
    return sum(sum(map(int, _stat(pid)[11:15])) for pid in pids) / TICKS


def busy_seconds(core: int) -> float:
    """How long that core has worked for anybody since the machine started (proc(5))."""
    lines = Path("/proc/stat").read_text().splitlines()
    fields = next(line.split()[1:] for line in lines if line.startswith(f"cpu{core} "))
    user, nice, system, _idle, _iowait, irq, softirq, steal, *_ = map(int, fields)
    return (user + nice + system + irq + softirq + steal) / TICKS


def _stat(pid: int) -> list[str]:
    # the command's name stands in brackets and may hold blanks: count from behind it (proc(5))
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def peak_megabytes(pids: Sequence[int]) -> float:
    """The highest resident memory so far, summed over the processes (VmHWM)."""
    return sum(_peak_kilobytes(pid) for pid in pids) / 1024


def _peak_kilobytes(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    return 0


def last_words(folder: Path, lines: int = 12) -> str:
    """The ends of the logs in a folder, for an error message."""
    said = []
    for log in sorted(folder.glob("*.log")):
        if tail := log.read_text(errors="replace").splitlines()[-lines:]:
            said.append("\n  ".join([f"{log.name}:", *tail]))
    return "\n".join(said)
