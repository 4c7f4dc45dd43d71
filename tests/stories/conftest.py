"""Houses on every kind of store, an SMSC beside each, and a gateway between them."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import Any

import pytest
import pytest_twisted

from simulators.handset import Received
from simulators.smsc import Smsc
from simulators.terms import Terms
from tests.services import PostgresServer, RedisServer
from tests.stories.budget import budget
from tests.stories.hall import SIGNATURES, Clock, Hall, opened
from tests.stories.house import ACCOUNT, House, link, personas
from tests.stories.process import Process
from tests.stories.telephone import Exchange, furnish, hour, listening

KINDS = ["sqlite", pytest.param("postgresql and redis", marks=pytest.mark.service)]


@pytest.fixture(scope="module", params=KINDS)
def house(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """One of each kind, for the stories of a module: everything in SQLite, or beside servers."""
    folder: Path = tmp_path_factory.mktemp("house")
    if request.param == "sqlite":
        yield House(folder, f"sqlite:///{folder / 'hall.db'}")
        return
    postgres: PostgresServer = request.getfixturevalue("postgres_server")
    redis: RedisServer = request.getfixturevalue("redis_server")
    redis.empty()
    with ExitStack() as stack:
        yield House(folder, stack.enter_context(postgres.fresh_database()), redis.url)


@pytest_twisted.async_yield_fixture(scope="module")
async def hall(house: House) -> AsyncIterator[Hall]:
    """A gateway with the personas in its store, bound to an SMSC that behaves."""
    from twisted.internet import reactor

    smsc = Smsc(reactor, ACCOUNT, chance=Random(1), terms=Terms(redelivery=lambda n: 0.05))
    house.configure([link(smsc.listen())])
    house.move_in(personas().values())
    async with opened(house, smsc) as hall:
        yield hall
    await smsc.stop()


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A house on SQLite with the personas in it, and nobody there: to be copied."""
    folder = tmp_path_factory.mktemp("furnished")
    house = House(folder, f"sqlite:///{folder / 'hall.db'}")
    house.configure([])
    house.move_in(personas().values())
    return house


@pytest.fixture
def place(furnished: House, tmp_path: Path) -> House:
    """A furnished house of one's own, with no link yet."""
    for file in furnished.folder.glob("hall.db*"):
        shutil.copy(file, tmp_path)
    house = House(tmp_path, f"sqlite:///{tmp_path / 'hall.db'}")
    house.configure([])
    return house


@pytest_twisted.async_yield_fixture
async def smscs() -> AsyncIterator[Callable[..., Smsc]]:
    """Makes SMSCs that know us; they listen once they are told to."""
    from twisted.internet import reactor

    made: list[Smsc] = []

    def one(password: str = "secret", **terms: Any) -> Smsc:
        chosen = Terms(**{"redelivery": lambda n: 0.05, **terms})
        made.append(Smsc(reactor, {"hallgate": password}, chance=Random(1), terms=chosen))
        return made[-1]

    yield one
    for smsc in made:
        await smsc.stop()


@pytest_twisted.async_yield_fixture
async def start() -> AsyncIterator[Callable[..., Process]]:
    """Starts `hallgate` with some words; whatever still runs in the end is killed."""
    from twisted.internet import reactor

    started: list[Process] = []

    def one(*words: str | Path) -> Process:
        started.append(Process(reactor, *words))
        return started[-1]

    yield one
    for process in started:
        await process.kill()


@pytest.fixture
def manners(hall: Hall) -> Iterator[None]:
    """Whatever a phone shows while the story goes on is whole, signed and short, and nothing that
    a subscriber can say surprises the gateway."""
    shown: list[Received] = []
    stop, mark = hall.smsc.watch(lambda _number, message: shown.append(message)), hall.log.mark()
    yield
    stop()
    assert [m.text for m in shown if not m.text.endswith(SIGNATURES)] == []
    assert [m.text for m in shown if len(m.parts) > budget(m.text)] == []
    assert [phone.msisdn for phone in hall.smsc.phones.values() if phone.incomplete] == []
    assert hall.smsc.audit.garbled == []
    assert hall.log.named("failed", since=mark) == []
    assert hall.log.strange == []


@pytest_twisted.async_yield_fixture
async def exchange() -> AsyncIterator[Exchange]:
    """A simulated exchange, for callers."""
    from twisted.internet import reactor

    async with listening(reactor) as exchange:
        yield exchange


@pytest_twisted.async_yield_fixture
async def noon(place: House, smscs: Callable[..., Smsc], exchange: Exchange) -> AsyncIterator[Hall]:
    """A gateway between an SMSC and the exchange, at noon of a Wednesday."""
    smsc = smscs()
    furnish(place, smsc, exchange)
    async with opened(place, smsc, ["smsc-a", "pbx-a"], Clock(hour(12))) as hall:
        yield hall
