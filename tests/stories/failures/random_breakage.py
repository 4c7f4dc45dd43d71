"""What breaks at random under a hall in use: its gateways, its store, its Redis, its links."""

from __future__ import annotations

from random import Random
from typing import Any

from twisted.internet.task import deferLater
from twisted.internet.threads import deferToThread

from tests.patroni import PatroniCluster
from tests.services import RedisServer
from tests.stories.failures.crowded_hall import CrowdedHall
from tests.stories.failures.gateway_breakage import GatewayBreakage, Way


class Breakage(GatewayBreakage):
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
        super().__init__(reactor, crowded, chance, gateways=gateways, freeze=freeze)
        self._cluster = cluster
        self._redis = redis

    def ways(self) -> list[Way]:
        """All that can happen, what is likelier more than once."""
        return [
            self._kill_gateway, self._kill_gateway, self._stop_gateway, self._freeze_gateway,
            self._kill_primary, self._kill_primary, self._freeze_primary, self._switchover,
            self._etcd_away, self._kill_redis, self._freeze_redis, self._cut_links,
        ]  # fmt: skip

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

    # -- Redis -----------------------------------------------------------------------------------

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

    # -- all of it -------------------------------------------------------------------------------

    async def over(self) -> None:
        """Everything is whole, and gateways run."""
        await deferToThread(self._cluster.mend)
        await super().over()
