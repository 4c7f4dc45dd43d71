"""What the figures were measured on: cores, file system, how busy it was with other things."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from statistics import median

from tests.bench.host.processes import Cores


def cores() -> Cores:
    """The first core we may use for the system under test, the last for everything else."""
    allowed = sorted(os.sched_getaffinity(0))
    second = allowed[1] if len(allowed) > 2 else None
    return Cores(measured=allowed[0], others=allowed[-1], second=second)


def described(folder: Path, where: Cores) -> str:
    kind = file_system(folder)
    busy = f"load average now {os.getloadavg()[0]:.1f}"
    disk = f"stores in {folder} on {kind}, an fsync there takes {fsync_ms(folder):.2f} ms"
    said = [f"{os.cpu_count()} cores, {busy}; {disk}."]
    if kind == "tmpfs":
        said.append("That is memory: nothing there outlives the machine. Set TMPDIR to a disk.")
    if where.measured == where.others:
        said.append("Only one core: the driver takes its time from what it measures.")
    return "\n".join(said)


def file_system(folder: Path) -> str:
    """The kind of the mount that holds the folder."""
    mounts = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    holding = [mount for mount in mounts if folder.resolve().is_relative_to(mount[1])]
    return max(holding, key=lambda mount: len(mount[1]))[2] if holding else "an unknown file system"


def fsync_ms(folder: Path) -> float:
    """Appending a page and making it durable, as a store's log does."""
    spent = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for _ in range(30):
            start = time.perf_counter()
            file.write(bytes(4096))
            file.flush()
            os.fsync(file.fileno())
            spent.append(time.perf_counter() - start)
    return median(spent) * 1000
