"""Who a gateway is to others on the same store, and whether one that ran on this machine is
dead."""

from __future__ import annotations

import os
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

_PROC: Final = Path("/proc")


class GatewayIdentity(NamedTuple):
    """Who has something, as others are told."""

    machine: str  # empty: it cannot be known whether it is ours
    pid: str
    began: str
    host: str = ""
    since: int = 0  # seconds since 1970; 0: not known


def holder(chance: str, since: float = 0.0) -> str:
    """This process's name, that it has `since`; `chance` tells gateways of one process apart."""
    pid = os.getpid()
    host = socket.gethostname().replace(" ", "-")
    return " ".join((_machine(), str(pid), _began(pid), chance, host, str(int(since))))


def read(name: str) -> GatewayIdentity:
    """Of an older or a foreign name only what can be found in it."""
    machine, pid, began, _, host, since = (*name.split(" "), "", "", "", "", "", "")[:6]
    return GatewayIdentity(machine, pid, began, host, int(since) if since.isdigit() else 0)


def described(name: str) -> str:
    """Who it is, for people."""
    known = read(name)
    since = datetime.fromtimestamp(known.since, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    return f"process {known.pid} on {known.host or 'an unknown machine'}, since {since}"


def is_dead(name: str) -> bool:
    """For sure: it ran where we run, and is there no more. Of other machines nobody knows."""
    machine, pid, began, _, _ = read(name)
    if not (machine and machine == _machine() and pid.isdigit()):
        return False
    return _began(int(pid)) != began


def place(host: str, port: int) -> str:
    """Where somebody finds a server, the same for two only if it is the same: on the loopback it is
    each machine's own."""
    near = f" {_loopback()}" if host == "localhost" or host.startswith(("127.", "::1")) else ""
    return f"{host}:{port}{near}"


def _loopback() -> str:
    """This boot of this machine, and the processes that share its loopback."""
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
        return f"{boot}/{os.readlink(_PROC / 'self/ns/net')}"
    except OSError:
        return socket.gethostname()


def _machine() -> str:
    """This boot of this machine, and the processes that can see each other there; empty where
    that cannot be known."""
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
        space = os.readlink(_PROC / "self/ns/pid")
    except OSError:
        return ""
    return f"{boot}/{space}"


def _began(pid: int) -> str:
    """When a process began, in ticks since the boot: process ids come again. Empty for one that
    has ended, also if nobody has taken note of it yet."""
    try:
        stat = (_PROC / str(pid) / "stat").read_text()
    except OSError:
        return ""
    # the name of the program, in parentheses, may hold anything
    state, *rest = stat.rpartition(")")[2].split()
    return "" if state in "ZX" else rest[18]
