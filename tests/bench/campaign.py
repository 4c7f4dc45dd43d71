"""Answers while a campaign runs: how long people wait for theirs at 1,000 a second, while 90,000
are told a notice and while it pauses, in turn, by one gateway."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

from gateway.config.settings import Settings
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
WRITER, APPROVER = Actor("8001", "bench"), Actor("8002", "bench")
SEEN: Final = 1.5  # seconds until a pause is seen, and what was on its way has left
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
        """Of pairs: what else the machine does concerns both of one."""
        pairs = zip(self.quiet, self.told, strict=True)
        return median(told.result.p99_ms / quiet.result.p99_ms for quiet, told in pairs)


def measure(
    folder: Path, where: Cores, times: Times, rounds: int, options: tuple[str, ...] = ()
) -> CampaignRounds:
    found = CampaignRounds([], [])
    system = Hallgate((*ANY_HOUR, *options))
    folder.mkdir(parents=True)
    system.prepare(folder)
    number = begin(system.prepared(folder))
    with at_work(system, Subscribers(FIRST, TEXTING), folder / "round", where, times) as bench:
        settings = read_settings(folder / "round" / "gateway.yaml", environment={})
        bench.rate("warm", STEADY)
        for _ in range(rounds):
            for act, loads in ((Campaigns.pause, found.quiet), (Campaigns.resume, found.told)):
                print(f"{act.__name__} …", end=" ", file=sys.stderr, flush=True)
                _do(settings, lambda all, act=act: act(all, number))  # type: ignore[misc]
                time.sleep(SEEN)
                loads.append(bench.rate("1000/s", STEADY))
    print(file=sys.stderr)
    return found


def _do(settings: Settings, act: Callable[[Campaigns], object]) -> None:
    world = read_notice_world(settings)
    with prepared_store(settings) as store, store.transaction() as connection:
        act(Campaigns(connection, store.seal, world, WRITER, int(time.time())))


def begin(configuration: Path) -> int:
    """A notice that was written, approved and drawn; a gateway that starts begins to tell it."""
    settings, now = read_settings(configuration, environment={}), int(time.time())
    world = read_notice_world(settings)
    draft = NoticeDraft("campaign", NoticeKind.SERVICE, "系统将于今晚升级,感谢您的支持。")
    with prepared_store(settings) as store:
        with store.transaction() as connection:
            one, other = (
                Campaigns(connection, store.seal, world, who, now) for who in (WRITER, APPROVER)
            )
            number = one.add(draft, [str(phone) for phone in TOLD]).number
            other.approve(number)
        telling = Telling(store, world)
        while telling.step(now):
            pass
    return number


def told(found: CampaignRounds) -> str:
    head = ["1,000 answers a second", "without", "with a campaign", "must"]
    p50 = [[load.result.p50_ms for load in loads] for loads in (found.quiet, found.told)]
    p99 = [[load.result.p99_ms for load in loads] for loads in (found.quiet, found.told)]
    cpu = [[load.cpu_us_each for load in loads] for loads in (found.quiet, found.told)]
    body = [
        ["p50 ms", *map(spread, p50), "–"],
        ["p99 ms", *map(spread, p99), "–"],
        ["p99, ratio of pairs", "1", f"{found.ratio:.2f}", f"≤ {MUST}"],
        ["CPU µs an answer", *map(spread, cpu), "–"],
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
