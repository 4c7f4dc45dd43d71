"""A fixed share of a core for what is measured, where the machine has not a core for each: a group
of the kernel's CPU controller (cgroup v1, cpu.cfs_quota_us), which root may make."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from tests.bench.host.processes import Unable

GROUPS: Final = Path("/sys/fs/cgroup/cpu")
PERIOD_US: Final = 20_000  # within which a share is given: the longest pause is less than that
FIRST: Final = 64 * 1024  # its weight; whoever is in no group has 1024


@contextmanager
def share(name: str, of_a_core: float | None) -> Iterator[Path]:
    """A group that comes before everybody else on the machine, and gets so much of a core at most
    (None: as much as there is). At the end it is empty, and gone. Raises Unable."""
    group = GROUPS / f"hallgate-bench-{os.getpid()}-{name}"
    try:
        group.mkdir()
        (group / "cpu.shares").write_text(str(FIRST))
        if of_a_core is not None:
            (group / "cpu.cfs_period_us").write_text(str(PERIOD_US))
            (group / "cpu.cfs_quota_us").write_text(str(round(PERIOD_US * of_a_core)))
    except OSError as error:
        with suppress(OSError):
            group.rmdir()
        raise Unable(f"shares of a core need root, and {GROUPS} of cgroup v1: {error}") from None
    try:
        yield group
    finally:
        _move(GROUPS, _members(group))
        group.rmdir()


def enter(group: Path, pids: Sequence[int]) -> None:
    """Processes, with all their threads; what they start from now on is there as well."""
    _move(group, pids)


def _members(group: Path) -> list[int]:
    return list(map(int, (group / "cgroup.procs").read_text().split()))


def _move(group: Path, pids: Sequence[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            (group / "cgroup.procs").write_text(str(pid))
