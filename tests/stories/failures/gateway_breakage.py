"""What breaks at random under a hall in use: its gateways, its links. What was done when is
remembered, as a story that can be read."""

from __future__ import annotations

import signal
from collections.abc import Awaitable, Callable
from random import Random
from typing import Any

from smpplib import consts
from twisted.internet.task import deferLater

from tests.stories.failures.crowded_hall import CrowdedHall
from tests.stories.gateway_process import GatewayProcess
from tests.stories.log_events import Events
from tests.stories.standing_still import stand_still, stand_still_writing

STARTS = 120.0  # seconds that a start, or an end, may take where much else is done
MADE = 2.0  # seconds between the start of a gateway's process and the next breakage
REFUSALS = (consts.SMPP_ESME_RTHROTTLED, consts.SMPP_ESME_RMSGQFUL)
Way = Callable[[], Awaitable[None]]


class GatewayBreakage:
    """N gateways on one store, and what can be done to them and to their binds."""

    def __init__(
        self,
        reactor: Any,
        crowded: CrowdedHall,
        chance: Random,
        *,
        gateways: int,
        freeze: float,
    ) -> None:
        """`freeze`: the longest, in seconds, for which anything stands still."""
        self.told: list[str] = []
        self.logs: list[Events] = []
        self.frozen = 0  # times that a gateway stood still
        self._reactor = reactor
        self._crowded = crowded
        self._chance = chance
        self._freeze = freeze
        self._began = reactor.seconds()
        self._count = gateways
        self._gateways: list[GatewayProcess] = []
        self._all: list[GatewayProcess] = []  # that were ever begun

    def ways(self) -> list[Way]:
        """All that can happen, what is likelier more than once."""
        return [
            self._kill_gateway, self._stop_gateway, self._freeze_gateway, self._one_more,
            self._cut_links, self._refuse_otherwise,
        ]  # fmt: skip

    # -- gateways --------------------------------------------------------------------------------

    def _started(self) -> GatewayProcess:
        process = GatewayProcess(self._reactor, "run", "--config", self._crowded.house.file)
        process.log.patience = STARTS
        self.logs.append(process.log)
        self._all.append(process)
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
        status = await self._gateways[place].stop(STARTS)
        self._say(f"gateway {place + 1} has gone with {status}")
        self._gateways[place] = self._started()
        await deferLater(self._reactor, MADE)

    async def _freeze_gateway(self) -> None:
        place = self._chance.randrange(len(self._gateways))
        gateway, seconds = self._gateways[place], self._seconds()
        self.frozen += 1
        self._say(f"gateway {place + 1} stands still for {seconds:.1f} s")
        await stand_still(gateway)
        await deferLater(self._reactor, seconds)
        gateway.signal(signal.SIGCONT)

    async def all_stand(self, *, killed: bool) -> None:
        """On SQLite, of two: one is stopped in the middle of its writing, until the other has said
        that it can do nothing. Then it goes on, or is killed."""
        stopped, other = self._gateways
        mark = other.log.mark()
        self.frozen += 1
        await stand_still_writing(stopped)
        self._say("gateway 1 stands still, and keeps the lock of the store's file")
        await other.log.told("member", mark, serves=False)
        self._say("gateway 2 says that it can do nothing")
        stopped.signal(signal.SIGKILL if killed else signal.SIGCONT)
        await other.log.told("member", mark, serves=True)
        self._say("gateway 2 serves again")
        if killed:
            await stopped.ended()

    async def _again_if_ended(self) -> None:
        """As whatever watches over processes would."""
        for place, gateway in enumerate(self._gateways):
            if gateway.status is not None:
                self._say(f"gateway {place + 1} had ended with {gateway.status}, and is begun anew")
                self._gateways[place] = self._started()
                await deferLater(self._reactor, MADE)

    async def _one_more(self) -> None:
        self._say("one more gateway joins")
        more = self._started()
        await more.serving()
        await deferLater(self._reactor, self._seconds() / 2)
        self._say(f"it has gone with {await more.stop(STARTS)}")

    # -- links -----------------------------------------------------------------------------------

    async def _cut_links(self) -> None:
        self._say("an SMSC cuts its links")
        self._chance.choice(self._crowded.smscs).drop()

    async def _refuse_otherwise(self) -> None:
        """What an SMSC says that cannot take more now."""
        for smsc in self._crowded.smscs:
            smsc.faults.throttle_status = self._chance.choice(REFUSALS)

    # -- all of it -------------------------------------------------------------------------------

    async def go_on(self, seconds: float, pause: float) -> None:
        """One thing after the other, each a while after the last."""
        until = self._reactor.seconds() + seconds
        left: list[Way] = []
        while self._reactor.seconds() < until:
            left = left or self._in_some_order()
            await self._next(left.pop(), pause)

    async def each_once(self, pause: float) -> None:
        for way in self._in_some_order():
            await self._next(way, pause)

    def _in_some_order(self) -> list[Way]:
        ways = self.ways()
        return self._chance.sample(ways, len(ways))

    async def _next(self, way: Way, pause: float) -> None:
        await way()
        await self._again_if_ended()
        await deferLater(self._reactor, pause * self._chance.random())

    async def over(self) -> None:
        """Everything is whole, and gateways serve."""
        self._say("nothing breaks any more")
        await self._again_if_ended()
        for gateway in self._gateways:
            await gateway.serving()

    async def close(self) -> list[int]:
        """Ask all gateways to go; their statuses."""
        return [await gateway.stop(STARTS) for gateway in self._gateways]

    async def kill(self) -> None:
        """Whatever still runs, when the story broke off."""
        for gateway in self._all:
            if gateway.status is None:
                gateway.signal(signal.SIGCONT)
            await gateway.kill()

    def _seconds(self) -> float:
        return self._freeze * (0.1 + 0.9 * self._chance.random())

    def _say(self, what: str) -> None:
        self.told.append(f"{self._reactor.seconds() - self._began:6.1f} s  {what}")


async def play(
    breakage: GatewayBreakage,
    crowded: CrowdedHall,
    goes_on: Callable[[], Awaitable[None]],
    called: str,
    grace: float = 1.0,
) -> tuple[dict[str, list[str]], list[int]]:
    """A story from its first message to the last: what was found wrong, and how gateways ended.
    `called`: how it can be told again; `grace`: as `CrowdedHall.findings` says."""
    try:
        await breakage.serving()
        crowded.begin()
        await goes_on()
        await breakage.over()
        await crowded.answered(120.0)
        statuses = await breakage.close()
        findings = crowded.findings(breakage.logs, grace)
    finally:
        print(f"\n{called}", *breakage.told, sep="\n")
        await breakage.kill()
        await crowded.leave()
    counts = ", ".join(f"{kind} {len(lines)}" for kind, lines in findings.items())
    print(f"{crowded.sent} messages, {crowded.redelivered()} delivered again: {counts}")
    print(*[f"{kind}: {line}" for kind, lines in findings.items() for line in lines[:20]], sep="\n")
    return findings, statuses
