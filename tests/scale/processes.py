"""What a process takes of the machine."""

from __future__ import annotations

import os
import time
from pathlib import Path


def work_of(process: int) -> float:
    """Seconds that it has had of a core."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def still(process: int, seconds: float = 2.0) -> None:
    """Waits until it has had nearly nothing to do for so long."""
    before = work_of(process)
    while True:
        time.sleep(seconds)
        now = work_of(process)
        if now - before < 0.05 * seconds:
            return
        before = now
