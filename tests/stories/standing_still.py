"""Gateways that stand still, as SIGSTOP and a virtual machine's freeze have it.

Where in its work a gateway is then, chance decides. On SQLite it matters: one that is stopped in
the middle of its writing keeps the file's lock, and nobody writes until it goes on or is killed
(docs/cluster.md). Stories of what others do meanwhile stop it between two writings; what comes of
the other case has a story of its own.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path
from typing import Final

from twisted.internet.task import deferLater

from tests.stories.gateway_process import GatewayProcess

WRITING: Final = 120
"""The octet of the index of SQLite's log that whoever writes has locked
(sqlite.org/walformat.html, §2.3.1)."""
WITHIN: Final = 60.0  # seconds
PAUSE: Final = 0.01  # seconds between looks, and between one stop and the next


async def stand_still(gateway: GatewayProcess) -> None:
    """It is stopped until SIGCONT, and keeps no other gateway from writing."""
    await _stopped_when(gateway, lambda: not is_writing(gateway))


async def stand_still_writing(gateway: GatewayProcess) -> None:
    """It is stopped until SIGCONT, in the middle of its writing on SQLite. It must have something
    to write."""
    await _stopped_when(gateway, lambda: is_writing(gateway))


async def _stopped_when(gateway: GatewayProcess, right: Callable[[], bool]) -> None:
    from twisted.internet import reactor

    until = reactor.seconds() + WITHIN
    while True:
        await stopped(gateway)
        if right():
            return
        gateway.signal(signal.SIGCONT)
        assert reactor.seconds() < until, f"process {gateway.pid} was never stopped where it was to"
        await deferLater(reactor, PAUSE)


async def stopped(gateway: GatewayProcess) -> None:
    """SIGSTOP; returns when none of its threads runs any more."""
    from twisted.internet import reactor

    gateway.signal(signal.SIGSTOP)
    until = reactor.seconds() + WITHIN
    while not _is_stopped(gateway):
        assert reactor.seconds() < until, f"process {gateway.pid} does not stop"
        await deferLater(reactor, PAUSE)


def _is_stopped(gateway: GatewayProcess) -> bool:
    """All of it (proc(5), state T)."""
    threads = Path(f"/proc/{gateway.pid}/task").iterdir()
    stats = [(thread / "stat").read_text().rpartition(")")[2] for thread in threads]
    return all(stat.split()[0] == "T" for stat in stats)


def is_writing(gateway: GatewayProcess) -> bool:
    """Whether it has SQLite's lock for who writes: what proc_locks(5) says of it. Nothing is opened
    for that: what we close again would cost us our own locks."""
    locks = (line.split() for line in Path("/proc/locks").read_text().splitlines())
    return any(
        kind == "WRITE" and int(pid) == gateway.pid and _holds(WRITING, first, last)
        for _, _, _, kind, pid, _, first, last in (lock for lock in locks if "->" not in lock)
    )


def _holds(octet: int, first: str, last: str) -> bool:
    return int(first) <= octet and (last == "EOF" or octet <= int(last))
