"""Who a gateway is to others on the same store, and whether one that ran on this machine is
dead."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")


def holder(chance: str) -> str:
    """This process's name; `chance` tells gateways of one process apart."""
    pid = os.getpid()
    return " ".join((_machine(), str(pid), _began(pid), chance))


def is_dead(name: str) -> bool:
    """For sure: it ran where we run, and is there no more. Of other machines nobody knows."""
    machine, pid, began, _ = (*name.split(" "), "", "", "", "")[:4]
    if not (machine and machine == _machine() and pid.isdigit()):
        return False
    return _began(int(pid)) != began


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
    """When a process began, in ticks since the boot: process ids come again."""
    try:
        stat = (_PROC / str(pid) / "stat").read_text()
    except OSError:
        return ""
    # the name of the program, in parentheses, may hold anything
    return stat.rpartition(")")[2].split()[19]
