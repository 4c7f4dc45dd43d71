"""Where Hallgate spends its time under load: a sampling profile from outside, by py-spy."""

from __future__ import annotations

import re
import shutil
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from simulators.load import LoadSmsc, Subscribers
from tests.bench.host.processes import Cores, Unable, started
from tests.bench.rounds import Bench, Times
from tests.bench.systems.system import FIRST, TEXTING, Running, System

SHOWN = 40
# a thread that sleeps here has nothing to do, whatever the sampler thinks of it
ASLEEP = ("wait (threading.py)", "doPoll (twisted/internet/epollreactor.py)", "get (queue.py)")
Stacks = list[tuple[list[str], int]]


def profile(system: System, folder: Path, cores: Cores, seconds: float) -> str:
    """The top functions while at most 200 MOs are unanswered."""
    spy = _spy()
    system.prepare(folder)
    own = folder / "profile"
    own.mkdir()
    stacks = own / "stacks.txt"
    with (
        LoadSmsc(subscribers=Subscribers(FIRST, TEXTING)) as smsc,
        system.running(smsc, own, cores) as running,
    ):
        bench = Bench(
            system, running, smsc, cores.measured, Times(warm_up=0.5, duration=seconds + 1)
        )
        bench.first_answer()
        with started(
            "py-spy", _watching(spy, running, stacks, seconds), cores.others, own
        ) as watch:
            rate = bench.cap().result.rate
            watch.wait(60)
    if not stacks.exists():
        raise Unable("py-spy wrote nothing: " + (own / "py-spy.log").read_text())
    found = top(read_stacks(stacks.read_text().splitlines()))
    return f"{system.name}: {rate:,.0f}/s while watched\n{found}"


def _watching(spy: str, running: Running, stacks: Path, seconds: float) -> list[str]:
    process = running.pids()[0]
    record = [spy, "record", "--pid", str(process), "--duration", str(round(seconds))]
    return [*record, "--rate", "500", "--threads", "--format", "raw", "--output", str(stacks)]


def _spy() -> str:
    beside = Path(sys.executable).with_name("py-spy")
    found = str(beside) if beside.exists() else shutil.which("py-spy")
    if found is None:
        raise Unable(f"py-spy is not installed: {sys.executable} -m pip install py-spy")
    return found


def read_stacks(lines: Iterable[str]) -> Stacks:
    """Lines of "outermost;…;innermost count" as py-spy's raw format has them, awake ones only."""
    stacks: Stacks = []
    for line in lines:
        frames, _, count = line.rpartition(" ")
        names = [_function(frame) for frame in frames.split(";")]
        if not names[-1].endswith(ASLEEP):
            stacks.append((names, int(count)))
    return stacks


def top(stacks: Stacks) -> str:
    """Functions by the time spent in themselves, with the time of all they call."""
    total = sum(count for _, count in stacks) or 1
    own: Counter[str] = Counter()
    within: Counter[str] = Counter()
    for names, count in stacks:
        own[names[-1]] += count
        for name in set(names):
            within[name] += count
    rows = ["  own%   all%  function"]
    for name in sorted(within, key=lambda name: (-own[name], -within[name]))[:SHOWN]:
        rows.append(f"{own[name] / total:6.1%} {within[name] / total:6.1%}  {name}")
    rows.append("by all they call:")
    for name, count in within.most_common(SHOWN):
        rows.append(f"{own[name] / total:6.1%} {count / total:6.1%}  {name}")
    return "\n".join(rows)


def _function(frame: str) -> str:
    """py-spy names lines; a function is the sum of its lines."""
    return re.sub(r":\d+\)$", ")", frame)
