"""The process dies again and again under load, and nobody is forgotten, and nothing done twice."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass
from random import Random, SystemRandom
from typing import Any

import pytest
import pytest_twisted
from twisted.internet.task import deferLater

from simulators.smsc.settings import SmscSettings
from simulators.smsc.smsc import Smsc
from tests.stories.deployment import ACCOUNT, Deployment, link
from tests.stories.failures.many_talkers import Crowd, Stuck
from tests.stories.failures.store_check import differences
from tests.stories.failures.talker import talkers
from tests.stories.gateway_process import GatewayProcess

SEED = int(os.environ.get("STORY_SEED", "0")) or SystemRandom().randrange(1, 1_000_000)
"""Of everything that is left to chance; set it to tell the same story again, as far as two
processes allow."""


@dataclass(frozen=True)
class Load:
    """How many talk, each of them about ten messages, and how often the process dies."""

    subscribers: int
    kills: int


SMALL = Load(subscribers=150, kills=4)
WHOLE = Load(subscribers=2_000, kills=10)


@pytest_twisted.async_yield_fixture
async def smsc() -> AsyncIterator[Smsc]:
    """One with a large window, so that much is in flight when the process dies."""
    from twisted.internet import reactor

    smsc = Smsc(reactor, ACCOUNT, chance=Random(SEED), terms=SmscSettings(window=50))
    smsc.listen()
    yield smsc
    await smsc.stop()


async def survive(house: Deployment, smsc: Smsc, load: Load, binds: int = 1) -> None:
    """Everybody talks, the process is killed at random moments, and started again each time."""
    from twisted.internet import reactor

    chance = Random(SEED)
    some = talkers(5_000, load.subscribers, chance)
    house.configure([link(smsc.port, binds=binds)])
    house.move_in([talker.persona for talker in some])
    crowd = Crowd(reactor, smsc, some)
    crowd.begin()
    try:
        for moment in sorted(chance.sample(range(20, 9 * load.subscribers), load.kills)):
            await one_life(reactor, house, smsc, crowd, moment, chance)
        process = GatewayProcess(reactor, "run", "--config", house.file)
        try:
            await crowd.done()
        except Stuck as stuck:
            raise AssertionError(f"{stuck}\n{process.log.tail()}") from None
        await smsc.quiet()
        assert await process.stop() == 0, process.log.tail()
        assert process.log.strange == []
    finally:
        crowd.leave()
    report(smsc, crowd, load)
    assert crowd.strange() == []
    with house.store() as store:
        assert differences(store, some) == []


async def one_life(
    reactor: Any, house: Deployment, smsc: Smsc, crowd: Crowd, moment: int, chance: Random
) -> None:
    """From a start to a death: under load or while taking up what was left; sometimes with the SMSC
    cut off a little before, so that it never sees what was answered last; sometimes asked to go,
    and killed while it goes."""
    process = GatewayProcess(reactor, "run", "--config", house.file)
    await process.serving()
    if chance.random() < 0.75:
        await crowd.reach(moment)
    await deferLater(reactor, chance.random() * 0.1)
    how = chance.choice(["at once", "cut off", "going"])
    if how == "cut off":
        for each in smsc.links:
            each.freeze()
    elif how == "going":
        process.signal(signal.SIGTERM)
    if how != "at once":
        await deferLater(reactor, chance.random() * 0.2)
    await process.kill()
    smsc.drop()
    assert process.log.strange == []


def report(smsc: Smsc, crowd: Crowd, load: Load) -> None:
    again = sum(len(mo.attempts) > 1 for mo in smsc.audit.written())
    print(
        f"\nseed {SEED}: {crowd.sent} messages of {load.subscribers} subscribers,"
        f" {load.kills} kills, {again} delivered again, {crowd.repeated} answers shown again"
    )


@pytest.mark.slow
@pytest_twisted.ensureDeferred
async def test_a_process_that_is_killed_loses_nothing_and_does_nothing_twice(
    smsc: Smsc, tmp_path
) -> None:
    """Everything on SQLite, by two binds at once."""
    await survive(Deployment(tmp_path, f"sqlite:///{tmp_path / 'hall.db'}"), smsc, SMALL, binds=2)


@pytest.mark.slow
@pytest_twisted.ensureDeferred
async def test_killed_beside_postgresql_and_redis_it_is_the_same(
    smsc: Smsc, tmp_path, postgres_url: str, redis_url: str
) -> None:
    """The store and the sessions go on living while the process dies."""
    await survive(Deployment(tmp_path, postgres_url, redis_url), smsc, SMALL)


@pytest.mark.soak
@pytest_twisted.ensureDeferred
async def test_the_whole_load_survives_ten_kills(smsc: Smsc, tmp_path) -> None:
    """About twenty thousand messages."""
    await survive(Deployment(tmp_path, f"sqlite:///{tmp_path / 'hall.db'}"), smsc, WHOLE)
