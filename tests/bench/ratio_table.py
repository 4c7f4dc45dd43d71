"""Figures of many rounds as medians, ratios and plain tables."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from tests.bench.rounds import Load, Round

Figure = Callable[[Round], float | None]


def _of(load: Load | None, figure: Callable[[Load], float]) -> float | None:
    return None if load is None else figure(load)


FIGURES: dict[str, Figure] = {
    "cap200/s": lambda played: played.cap.result.rate,
    "flood/s": lambda played: played.flood.result.rate,
    "CPU s/1,000 cap200": lambda played: played.cap.cpu_per_1000,
    "CPU s/1,000 half": lambda played: _of(played.half, lambda load: load.cpu_per_1000),
    "at half, /s": lambda played: _of(played.half, lambda load: load.result.rate),
    "p50 ms at half": lambda played: _of(played.half, lambda load: load.result.p50_ms),
    "p99 ms at half": lambda played: _of(played.half, lambda load: load.result.p99_ms),
    "p99 ms at 1,000/s": lambda played: _of(played.steady, lambda load: load.result.p99_ms),
    "CPU s/1,000 at 1,000/s": lambda played: _of(played.steady, lambda load: load.cpu_per_1000),
    "CPU µs each at 200/s": lambda played: _of(played.alone, lambda load: load.cpu_us_each),
    "p50 ms at 200/s": lambda played: _of(played.alone, lambda load: load.result.p50_ms),
    "p99 ms at 200/s": lambda played: _of(played.alone, lambda load: load.result.p99_ms),
    "peak MB": lambda played: played.peak_megabytes,
    "driver late, worst ms": lambda played: max(load.result.behind_ms for load in played.loads()),
    "others on its core, %": lambda played: max(100 * load.disturbed for load in played.loads()),
    "lost, doubled, wrong": lambda played: float(played.faults()),
}

MUSTS = {  # what Hallgate's figures must be
    "CPU s/1,000 cap200": "≤ 0.12",
    "p99 ms at half": "≤ 20",
    "p99 ms at 1,000/s": "≤ 10",
    "CPU s/1,000 at 1,000/s": "≤ 0.30",
    "CPU µs each at 200/s": "≤ 600",
    "lost, doubled, wrong": "0",
}


@dataclass(frozen=True, slots=True)
class Aim:
    """One figure of ours against the peer's; `must` is how many times better it must be."""

    figure: str
    more_is_better: bool
    must: str = "–"


COMPARED = (
    Aim("cap200/s", True, must="≥ 4 ×"),
    Aim("flood/s", True),
    Aim("CPU s/1,000 cap200", False),
    Aim("CPU s/1,000 half", False),
    Aim("CPU s/1,000 at 1,000/s", False),
    Aim("p99 ms at half", False),
    Aim("p99 ms at 1,000/s", False),
)


def values(rounds: Sequence[Round], figure: str) -> list[float]:
    found = (FIGURES[figure](played) for played in rounds)
    return [value for value in found if value is not None]


def middle(rounds: Sequence[Round], figure: str) -> float | None:
    measured = values(rounds, figure)
    return median(measured) if measured else None


def ratios(ours: Sequence[Round], theirs: Sequence[Round], aim: Aim) -> list[float]:
    """Pair by pair, how many times better ours is: above 1 is better, whatever the figure."""
    pairs = zip(values(ours, aim.figure), values(theirs, aim.figure), strict=False)
    if aim.more_is_better:
        return [our / their for our, their in pairs if their]
    return [their / our for our, their in pairs if our]


def systems_table(played: dict[str, list[Round]]) -> str:
    """A line for each figure, a column for each system: the median, and the spread; then what
    Hallgate's must be."""
    head = ["", *played, "must"]
    body = [
        [figure, *(spread(values(played[name], figure)) for name in played), MUSTS.get(figure, "–")]
        for figure in FIGURES
    ]
    return table([head, *body])


def ratios_table(ours: Sequence[Round], theirs: Sequence[Round]) -> str:
    head = ["times better, pair by pair", "median", "must", "pairs"]
    body = []
    for aim in COMPARED:
        if found := ratios(ours, theirs, aim):
            pairs = " ".join(f"{ratio:.2f}" for ratio in found)
            body.append([aim.figure, f"{median(found):.2f} ×", aim.must, pairs])
    return table([head, *body])


def spread(measured: Sequence[float]) -> str:
    """The median, and (lowest…highest)."""
    if not measured:
        return "–"
    low, mid, high = (number(each) for each in (min(measured), median(measured), max(measured)))
    return mid if low == high else f"{mid} ({low}…{high})"


def number(value: float) -> str:
    """Three digits that count."""
    if value >= 100 or value == 0:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 1 else f"{value:.3f}"


def table(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(_columns, column)) for column in zip(*rows, strict=True)]
    return "\n".join(_line(row, widths) for row in rows)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = (cell + " " * (width - _columns(cell)) for cell, width in zip(row, widths, strict=True))
    return "  ".join(cells).rstrip()


def _columns(text: str) -> int:
    """A Chinese character takes two columns of a terminal."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)
