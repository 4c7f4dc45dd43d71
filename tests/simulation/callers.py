"""Subscribers who call 10086: they listen to the menu, press a key, and call again when nobody says
what they want to hear."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

from gateway.config.sample import people as sample_people
from tests.simulation.template import CALLERS
from tests.simulation.world import Process, World
from tests.stories.calls.simulated_callers import Caller, Exchange

TRIES: Final = 4
PATHS: Final = (
    (("1", "话费账单请按1"), ("1", "余额")),
    (("1", "话费账单请按1"), ("9", "密码停机请按5")),
    (("2", "Billspress 1"), ("9", "suspensionpress 5")),
)
"""Keys, and words of what must be heard behind each."""


@dataclass
class CallingPerson:
    number: str
    wants: list[tuple[tuple[str, str], ...]]  # a call after the other
    calls: int = 0
    served: int = 0  # calls in which all was heard

    async def live(self, exchange: Exchange, world: World, crowd: Process) -> None:
        for path in self.wants:
            await crowd.pause(world.chance.uniform(0.0, 20.0))
            for _ in range(TRIES):
                if await self._heard(exchange, world, crowd, path):
                    self.served += 1
                    break
                await crowd.pause(world.chance.uniform(1.0, 10.0))

    async def _heard(
        self, exchange: Exchange, world: World, crowd: Process, path: tuple[tuple[str, str], ...]
    ) -> bool:
        self.calls += 1
        world.tell(self.number, "calls 10086")
        caller: Caller = exchange.calls(caller=self.number)
        try:
            await caller.heard("For English")
            for key, word in path:
                await crowd.pause(world.chance.uniform(0.2, 2.0))
                world.tell(self.number, f"presses {key}")
                said = await caller.asks(key, word)
                world.tell(self.number, f"hears {said[:60]}")
        except AssertionError as nothing:
            world.tell(self.number, f"hangs up: {nothing}")
            return False
        finally:
            caller.hangs_up()
        return True

    def wrong(self, *, calm: bool) -> Iterator[str]:
        if calm and (self.served, self.calls) != (len(self.wants), len(self.wants)):
            yield "did not hear what he called for, though nothing went wrong"
        if self.served < len(self.wants):
            yield f"called {self.calls} times, and heard {self.served} of {len(self.wants)} things"


def callers(chance: Random, count: int) -> list[CallingPerson]:
    return [
        CallingPerson(
            sample_people.subscriber(place).account.msisdn,
            chance.choices(PATHS, k=chance.randint(1, 3)),
        )
        for place in chance.sample(CALLERS, count)
    ]
