"""Menus at the desk: steps a second through walk, clerk and store, and what an open dialogue
takes."""

from __future__ import annotations

import gc
import os
import time
import tracemalloc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from itertools import cycle, islice
from pathlib import Path
from typing import Final

from redis import Redis
from sqlalchemy import func, select

from gateway.config.sample import people as sample_people
from gateway.config.settings import Settings
from gateway.config.time_zone import OperatorCalendar
from gateway.dialogue.editions_in_force import EditionsInForce
from gateway.dialogue.snapshot import HallSnapshot, open_snapshot
from gateway.model.address import Address
from gateway.model.message_id import MessageIds
from gateway.model.messages import ScreenAct, UssdInput
from gateway.model.session_state import unpacked
from gateway.model.smsc_groups import SmscGroups
from gateway.ops.log import Log
from gateway.ops.metrics import Metrics
from gateway.security.encryption import Seal
from gateway.security.random_digits import SystemRandomDigits
from gateway.serving.batch import BatchServer
from gateway.serving.rate_limit import HourlyQuota
from gateway.serving.redelivery import Redelivery
from gateway.serving.work import Served
from gateway.store.retention import Retention
from gateway.store.sample.people import put_personas
from gateway.store.sessions import RedisSessions, Sessions, StoreSessions
from gateway.store.store import Store
from gateway.store.tables import dialogues
from menus.model.wording import MenuChannel
from menus.walk import walk
from tests.bench.host.processes import Cores
from tests.gateway.hall import Lone
from tests.services import RedisServer

BATCH: Final = 200  # messages in one transaction, as under load
# Down to a screen and back, with a balance now and then; everybody stays in the dialogue.
KEYS: Final = ("5", "2", "0", "0", "1", "0", "4", "1", "0", "0", "8", "0", "7", "3", "0")
MUSTS: Final = {"store": 6_000, "Redis": 5_000}  # steps a second, by where dialogues are kept


@dataclass(frozen=True, slots=True)
class Figures:
    """`bytes_each`: of an open dialogue, where it is kept."""

    kept_in: str
    dials: float  # a second, while they open
    steps: float  # a second, while all are open
    cpu_us: float  # of a step
    bytes_each: float


@dataclass(frozen=True, slots=True)
class MenuFigures:
    open: int
    walk: float  # steps a second, of the walk alone
    memory_each: float  # octets, as a value in memory
    kept: tuple[Figures, ...]


class Desk:
    """A counter, and subscribers who dial."""

    def __init__(self, folder: Path, book: HallSnapshot, sessions: Sessions, people: int) -> None:
        self.store = Store(f"sqlite:///{folder / 'hall.db'}", Seal(bytes(32)), OperatorCalendar())
        self.store.prepare()
        put_personas(self.store, map(sample_people.subscriber, range(people)), int(time.time()))
        self.counter = BatchServer(
            self.store, sessions, EditionsInForce(book), HourlyQuota(0), SystemRandomDigits(),
            Redelivery(3_600, time.time, SmscGroups()),
            Retention(), Metrics(), Log(BytesIO()), Lone(), message_lines=False,
        )  # fmt: skip
        self.counter.recorded = 0.05
        self._ids = MessageIds(0, time.time)
        self._phones = [str(13_900_000_000 + n) for n in range(people)]

    def dial(self) -> float:
        """Everybody, once; dials a second."""
        began = time.perf_counter()
        for phones in _batches(self._phones):
            self._serve([self._message(phone, "*139#", ScreenAct.BEGIN) for phone in phones])
        return len(self._phones) / (time.perf_counter() - began)

    def step(self, seconds: float) -> tuple[float, float]:
        """One batch of subscribers after the other presses the next key; steps a second, and
        microseconds of CPU for each."""
        keys: dict[str, int] = {}
        some = _batches(self._phones[: 20 * BATCH])
        for phones in some:  # it is long ago that they dialled
            self._serve([self._message(phone, "*139#", ScreenAct.BEGIN) for phone in phones])
        batches = cycle(some)
        done, began, cpu = 0, time.perf_counter(), time.process_time()
        while (spent := time.perf_counter() - began) < seconds:
            phones = next(batches)
            at = keys[phones[0]] = keys.get(phones[0], -1) + 1
            key = KEYS[at % len(KEYS)]
            self._serve([self._message(phone, key, ScreenAct.ON) for phone in phones])
            done += len(phones)
        return done / spent, (time.process_time() - cpu) / done * 1e6

    def _serve(self, messages: Sequence[UssdInput]) -> None:
        for served in self.counter.serve(messages):
            assert isinstance(served, Served)
            screen = served.answers[0].screen
            assert screen is not None, served
            assert screen.act is ScreenAct.ON, served

    def _message(self, phone: str, text: str, act: ScreenAct) -> UssdInput:
        return UssdInput(
            self._ids.next(), 1, "ussd-a", phone.encode(), phone, Address(1, 1, phone),
            Address.service("139"), act, phone, text,
        )  # fmt: skip


def measure(folder: Path, where: Cores, people: int, seconds: float) -> MenuFigures:
    """On one core; Redis has the other."""
    book = open_snapshot(Settings())
    redis, before = RedisServer(), os.sched_getaffinity(0)
    os.sched_setaffinity(0, {where.others})
    redis.start()
    os.sched_setaffinity(0, {where.measured})
    with _collecting():
        try:
            stored, memory = _in_store(folder / "store", book, people, seconds)
            kept = (stored, _in_redis(folder / "redis", book, people, seconds, redis.url))
            return MenuFigures(people, walked(book, seconds), memory, kept)
        finally:
            redis.stop()
            os.sched_setaffinity(0, before)


def _in_store(
    folder: Path, book: HallSnapshot, people: int, seconds: float
) -> tuple[Figures, float]:
    desk = Desk(folder, book, StoreSessions(), people)
    dials = desk.dial()
    with desk.store.reading() as connection:
        size = func.sum(func.length(dialogues.c.who) + func.length(dialogues.c.state))
        octets = connection.execute(select(size)).scalar_one()
        states = list(connection.execute(select(dialogues.c.state)).scalars())
    memory = in_memory(states)
    steps = desk.step(seconds)
    desk.store.close()
    return Figures("store", dials, *steps, octets / people), memory


def _in_redis(folder: Path, book: HallSnapshot, people: int, seconds: float, url: str) -> Figures:
    with Redis.from_url(url) as client:
        before = client.info("memory")["used_memory"]
        sessions = RedisSessions(url)
        desk = Desk(folder, book, sessions, people)
        dials = desk.dial()
        octets = client.info("memory")["used_memory"] - before
        steps = desk.step(seconds)
        desk.store.close()
        sessions.close()
    return Figures("Redis", dials, *steps, octets / people)


def in_memory(states: Sequence[bytes]) -> float:
    """Octets of a dialogue as the desk has it while it serves."""
    tracemalloc.start()
    standings = [unpacked(state) for state in states]
    octets, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return octets / max(1, len(standings))


def walked(book: HallSnapshot, seconds: float) -> float:
    """Steps a second of the walk alone: no clerk, no store."""
    menu = book.menus.book
    at = walk.begin(menu, MenuChannel.USSD, "*139#").position
    keys = cycle(key for key in KEYS if key != "1")
    done, began = 0, time.perf_counter()
    while (spent := time.perf_counter() - began) < seconds:
        for key in islice(keys, 1_000):
            at = walk.step(menu, at, key).position
            if at.steps > menu.limits.steps - 2:
                at = walk.begin(menu, MenuChannel.USSD, "*139#").position
        done += 1_000
    return done / spent


def _batches(phones: Sequence[str]) -> list[Sequence[str]]:
    return [phones[n : n + BATCH] for n in range(0, len(phones), BATCH)]


@contextmanager
def _collecting() -> Iterator[None]:
    """As in the gateway: what is there is not looked through again."""
    was = gc.isenabled()
    gc.collect()
    gc.freeze()
    gc.enable()
    yield
    gc.unfreeze()
    if not was:
        gc.disable()


def told(figures: MenuFigures) -> str:
    lines = [
        f"Menus, {figures.open:,} dialogues open, one core, batches of {BATCH}, SQLite durable:",
        f"  the walk alone        {figures.walk:>9,.0f} steps/s",
    ]
    for each in figures.kept:
        lines.append(
            f"  dialogues in {each.kept_in:<8} {each.steps:>9,.0f} steps/s"
            f" (must: {MUSTS[each.kept_in]:,}),"
            f" {each.cpu_us:,.0f} µs of CPU each; {each.dials:,.0f} dials/s;"
            f" {each.bytes_each:,.0f} octets a dialogue"
        )
    lines.append(f"  in memory, at the desk: {figures.memory_each:,.0f} octets a dialogue")
    return "\n".join(lines)
