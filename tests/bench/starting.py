"""How long starting takes: verbs that need no gateway, and a gateway up to its first answer."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from simulators.load import Subscribers
from tests.bench.host.processes import Cores, Unable, busy_seconds
from tests.bench.ratio_table import spread, table
from tests.bench.rounds import Times, at_work
from tests.bench.systems.hallgate import PROGRAM, Hallgate
from tests.bench.systems.system import FIRST

HELP: Final = (("--help",), ("tickets", "list", "--help"))
LIST: Final = ("tickets", "list")  # reads the store, and needs no gateway
PEOPLE: Final = 10
VERB_MUST, RUN_MUST = "≤ 0.6", "≤ 3"


@dataclass(frozen=True, slots=True)
class Start:
    """One thing that was started several times; seconds of the wall."""

    what: str
    seconds: tuple[float, ...]
    must: str


@dataclass(frozen=True, slots=True)
class Starts:
    each: tuple[Start, ...]
    disturbed: float  # share of the time that its core worked for somebody else


def measure(folder: Path, where: Cores, times: int) -> Starts:
    """Each `times` times on the core of the system under test; once before, unmeasured, so that
    files are read from memory."""
    folder.mkdir()
    system = Hallgate(subscribers=PEOPLE + 1)
    system.prepare(folder)
    of_store = ("--config", str(system.prepared(folder)))
    before = _clocks(where)
    verbs = [_verb(words, (), where, times) for words in HELP]
    verbs.append(_verb(LIST, of_store, where, times))
    gateway = _gateway(system, folder, where, times)
    wall, busy, own = (then - now for now, then in zip(before, _clocks(where), strict=True))
    return Starts((*verbs, gateway), round(max(0.0, busy - own) / wall, 3))


def _clocks(where: Cores) -> tuple[float, float, float]:
    """Seconds of the wall, of all work on the core, of what we have started and seen end."""
    spent = os.times()
    own = spent.children_user + spent.children_system
    return time.monotonic(), busy_seconds(where.measured), own


def _verb(words: Sequence[str], options: Sequence[str], where: Cores, times: int) -> Start:
    called = f"hallgate {' '.join(words)}"
    print(f"{called} …", file=sys.stderr)
    command = ["taskset", "-c", str(where.measured), str(PROGRAM), *words, *options]
    seconds = [_seconds(command) for _ in range(times + 1)]
    return Start(called, tuple(seconds[1:]), VERB_MUST)


def _seconds(command: Sequence[str]) -> float:
    began = time.perf_counter()
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    spent = time.perf_counter() - began
    if done.returncode:
        raise Unable(f"{' '.join(command)}\nended with status {done.returncode}: {done.stderr}")
    return spent


def _gateway(system: Hallgate, folder: Path, where: Cores, times: int) -> Start:
    print("hallgate run …", file=sys.stderr)
    seconds = [_first_answer(system, folder / "round", where) for _ in range(times + 1)]
    return Start("hallgate run, to its first answer", tuple(seconds[1:]), RUN_MUST)


def _first_answer(system: Hallgate, folder: Path, where: Cores) -> float:
    people = Subscribers(FIRST, PEOPLE)
    began = time.perf_counter()
    with at_work(system, people, folder, where, Times(0.0, 0.0)) as bench:
        spent = bench.ready_at - began
    shutil.rmtree(folder)
    return spent


def told(starts: Starts) -> str:
    head = ["seconds of the wall", "median", "must"]
    body = [[each.what, spread(each.seconds), each.must] for each in starts.each]
    return (
        f"Starting, {len(starts.each[0].seconds)} times each, files in memory; others on its core:"
        f" {100 * starts.disturbed:.0f} %\n{table([head, *body])}"
    )
