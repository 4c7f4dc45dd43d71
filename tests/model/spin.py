"""Spin at work: a model checked through and through, a counter-example read, a run at random.

Spin makes a C program of the model and of what the run is given (-D…); that visits every state.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.packages import SPIN

MODEL = Path(__file__).with_name("hall.pml")
DEPTH = 10_000  # steps of one run; the model's runs have fewer than two hundred
STEP = re.compile(r"^\s*STEP (\w+)((?: \w+=\d+)*)\s*$")

Sizes = Mapping[str, int]
"""What a run is given: how many messages, how many crashes, which rule is taken out (as 1)."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the model: its name, and of whom it speaks (`g` a gateway, `m` a message, `row` a
    reply in the order of the turns)."""

    name: str
    about: Mapping[str, int]

    def __str__(self) -> str:
        return " ".join((self.name, *(f"{key}={value}" for key, value in self.about.items())))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What Spin found in all runs of a model."""

    states: int
    errors: int
    complete: bool  # every state was visited, and every run to its end
    wrong: str  # the first assertion that does not hold
    way: tuple[Step, ...]  # the steps that lead there
    report: str  # as Spin wrote it


class SpinFailed(Exception):
    """Spin or the compiler does not accept the model, or the search came to no end."""


def check(sizes: Sizes, *, quick: bool = False) -> Verdict:
    """Visit every state. `quick`: compiled in less time, for a search that ends early."""
    with _workshop() as folder:
        _run(folder, str(SPIN.require()), "-a", *_defined(sizes), str(MODEL))
        options = ("-w", "-O0" if quick else "-O1", "-DSAFETY", "-DCOLLAPSE", "-DMEMLIM=4000")
        _run(folder, "cc", *options, "-o", "pan", "pan.c")
        report = _run(folder, "./pan", f"-m{DEPTH}", "-w22")
        errors = int(_found(r"errors: (\d+)", report))
        return Verdict(
            int(_found(r"(\d+) states, stored", report)),
            errors,
            _is_complete(report),
            _assertion(report) if errors else "",
            _trail(folder, sizes) if errors else (),
            report,
        )


def simulate(sizes: Sizes, seed: int, most: int = 4_000) -> tuple[Step, ...]:
    """One run, its choices drawn with `seed`; it ends after `most` steps of Spin at the latest."""
    words = ("-T", "-B", f"-n{seed}", f"-u{most}")
    with _workshop() as folder:
        return steps(_run(folder, str(SPIN.require()), *words, *_defined(sizes), str(MODEL)))


def steps(told: str) -> tuple[Step, ...]:
    """The steps in what Spin printed."""
    return tuple(
        Step(match[1], {key: int(value) for key, value in _pairs(match[2])})
        for line in told.splitlines()
        if (match := STEP.match(line))
    )


def _pairs(words: str) -> Iterator[tuple[str, str]]:
    for word in words.split():
        key, _, value = word.partition("=")
        yield key, value


def _trail(folder: Path, sizes: Sizes) -> tuple[Step, ...]:
    words = ("-k", f"{MODEL.name}.trail", "-t", "-T", "-B")
    return steps(_run(folder, str(SPIN.require()), *words, *_defined(sizes), str(MODEL)))


def _is_complete(report: str) -> bool:
    spoilt = ("max search depth too small", "Search not completed", "out of memory", "hash-compact")
    return "Full statespace search" in report and not any(word in report for word in spoilt)


def _assertion(report: str) -> str:
    return _found(r"assertion violated (.*) \(at depth", report)


def _found(pattern: str, report: str) -> str:
    match = re.search(pattern, report)
    if match is None:
        raise SpinFailed(report)
    return match[1]


def _defined(sizes: Sizes) -> list[str]:
    return [f"-D{name}={value}" for name, value in sizes.items()]


@contextmanager
def _workshop() -> Iterator[Path]:
    """Spin leaves its files where it is called."""
    folder = Path(tempfile.mkdtemp(prefix="spin-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _run(folder: Path, *words: str) -> str:
    run = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    # what Spin says of a trail that ends in an error, and of a run that was long enough
    if run.returncode and "-t" not in words and not words[0].endswith("pan"):
        raise SpinFailed(f"{' '.join(words)}: {run.stdout}{run.stderr}")
    return run.stdout + run.stderr
