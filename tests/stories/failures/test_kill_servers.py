"""PostgreSQL and Redis die under load and come back; the gateway lives, and nothing is lost."""

from __future__ import annotations

from random import Random

import pytest
import pytest_twisted
from twisted.internet.task import deferLater
from twisted.internet.threads import deferToThread

from simulators.smsc.settings import SmscSettings
from simulators.smsc.smsc import Smsc
from tests.services import PostgresServer, RedisServer
from tests.stories.deployment import ACCOUNT, Deployment, link
from tests.stories.failures.many_talkers import Crowd, Stuck
from tests.stories.failures.store_check import differences
from tests.stories.failures.talker import talkers
from tests.stories.failures.test_kill_under_load import SEED
from tests.stories.hall import Hall, opened

SUBSCRIBERS = 60
Server = PostgresServer | RedisServer


async def crash(hall: Hall, server: Server, chance: Random) -> None:
    """At some moment, and back again once the gateway has noticed."""
    from twisted.internet import reactor

    mark = hall.log.mark()
    await deferLater(reactor, chance.random() * 0.1)
    await deferToThread(server.kill)
    await hall.log.told("away", mark)
    await deferToThread(server.start)
    await hall.log.told("back", mark)


@pytest.mark.slow
@pytest_twisted.ensureDeferred
async def test_servers_that_crash_take_nothing_along(
    tmp_path,
    postgres_url: str,
    redis_url: str,
    postgres_server: PostgresServer,
    redis_server: RedisServer,
) -> None:
    """What they had kept they still have; what they had not comes again from the SMSC."""
    from twisted.internet import reactor

    chance = Random(SEED)
    smsc = Smsc(
        reactor, ACCOUNT, chance=chance, terms=SmscSettings(window=50, redelivery=lambda n: 0.1)
    )
    house = Deployment(tmp_path, postgres_url, redis_url)
    house.configure([link(smsc.listen())])
    some = talkers(5_000, SUBSCRIBERS, chance)
    house.move_in([talker.persona for talker in some])
    crowd = Crowd(reactor, smsc, some)
    async with opened(house, smsc) as hall:
        crowd.begin()
        servers: list[Server] = [postgres_server, redis_server, postgres_server]
        for count, server in enumerate(servers, 1):
            await crowd.reach(2 * SUBSCRIBERS * count)
            await crash(hall, server, chance)
        try:
            await crowd.done()
        except Stuck as stuck:
            raise AssertionError(f"{stuck}\n{hall.log.tail()}") from None
        await smsc.quiet()
    crowd.leave()
    await smsc.stop()
    assert hall.log.strange == []
    assert crowd.strange() == []
    with house.store() as store:
        assert differences(store, some) == []
