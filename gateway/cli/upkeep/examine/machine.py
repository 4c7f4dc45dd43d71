"""The machine: Python, limits, disk, clock, time zone."""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import shutil
import sqlite3
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from gateway.cli.upkeep.examine.finding import HealthFinding, mind, well, wrong
from gateway.config.settings import Settings
from gateway.store.sqlite import sqlite_file

PYTHON: Final = (3, 11)
SQLITE: Final = (3, 35)  # RETURNING
FEW_FILES: Final = 1_024
FULL: Final = 0.95  # of a disk
LITTLE: Final = 1 << 30  # octets
OLD: Final = 1_750_000_000  # a clock that says less has stood still
_NOT_SYNCHRONISED: Final = 5  # adjtimex(2): TIME_ERROR
_TIMEX: Final = 512  # octets, more than any system's struct timex


def examine_machine(settings: Settings) -> Iterator[HealthFinding]:
    yield from _python()
    yield _files(resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    for folder in _folders(settings):
        yield _disk(folder)
    yield _clock(time.time(), synchronised())
    yield _zone(settings.service.timezone, time.time())


def _python() -> Iterator[HealthFinding]:
    here = platform.python_version()
    if tuple(map(int, platform.python_version_tuple()[:2])) < PYTHON:
        yield wrong("Python", here, "install Python 3.11 or newer, and make the environment anew")
    else:
        yield well("Python", here)
    if sqlite3.sqlite_version_info < SQLITE:
        yield wrong("SQLite", sqlite3.sqlite_version, "a Python with SQLite 3.35 or newer")


def _files(limit: int) -> HealthFinding:
    told = "without limit" if limit == resource.RLIM_INFINITY else str(limit)
    if limit != resource.RLIM_INFINITY and limit <= FEW_FILES:
        cure = "ulimit -n 65536, or LimitNOFILE=65536 in the unit"
        return mind("open files", f"at most {told}; each link, call and page takes one", cure)
    return well("open files", f"at most {told}")


def _folders(settings: Settings) -> list[Path]:
    """Where it writes, each disk once."""
    store = sqlite_file(settings.store.url)
    wanted = [*([store.parent] if store else []), settings.ivr.sounds]
    found: dict[int, Path] = {}
    for folder in map(_nearest, wanted):
        found.setdefault(os.stat(folder).st_dev, folder)
    return list(found.values())


def _nearest(folder: Path) -> Path:
    """The folder, or the one in which it would be made."""
    return next(each for each in (folder, *folder.parents) if each.exists())


def _disk(folder: Path) -> HealthFinding:
    room = shutil.disk_usage(folder)
    told = f"{room.free / 2**30:.1f} GiB free of {room.total / 2**30:.1f}"
    if room.free < LITTLE or room.used > room.total * FULL:
        cure = "make room, or move the store (store.url): a full one serves nobody"
        return wrong(f"disk of {folder}", told, cure)
    return well(f"disk of {folder}", told)


def synchronised() -> bool | None:
    """Whether the system's clock follows a time server; None where the system does not tell."""
    try:
        state = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.create_string_buffer(_TIMEX))
    except (AttributeError, OSError):
        return None
    return None if state < 0 else state != _NOT_SYNCHRONISED


def _clock(now: float, follows: bool | None) -> HealthFinding:
    told = datetime.fromtimestamp(now).astimezone().isoformat(timespec="seconds")
    cure = "timedatectl set-ntp true (systemd-timesyncd or chrony)"
    if now < OLD:
        return wrong("clock", f"{told} cannot be", cure)
    if follows is False:
        return mind("clock", f"{told}; no time server keeps it right", cure)
    return well("clock", told + ("" if follows is None else ", kept by a time server"))


def _zone(name: str, now: float) -> HealthFinding:
    """That it exists, the settings know already; what it makes of now is for people."""
    return well(
        "time zone", f"{name}, where it is {datetime.fromtimestamp(now, ZoneInfo(name)):%H:%M}"
    )
