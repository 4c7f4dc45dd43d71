"""Loads of rising rates on the dialplan and on Hallgate, in turn; what each took, and thought."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from tests.bench.calls.bench_menu import ASKED, MENU, PASSWORD, TOLD, Hall
from tests.bench.calls.sipp_load import Callers, Crowd
from tests.bench.host.processes import Cores, cpu_seconds, started, wait_until
from tests.bench.systems.hallgate import PROGRAM
from tests.ivr.real_asterisk import Asterisk, fetched

NATIVE: Final = "10010"
"""What is dialled for the dialplan's own menu; 10086 is Hallgate's."""
STEADY: Final = 50.0  # calls a second at which costs are compared
_DIALPLAN: Final = """
[hallgate](+)
exten => {number},1,Answer()
 same => n,Read(KEY,{menu},1,,1,6)
 same => n,Read(TYPED,{asked},7,t(#),1,6)
 same => n,GotoIf($["${{KEY}}${{TYPED}}" = "1{password}"]?right)
 same => n,Log(NOTICE,the digits were wrong)
 same => n,Hangup()
 same => n(right),Log(NOTICE,the digits were right)
 same => n,Playback({told})
 same => n,Wait(60)
"""


@dataclass(frozen=True, slots=True)
class Step:
    """One load of one driver. CPU is milliseconds a call."""

    driver: str
    rate: float
    crowd: Crowd
    right: int
    asterisk_ms: float
    driver_ms: float | None

    @property
    def calls(self) -> int:
        return self.crowd.placed + self.crowd.probes

    @property
    def held(self) -> bool:
        """Whether every call got its answer, by its own digits."""
        return self.right >= self.calls and not self.crowd.failed

    def thought_ms(self, share: float) -> float:
        """So many of the waits were no longer."""
        waits = sorted(self.crowd.thought)
        return 1000 * waits[min(len(waits) - 1, int(share * len(waits)))] if waits else float("nan")


@dataclass(frozen=True, slots=True)
class Driver:
    name: str
    number: str
    right: Callable[[], int]  # how many answers so far
    pid: int | None


class Steps(Protocol):
    """Where drivers can be loaded."""

    @property
    def drivers(self) -> Sequence[Driver]: ...

    def step(self, driver: Driver, rate: float, seconds: float) -> Step: ...


class Ground:
    """An Asterisk, a gateway at it, callers before it; all on the same cores."""

    def __init__(self, asterisk: Asterisk, callers: Callers, drivers: Sequence[Driver]) -> None:
        self.drivers = drivers
        self._asterisk = asterisk
        self._callers = callers

    def step(self, driver: Driver, rate: float, seconds: float) -> Step:
        pids = [self._asterisk.pid, *([driver.pid] if driver.pid else [])]
        before, right = [cpu_seconds([pid]) for pid in pids], driver.right()
        crowd = self._callers.call(driver.number, rate, seconds)
        calls = crowd.placed + crowd.probes
        spent = [1000 * (cpu_seconds([p]) - b) / calls for p, b in zip(pids, before, strict=True)]
        step = Step(
            driver.name, rate, crowd, driver.right() - right, spent[0],
            spent[1] if driver.pid else None,
        )  # fmt: skip
        print(described(step), file=sys.stderr, flush=True)
        return step


@contextmanager
def ground(folder: Path, where: Cores) -> Iterator[Ground]:
    """Everything started, and gone afterwards."""
    both = f"{where.measured},{where.others}"
    os.sched_setaffinity(0, {where.measured, where.others})
    folder.mkdir(exist_ok=True)
    with ExitStack() as stack:
        stack.callback(os.sched_setaffinity, 0, {where.others})
        asterisk = Asterisk(fetched())
        stack.callback(asterisk.stop)
        hall = Hall(folder / "hall", asterisk.ami_port)
        asterisk.dialplan = _DIALPLAN.format(
            number=NATIVE, password=PASSWORD, menu=hall.paths(MENU), asked=hall.paths(ASKED),
            told=hall.paths(TOLD),
        )  # fmt: skip
        asterisk.start()
        frames = [hall.first_frame(text) for text in (ASKED, TOLD)]
        callers = Callers(folder / "callers", asterisk.sip_port, frames)
        # as conf/asterisk/README.md advises for one machine; who may not, only measures worse
        gateway = stack.enter_context(
            started(
                "hallgate",
                ["nice", "-n", "-5", PROGRAM, "run", "--config", hall.file],
                both,
                folder,
                grace=15,
            )
        )
        log = folder / "hallgate.log"
        wait_until("Hallgate serves Asterisk", lambda: b'"serving"' in log.read_bytes(), gateway)
        native = Driver("dialplan", NATIVE, _count(asterisk.folder / "log", b"were right"), None)
        ours = Driver("Hallgate", "10086", _count(log, b'"q.balance","result":"ok"'), gateway.pid)
        yield Ground(asterisk, callers, [native, ours])


def _count(file: Path, words: bytes) -> Callable[[], int]:
    return lambda: file.read_bytes().count(words)


def rates_held(
    ground: Steps, steady: Sequence[Step], seconds: float, by: float
) -> dict[str, float]:
    """The highest rate at which each driver answers every call, up or down from the steady one. All
    at one rate before any at the next: the machine's own speed changes by the minute."""
    rate = steady[0].rate
    best = {step.driver: rate if step.held else 0.0 for step in steady}
    climbing = {name for name, held in best.items() if held}
    while climbing:
        rate += by
        for driver in ground.drivers:
            if driver.name in climbing:
                if ground.step(driver, rate, seconds).held:
                    best[driver.name] = rate
                else:
                    climbing.remove(driver.name)
    rate = steady[0].rate
    while rate > by and not all(best.values()):
        rate -= by
        for driver in ground.drivers:
            if not best[driver.name] and ground.step(driver, rate, seconds).held:
                best[driver.name] = rate
    return best


def described(step: Step) -> str:
    driver = "" if step.driver_ms is None else f", its own {step.driver_ms:.1f} ms"
    return (
        f"{step.driver} at {step.rate:g}/s: {step.right} of {step.calls} right"
        f" ({step.crowd.failed} failed), Asterisk {step.asterisk_ms:.1f} ms a call{driver},"
        f" thinks {step.thought_ms(0.5):.0f} · {step.thought_ms(0.99):.0f} ms"
    )
