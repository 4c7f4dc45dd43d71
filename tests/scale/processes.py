"""What a process takes of the machine."""

from __future__ import annotations

import time


def work_of(process: int) -> float:
    """Seconds that all its threads have had of a core (clock_getcpuclockid(3))."""
    return time.clock_gettime(~process << 3 | 2)


def still(process: int, seconds: float = 2.0) -> None:
    """Waits until it has had nearly nothing to do for so long."""
    before = work_of(process)
    while True:
        time.sleep(seconds)
        now = work_of(process)
        if now - before < 0.05 * seconds:
            return
        before = now
