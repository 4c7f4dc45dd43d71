"""Subscribers who dial *139#: they look at their balance or recharge, a key at a time, and dial
again when no screen comes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Final

from twisted.internet.defer import TimeoutError

from gateway.config.sample import people as sample_people
from simulators.smsc.smsc import Smsc
from simulators.smsc.ussd_centre import PhoneDialogue, PhoneScreen
from tests.simulation.conversations import RECHARGE, yuan
from tests.simulation.world import Process, World

PATIENCE: Final = 11.0  # seconds for which somebody looks at an empty screen
TRIES: Final = 3
MAIN: Final = "1话费余额"


@dataclass
class Dialler:
    number: str
    began: int  # fen
    paths: list[list[str]]  # the keys of one dialogue after the other
    secrets: list[str]
    dialogues: list[PhoneDialogue] = field(default_factory=list)
    finished: int = 0  # paths that were walked to their end
    given_up: int = 0
    strange: list[str] = field(default_factory=list)

    @property
    def balances(self) -> set[int]:
        """What may be so, whatever of it was done."""
        return {self.began + RECHARGE * count for count in range(len(self.secrets) + 1)}

    async def live(self, smsc: Smsc, world: World, crowd: Process) -> None:
        for path in self.paths:
            await crowd.pause(world.chance.uniform(0.0, 12.0))
            for _ in range(TRIES):
                if await self._walked(path, smsc, world, crowd):
                    self.finished += 1
                    break
                await crowd.pause(world.chance.uniform(1.0, 8.0))
            else:
                self.given_up += 1

    async def _walked(self, path: list[str], smsc: Smsc, world: World, crowd: Process) -> bool:
        world.tell(self.number, "dials *139#")
        dialogue = smsc.ussd.dial(self.number)
        self.dialogues.append(dialogue)
        screen = await self._screen(dialogue, world)
        for key in path:
            if screen is None or not screen.waits:
                break
            await crowd.pause(world.chance.uniform(0.3, 3.0))
            world.tell(self.number, f"types {key}")
            dialogue.answers(key)
            screen = await self._screen(dialogue, world)
        walked = screen is not None and screen.waits
        if dialogue.open:
            world.tell(self.number, "hangs up")
            dialogue.leaves()
        return walked

    async def _screen(self, dialogue: PhoneDialogue, world: World) -> PhoneScreen | None:
        try:
            screen = await dialogue.next(PATIENCE)
        except TimeoutError:
            world.tell(self.number, "sees no screen")
            return None
        world.tell(self.number, f"sees {screen.text!r}")
        return screen

    # -- what must be so -------------------------------------------------------------------------

    def wrong(self) -> Iterator[str]:
        """A step has one screen at most, and none tells what is not so, whatever went wrong."""
        for dialogue in self.dialogues:
            if len(dialogue.screens) > len(dialogue.said):
                yield f"typed {len(dialogue.said)} times, and saw {len(dialogue.screens)} screens"
            for screen in dialogue.screens:
                yield from self._untrue(screen.text)

    def _untrue(self, text: str) -> Iterator[str]:
        money = [words for words in ("余额", "当前余额") if f"{words}" in text and "元" in text]
        if money and not any(f"余额{yuan(fen)}元" in text for fen in self.balances):
            yield f"was shown what is not so: {text}"


def diallers(chance: Random, places: list[int], cards: list[int]) -> list[Dialler]:
    return [_dialler(chance, place, cards) for place in places]


def _dialler(chance: Random, place: int, cards: list[int]) -> Dialler:
    sample, secrets, paths = sample_people.subscriber(place), [], list[list[str]]()
    for _ in range(chance.randint(1, 3)):
        if chance.random() < 0.5:
            paths.append(["1"] if chance.random() < 0.5 else ["1", "0", "1"])
        else:
            secrets.append(sample_people.card(cards.pop()).secret.reveal())
            paths.append(["4", "1", secrets[-1]])
    return Dialler(sample.account.msisdn, sample.account.balance_fen, paths, secrets)
