"""Houses on every kind of store, an SMSC beside each, and a gateway between them."""

from __future__ import annotations

import shutil
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import Any

import pytest
import pytest_twisted

from gateway.boss.sample_records import sample_book
from simulators.boss.http_server import BossServer
from simulators.boss.records import BossRecords
from simulators.smsc.handset import ShownMessage
from simulators.smsc.settings import SmscSettings
from simulators.smsc.smsc import Smsc
from tests.commands.fakes import own_conf, own_sample
from tests.services import PostgresServer, RedisServer
from tests.stories.deployment import ACCOUNT, Deployment, link, personas
from tests.stories.gateway_process import GatewayProcess
from tests.stories.hall import SIGNATURES, Hall, opened
from tests.stories.message_budget import budget

KINDS = ["sqlite", pytest.param("postgresql and redis", marks=pytest.mark.service)]


@pytest.fixture(scope="module", params=KINDS)
def house(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployment]:
    """One of each kind, for the stories of a module: everything in SQLite, or beside servers."""
    folder: Path = tmp_path_factory.mktemp("house")
    if request.param == "sqlite":
        yield Deployment(folder, f"sqlite:///{folder / 'hall.db'}")
        return
    postgres: PostgresServer = request.getfixturevalue("postgres_server")
    redis: RedisServer = request.getfixturevalue("redis_server")
    redis.empty()
    with ExitStack() as stack:
        yield Deployment(folder, stack.enter_context(postgres.fresh_database()), redis.url)


@pytest_twisted.async_yield_fixture(scope="module")
async def hall(house: Deployment) -> AsyncIterator[Hall]:
    """A gateway with the personas in its store, bound to an SMSC that behaves."""
    from twisted.internet import reactor

    smsc = Smsc(reactor, ACCOUNT, chance=Random(1), terms=SmscSettings(redelivery=lambda n: 0.05))
    house.configure([link(smsc.listen())])
    house.move_in(personas().values())
    async with opened(house, smsc) as hall:
        yield hall
    await smsc.stop()


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    """A house on SQLite with the personas in it, and nobody there: to be copied."""
    folder = tmp_path_factory.mktemp("furnished")
    house = Deployment(folder, f"sqlite:///{folder / 'hall.db'}")
    house.configure([])
    house.move_in(personas().values())
    return house


@pytest.fixture
def place(furnished: Deployment, tmp_path: Path) -> Deployment:
    """A furnished house of one's own, with no link yet."""
    for file in furnished.folder.glob("hall.db*"):
        shutil.copy(file, tmp_path)
    house = Deployment(tmp_path, f"sqlite:///{tmp_path / 'hall.db'}")
    house.configure([])
    return house


@pytest_twisted.async_yield_fixture
async def smscs() -> AsyncIterator[Callable[..., Smsc]]:
    """Makes SMSCs that know us; they listen once they are told to."""
    from twisted.internet import reactor

    made: list[Smsc] = []

    def one(password: str = "secret", **terms: Any) -> Smsc:
        chosen = SmscSettings(**{"redelivery": lambda n: 0.05, **terms})
        made.append(Smsc(reactor, {"hallgate": password}, chance=Random(1), terms=chosen))
        return made[-1]

    yield one
    for smsc in made:
        await smsc.stop()


@pytest_twisted.async_yield_fixture
async def start() -> AsyncIterator[Callable[..., GatewayProcess]]:
    """Starts `hallgate` with some words; whatever still runs in the end is killed."""
    from twisted.internet import reactor

    started: list[GatewayProcess] = []

    def one(*words: str | Path, **how: Any) -> GatewayProcess:
        started.append(GatewayProcess(reactor, *words, **how))
        return started[-1]

    yield one
    for process in started:
        await process.kill()


@pytest.fixture
def manners(hall: Hall) -> Iterator[None]:
    """Whatever a phone shows while the story goes on is whole, signed and short, and nothing that
    a subscriber can say surprises the gateway."""
    shown: list[ShownMessage] = []
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
async def boss() -> AsyncIterator[BossServer]:
    """With the sample's subscribers and cards in it."""
    from twisted.internet import reactor

    plain = sample_book(own_sample(), own_conf().catalogue, int(time.time()))
    server = BossServer(reactor, BossRecords.of(plain), token="t0ken")
    server.listen()
    yield server
    await server.stop()
