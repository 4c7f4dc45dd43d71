"""Answers while a campaign runs: how long people wait for theirs at 1,000 a second, with 90,000
notices on their way and without."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

from gateway.config.sources import read_settings
from gateway.model.notices.notice import NoticeDraft, NoticeKind
from gateway.model.operators.audit import Actor
from gateway.notices.campaigns import Campaigns
from gateway.notices.telling import Telling
from gateway.notices.world import read_notice_world
from gateway.store.opening import prepared_store
from simulators.load import Subscribers
from tests.bench.host.processes import Cores
from tests.bench.ratio_table import spread, table
from tests.bench.rounds import STEADY, Load, Times, at_work
from tests.bench.systems.hallgate import Hallgate
from tests.bench.systems.system import FIRST, SUBSCRIBERS, TEXTING

ANY_HOUR: Final = ("unasked.hours=00:00-24:00",)
MUST: Final = 1.5
TOLD: Final = range(FIRST + TEXTING, 13_900_000_000 + SUBSCRIBERS + 1)
"""Who asks nothing meanwhile: the driver counts what they are sent as replies nobody waits for."""


@dataclass(frozen=True, slots=True)
class CampaignRounds:
    quiet: list[Load]
    told: list[Load]

    def p99(self, loads: Sequence[Load]) -> float:
        return median(load.result.p99_ms for load in loads)

    @property
    def ratio(self) -> float:
        return self.p99(self.told) / self.p99(self.quiet)


def measure(
    folder: Path, where: Cores, times: Times, rounds: int, options: tuple[str, ...] = ()
) -> CampaignRounds:
    """In turn without a campaign and with one, each time by a gateway started afresh."""
    found = CampaignRounds([], [])
    system = Hallgate((*ANY_HOUR, *options))
    for name, loads in (("quiet", found.quiet), ("campaign", found.told)):
        (folder / name).mkdir(parents=True)
        system.prepare(folder / name)
        if loads is found.told:
            begin(system.prepared(folder / name))
    for _ in range(rounds):
        for name, loads in (("quiet", found.quiet), ("campaign", found.told)):
            print(f"{name} …", end=" ", file=sys.stderr, flush=True)
            loads.append(_steady(system, folder / name / "round", where, times))
            shutil.rmtree(folder / name / "round")
    print(file=sys.stderr)
    return found


def _steady(system: Hallgate, folder: Path, where: Cores, times: Times) -> Load:
    with at_work(system, Subscribers(FIRST, TEXTING), folder, where, times) as bench:
        return bench.rate("1000/s", STEADY)


def begin(configuration: Path) -> None:
    """A notice that was written, approved and drawn; a gateway that starts begins to tell it."""
    settings, now = read_settings(configuration, environment={}), int(time.time())
    world = read_notice_world(settings)
    draft = NoticeDraft("campaign", NoticeKind.SERVICE, "系统将于今晚升级,感谢您的支持。")
    with prepared_store(settings) as store:
        with store.transaction() as connection:
            one, other = (
                Campaigns(connection, store.seal, world, Actor(who, "bench"), now)
                for who in ("8001", "8002")
            )
            number = one.add(draft, [str(phone) for phone in TOLD]).number
            other.approve(number)
        telling = Telling(store, world)
        while telling.step(now):
            pass


def told(found: CampaignRounds) -> str:
    head = ["1,000 answers a second", "without", "with a campaign", "must"]
    p50 = [[load.result.p50_ms for load in loads] for loads in (found.quiet, found.told)]
    p99 = [[load.result.p99_ms for load in loads] for loads in (found.quiet, found.told)]
    body = [
        ["p50 ms", *map(spread, p50), "–"],
        ["p99 ms", *map(spread, p99), "–"],
        ["p99, ratio", "1", f"{found.ratio:.2f}", f"≤ {MUST}"],
        ["notices a second", "0", spread([_per_second(load) for load in found.told]), "–"],
        ["answers lost", *[str(sum(_lost(load) for load in loads))
                           for loads in (found.quiet, found.told)], "0"],
    ]  # fmt: skip
    return f"Answers while {len(TOLD):,} subscribers are told a notice:\n{table([head, *body])}"


def _per_second(load: Load) -> float:
    """Of the whole phase."""
    seconds = load.result.sent / STEADY
    return load.result.doubled / seconds if seconds else 0.0


def _lost(load: Load) -> int:
    return load.result.lost + load.result.failed + load.result.unacknowledged
