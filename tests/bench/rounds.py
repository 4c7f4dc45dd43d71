"""One round of one system: started, loaded in five ways, stopped; and what it came to."""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import inf
from pathlib import Path

from simulators.load import (
    CappedPace,
    EsmeDisconnected,
    LoadPhase,
    LoadResult,
    LoadSmsc,
    LoadSubscribers,
    MalformedSubmit,
    Pace,
    SteadyPace,
    Subscribers,
    UnboundedPace,
)
from tests.bench.host.processes import (
    Cores,
    Unable,
    busy_seconds,
    cpu_seconds,
    last_words,
    peak_megabytes,
)
from tests.bench.systems.system import FIRST, TEXTING, Running, System

CAP = 200
STEADY = 1000.0  # MOs a second of the common open loop
ALONE = 200.0  # so few that most come alone


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds of each phase."""

    warm_up: float
    duration: float


@dataclass(frozen=True, slots=True)
class Load:
    """One phase: the driver's figures, and what it cost the system."""

    result: LoadResult
    cpu_per_1000: float  # seconds, all processes of the system
    disturbed: float  # share of the time that its core worked for somebody else
    wrong: int  # of the last replies: how many did not say the right thing

    @property
    def cpu_us_each(self) -> float:
        """Microseconds of CPU for one message."""
        return self.cpu_per_1000 * 1000

    def faults(self) -> int:
        result = self.result
        return self.wrong + sum((result.lost, result.doubled, result.failed, result.unacknowledged))


@dataclass(frozen=True, slots=True)
class Round:
    cap: Load
    flood: Load
    half: Load | None  # open loop at half of the better of the two; None when not asked for
    steady: Load | None
    alone: Load | None
    peak_megabytes: float

    def loads(self) -> list[Load]:
        every = (self.cap, self.flood, self.half, self.steady, self.alone)
        return [load for load in every if load]

    def faults(self) -> int:
        return sum(load.faults() for load in self.loads())


class Bench:
    """A system that runs, and the driver it is bound to."""

    def __init__(
        self, system: System, running: Running, smsc: LoadSmsc, core: int, times: Times
    ) -> None:
        self._system = system
        self._running = running
        self._smsc = smsc
        self._core = core
        self._times = times
        self.ready_at = inf  # when its first answer came, by time.perf_counter

    def first_answer(self) -> None:
        """One MO alone: until it is answered, nothing is ready."""
        began = time.perf_counter()
        phase = LoadPhase("first", CappedPace(1), warm_up=0.0, messages=1, patience=20.0)
        result = self._smsc.run(phase)
        if not result.answered:
            raise Unable(f"{self._system.name} does not answer: {result.as_dict()}")
        self.ready_at = began + result.max_ms / 1000

    def cap(self) -> Load:
        return self._load(f"cap{CAP}", CappedPace(CAP))

    def flood(self, expected: float) -> Load:
        """As many MOs as take it the usual time: an ESME that takes all at once must end too."""
        seconds = self._times.warm_up + self._times.duration
        return self._load("flood", UnboundedPace(), messages=max(1000, int(expected * seconds)))

    def each_once(self, mode: str, messages: int) -> Load:
        """So many MOs, one after another of the subscribers: all of them get somewhere."""
        return self._load(mode, CappedPace(CAP), messages)

    def rate(self, mode: str, per_second: float) -> Load:
        return self._load(mode, SteadyPace(per_second, random.Random(1)))

    def peak_megabytes(self) -> float:
        return peak_megabytes(self._running.pids())

    def _load(self, mode: str, pace: Pace, messages: int | None = None) -> Load:
        gc.collect()
        before = self._clocks()
        phase = LoadPhase(mode, pace, self._times.warm_up, self._times.duration, messages)
        result = self._smsc.run(phase)
        after = self._clocks()
        wall, busy, spent = (then - now for now, then in zip(before, after, strict=True))
        return Load(
            result=result,
            cpu_per_1000=round(spent * 1000 / max(1, result.answered), 4),
            disturbed=round(max(0.0, busy - spent) / wall, 3),
            wrong=sum(not self._system.right(*reply) for reply in result.replies),
        )

    def _clocks(self) -> tuple[float, float, float]:
        """Seconds of the wall, of all work on the core, of the system's own work."""
        own = cpu_seconds(self._running.pids())
        return time.monotonic(), busy_seconds(self._core), own


@contextmanager
def at_work(
    system: System, subscribers: LoadSubscribers, folder: Path, cores: Cores, times: Times
) -> Iterator[Bench]:
    """The system, started afresh and ready to be loaded by these subscribers."""
    folder.mkdir()
    with LoadSmsc(subscribers=subscribers) as smsc:
        try:
            with system.running(smsc, folder, cores) as running:
                bench = Bench(system, running, smsc, cores.measured, times)
                bench.first_answer()
                yield bench
        except (Unable, EsmeDisconnected, MalformedSubmit, TimeoutError) as error:
            raise Unable(f"{system.name}: {error}\n{last_words(folder)}") from error


def play(system: System, folder: Path, cores: Cores, times: Times, brief: bool) -> Round:
    """The whole round; a `brief` one is only about how much goes through."""
    with at_work(system, Subscribers(FIRST, TEXTING), folder, cores, times) as bench:
        return _loads(bench, brief)


def _loads(bench: Bench, brief: bool) -> Round:
    cap = bench.cap()
    flood = bench.flood(cap.result.rate)
    half = steady = alone = None
    if not brief:
        half = bench.rate("half", max(cap.result.rate, flood.result.rate) / 2)
        steady = bench.rate("1000/s", STEADY)
        alone = bench.rate("200/s", ALONE)
    return Round(cap, flood, half, steady, alone, round(bench.peak_megabytes(), 1))
