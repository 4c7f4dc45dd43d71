"""Steps through the menus of USSD at a whole gateway: over SMPP, its dialogues in the store."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from simulators.load import UssdSubscribers
from tests.bench.host.processes import Cores
from tests.bench.menus import KEYS as DOWN
from tests.bench.ratio_table import number, spread, table
from tests.bench.rounds import ALONE, STEADY, Bench, Load, Times, at_work
from tests.bench.systems.hallgate import Hallgate
from tests.bench.systems.system import FIRST

PEOPLE: Final = 2_000
ROUND: Final = (*DOWN, "0")  # back to the first screen
KEYS: Final = (*ROUND, *ROUND, *ROUND, "0")  # then out
ENDS: Final = ("0返回", "0退出", "再见。")  # of each screen that the keys lead to
ASTRAY: Final = ("输入有误", "没有完成")  # a key of another screen, a dialogue broken off


@dataclass(frozen=True, slots=True)
class UssdHallgate(Hallgate):
    subscribers: int = PEOPLE + 1

    @property
    def name(self) -> str:
        return "Hallgate, USSD"

    @property
    def people(self) -> int:
        return self.subscribers - 1

    def right(self, subscriber: int, words: str) -> bool:
        """A screen that the keys lead to, and no word of a wrong one."""
        return words.endswith(ENDS) and not any(each in words for each in ASTRAY)


@dataclass(frozen=True, slots=True)
class UssdRound:
    """Everybody dials, then steps: as fast as it goes, at 1,000 and at 200 a second."""

    dials: Load
    cap: Load
    steady: Load
    alone: Load

    def loads(self) -> list[Load]:
        return [self.dials, self.cap, self.steady, self.alone]

    def faults(self) -> int:
        return sum(load.faults() for load in self.loads())


FIGURES: Final[dict[str, Callable[[UssdRound], float]]] = {
    "steps/s, cap200": lambda played: played.cap.result.rate,
    "CPU µs of a step, cap200": lambda played: played.cap.cpu_us_each,
    "CPU µs of a step at 1,000/s": lambda played: played.steady.cpu_us_each,
    "p50 ms at 1,000/s": lambda played: played.steady.result.p50_ms,
    "p99 ms at 1,000/s": lambda played: played.steady.result.p99_ms,
    "CPU µs of a step at 200/s": lambda played: played.alone.cpu_us_each,
    "p50 ms at 200/s": lambda played: played.alone.result.p50_ms,
    "p99 ms at 200/s": lambda played: played.alone.result.p99_ms,
    "driver late, worst ms": lambda played: max(load.result.behind_ms for load in played.loads()),
    "others on its core, %": lambda played: max(100 * load.disturbed for load in played.loads()),
    "lost, doubled, wrong": lambda played: float(played.faults()),
}
MUSTS: Final = {
    "p99 ms at 1,000/s": "≤ 15",
    "CPU µs of a step at 200/s": "≤ 800",
    "lost, doubled, wrong": "0",
}


def measure(
    folder: Path, where: Cores, times: Times, rounds: int, options: tuple[str, ...] = ()
) -> list[UssdRound]:
    """A gateway started afresh for each round."""
    folder.mkdir()
    system = UssdHallgate(options)
    system.prepare(folder)
    played = []
    for _ in range(rounds):
        print(f"{system.name} …", end=" ", file=sys.stderr, flush=True)
        played.append(play(system, folder / "round", where, times))
        shutil.rmtree(folder / "round")
        print(f"cap200 {number(played[-1].cap.result.rate)}/s", file=sys.stderr)
    return played


def play(system: UssdHallgate, folder: Path, cores: Cores, times: Times) -> UssdRound:
    people = UssdSubscribers(FIRST, system.people, KEYS)
    with at_work(system, people, folder, cores, times) as bench:
        return _loads(bench, system.people)


def _loads(bench: Bench, people: int) -> UssdRound:
    return UssdRound(
        dials=bench.each_once("dials", people - 1),  # the first answer was a dial too
        cap=bench.cap(),
        steady=bench.rate("1000/s", STEADY),
        alone=bench.rate("200/s", ALONE),
    )


def told(rounds: Sequence[UssdRound]) -> str:
    head = ["", "Hallgate", "must"]
    body = [
        [figure, spread([of(played) for played in rounds]), MUSTS.get(figure, "–")]
        for figure, of in FIGURES.items()
    ]
    return (
        f"USSD over SMPP, {PEOPLE:,} dialogues open in the store, a whole gateway; a step is\n"
        f"timed from deliver_sm to the next screen of the same subscriber:\n{table([head, *body])}"
    )
