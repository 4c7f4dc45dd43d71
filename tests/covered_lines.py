"""How many lines of the project its tests have run, in a few lines that people read.

python -m tests.covered_lines FILE        FILE is what `slipcover --json` has written
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

WORST: Final = 10


class Covered(NamedTuple):
    """A file: how many of its lines can run, and how many have."""

    file: str
    lines: int
    ran: int

    @property
    def percent(self) -> int:
        """Rounded down, so that 100 means all."""
        return self.ran * 100 // self.lines if self.lines else 100


def files(report: Mapping[str, Any]) -> list[Covered]:
    """Those of a report of SlipCover."""
    return [
        Covered(
            name,
            len(file["executed_lines"]) + len(file["missing_lines"]),
            len(file["executed_lines"]),
        )
        for name, file in report["files"].items()
    ]


def summary(found: Iterable[Covered]) -> Iterator[str]:
    """One total, and the files of which least has run."""
    found = sorted(found, key=lambda one: (one.percent, one.ran - one.lines, one.file))
    total = Covered("all", sum(one.lines for one in found), sum(one.ran for one in found))
    ran = f"{total.percent} % of the lines have run: {total.ran:,} of {total.lines:,}"
    yield f"{ran}, in {len(found)} files."
    yield "What only processes of their own run, as `hallgate run` does, is not counted."
    yield "Least has run of:"
    for one in found[:WORST]:
        yield f"{one.percent:4} %  {one.ran:5,} of {one.lines:5,}  {one.file}"


if __name__ == "__main__":
    written = Path(sys.argv[1])
    if not written.exists():
        sys.exit(f"Nothing tells which lines have run: there is no {written}.")
    print(*summary(files(json.loads(written.read_bytes()))), sep="\n")
