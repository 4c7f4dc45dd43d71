"""What breaks at random under a hall in use: its gateways, its store, its Redis, its links. What
was done when is remembered, as a story that can be read."""

from __future__ import annotations

import signal
from collections.abc import Awaitable, Callable
from random import Random
from typing import Any

from twisted.internet.task import deferLater
from twisted.internet.threads import deferToThread

from tests.patroni import PatroniCluster
from tests.services import RedisServer
from tests.stories.failures.crowded_hall import CrowdedHall
from tests.stories.gateway_process import GatewayProcess
from tests.stories.log_events import Events

MADE = 2.0  # seconds between the start of a gateway's process and the next breakage


class Breakage:
    """N gateways on one store, and everything that can be done to them."""

    def __init__(
        self,
        reactor: Any,
        crowded: CrowdedHall,
        cluster: PatroniCluster,
        redis: RedisServer,
        chance: Random,
        *,
        gateways: int,
        freeze: float,
    ) -> None:
        """`freeze`: the longest, in seconds, for which anything stands still."""
        self.told: list[str] = []
        self.logs: list[Events] = []
        self._reactor = reactor
        self._crowded = crowded
        self._cluster = cluster
        self._redis = redis
        self._chance = chance
        self._freeze = freeze
        self._began = reactor.seconds()
        self._count = gateways
        self._gateways: list[GatewayProcess] = []

    # -- gateways --------------------------------------------------------------------------------

    def _started(self) -> GatewayProcess:
        process = GatewayProcess(self._reactor, "run", "--config", self._crowded.house.file)
        self.logs.append(process.log)
        return process

    async def serving(self) -> None:
        """All of them. One after the other: at once, on a busy machine, each takes long."""
        for _ in range(self._count):
            self._gateways.append(self._started())
            await self._gateways[-1].serving()

    async def _kill_gateway(self) -> None:
        place = self._chance.randrange(len(self._gateways))
        self._say(f"gateway {place + 1} is killed, and begun anew")
        await self._gateways[place].kill()
        self._gateways[place] = self._started()
        await deferLater(self._reactor, MADE)

    async def _stop_gateway(self) -> None:
        place = self._chance.randrange(len(self._gateways))
        self._say(f"gateway {place + 1} is asked to go, and begun anew")
        status = await self._gateways[place].stop()
        self._say(f"gateway {place + 1} has gone with {status}")
        self._gateways[place] = self._started()
        await deferLater(self._reactor, MADE)

    async def _freeze_gateway(self) -> None:
        place = self._chance.randrange(len(self._gateways))
        gateway, seconds = self._gateways[place], self._seconds()
        self._say(f"gateway {place + 1} stands still for {seconds:.1f} s")
        gateway.signal(signal.SIGSTOP)
        await deferLater(self._reactor, seconds)
        gateway.signal(signal.SIGCONT)

    async def _again_if_ended(self) -> None:
        """As whatever watches over processes would."""
        for place, gateway in enumerate(self._gateways):
            if gateway.status is not None:
                self._say(f"gateway {place + 1} had ended with {gateway.status}, and is begun anew")
                self._gateways[place] = self._started()
                await deferLater(self._reactor, MADE)

    # -- the store -------------------------------------------------------------------------------

    async def _kill_primary(self) -> None:
        await deferToThread(self._cluster.whole)
        primary = await deferToThread(self._cluster.leader)
        self._say(f"the primary, {primary.name}, is killed")
        primary.kill_postgres()
        seconds = await deferToThread(self._cluster.until_another_writes, primary)
        self._say(f"another takes writes after {seconds:.1f} s")

    async def _freeze_primary(self) -> None:
        await deferToThread(self._cluster.whole)
        primary = await deferToThread(self._cluster.leader)
        seconds = self._seconds()
        self._say(f"the primary, {primary.name}, stands still for {seconds:.1f} s")
        primary.freeze()
        await deferLater(self._reactor, seconds)
        primary.thaw()

    async def _switchover(self) -> None:
        await deferToThread(self._cluster.whole)
        self._say("Patroni is asked for a switchover")
        seconds = await deferToThread(self._cluster.switchover)
        self._say(f"another takes writes after {seconds:.1f} s")

    async def _etcd_away(self) -> None:
        member = self._chance.choice(self._cluster.etcd)
        seconds = self._seconds()
        self._say(f"etcd's member {member.name} is away for {seconds:.1f} s")
        await deferToThread(member.kill)
        await deferLater(self._reactor, seconds)
        await deferToThread(member.start, self._cluster.etcd, member.healthy)

    # -- Redis and links -------------------------------------------------------------------------

    async def _kill_redis(self) -> None:
        seconds = self._seconds() / 4
        self._say(f"Redis is killed, and begun anew after {seconds:.1f} s")
        await deferToThread(self._redis.kill)
        await deferLater(self._reactor, seconds)
        await deferToThread(self._redis.start)

    async def _freeze_redis(self) -> None:
        seconds = self._seconds()
        self._say(f"Redis stands still for {seconds:.1f} s")
        self._redis.freeze()
        await deferLater(self._reactor, seconds)
        self._redis.thaw()

    async def _cut_links(self) -> None:
        self._say("an SMSC cuts its links")
        self._chance.choice(self._crowded.smscs).drop()

    # -- all of it -------------------------------------------------------------------------------

    async def go_on(self, seconds: float, pause: float) -> None:
        """One thing after the other, each a while after the last."""
        ways: list[Callable[[], Awaitable[None]]] = [
            self._kill_gateway, self._kill_gateway, self._stop_gateway, self._freeze_gateway,
            self._kill_primary, self._kill_primary, self._freeze_primary, self._switchover,
            self._etcd_away, self._kill_redis, self._freeze_redis, self._cut_links,
        ]  # fmt: skip
        until = self._reactor.seconds() + seconds
        left: list[Callable[[], Awaitable[None]]] = []
        while self._reactor.seconds() < until:
            if not left:
                left = self._chance.sample(ways, len(ways))
            await left.pop()()
            await self._again_if_ended()
            await deferLater(self._reactor, pause * self._chance.random())

    async def over(self) -> None:
        """Everything is whole, and gateways run."""
        self._say("nothing breaks any more")
        await deferToThread(self._cluster.mend)
        await self._again_if_ended()

    async def close(self) -> list[int]:
        """Ask all gateways to go; their statuses."""
        return [await gateway.stop() for gateway in self._gateways]

    async def kill(self) -> None:
        """Whatever still runs, when the story broke off."""
        for gateway in self._gateways:
            if gateway.status is None:
                gateway.signal(signal.SIGCONT)
            await gateway.kill()

    def _seconds(self) -> float:
        return self._freeze * (0.1 + 0.9 * self._chance.random())

    def _say(self, what: str) -> None:
        self.told.append(f"{self._reactor.seconds() - self._began:6.1f} s  {what}")
