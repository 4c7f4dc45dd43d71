"""How long callers of a real Asterisk listen, in seconds of the sound on their line: what a machine
needs to think, and whatever else it does meanwhile, is not in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest
import pytest_twisted

from gateway.cli.sample_data import load_samples
from gateway.store.opening import upgrade
from simulators.smsc.smsc import Smsc
from tests.ivr.real_asterisk import Asterisk
from tests.ivr.telephones.sip import Telephones
from tests.ivr.telephones.sound_recognition import known
from tests.packages import ESPEAK
from tests.services import program
from tests.stories.calls.sip_callers import SipCaller, SipCallers
from tests.stories.deployment import ACCOUNT, Deployment, link
from tests.stories.hall import Hall, opened

pytestmark = [pytest.mark.service, pytest.mark.slow]

A_SECOND: Final = 8_000  # octets of A-law
BALANCE: Final = "八角"
"""How the balance of the caller ends: fifty-six yuan and eighty cents."""


@pytest_twisted.async_yield_fixture(scope="module")
async def hall(tmp_path_factory: pytest.TempPathFactory, asterisk: Asterisk) -> AsyncIterator[Hall]:
    """With a voice of its own, which makes what callers are to hear."""
    from twisted.internet import reactor

    program(ESPEAK)
    folder = tmp_path_factory.mktemp("seconds")
    house = Deployment(folder, f"sqlite:///{folder / 'hall.db'}")
    smsc = Smsc(reactor, ACCOUNT, chance=Random(1))
    ivr: dict[str, Any] = {"sounds": str(folder / "sounds"), "make_missing": True}
    ivr["asterisk"] = [{"name": "pbx-a", "port": asterisk.ami_port}]
    house.configure([link(smsc.listen(), ussd="off")], ivr=ivr)
    (folder / "sounds").mkdir()
    (folder / "sounds" / "texts.tsv").touch()
    upgrade(house.settings)
    load_samples(house.settings, 0, 0)
    async with opened(house, smsc, ["smsc-a", "pbx-a"]) as hall:
        yield hall
    await smsc.stop()


class Listener:
    """A caller whose line is kept, and what was on it."""

    def __init__(self, hall: Hall, callers: SipCallers, caller: SipCaller) -> None:
        self._hall = hall
        self._callers = callers
        self._caller = caller

    @property
    def folder(self) -> Path:
        return self._hall.gateway.settings.ivr.sounds

    def seconds_to(self, words: str) -> float | None:
        """Of sound until these words were said for the first time; None: they were not."""
        heard = bytes(self._caller.line.rtp.heard)
        ends = [
            at + len(sound.octets)
            for sound in known(self.folder)
            if sound.text == words and (at := heard.find(sound.octets)) >= 0
        ]
        return min(ends) / A_SECOND if ends else None

    async def waits_for(self, words: str) -> float:
        """The line is listened to again and again; for half a minute."""
        for _ in range(300):
            if (seconds := self.seconds_to(words)) is not None:
                return seconds
            await self._callers.pause(0.1)
        raise AssertionError(f"{words!r} was not heard\n{self._hall.log.tail()}")


async def walked(hall: Hall, phones: Telephones, steps: list[tuple[str, str]]) -> float:
    """Each step: keys that are pressed, and what is waited for. Twice: the first time the sounds
    are made. Seconds until the last was heard."""
    hall.phone("13800138001")
    seconds = 0.0
    for _ in range(2):
        callers = SipCallers(phones, hall)
        caller = await callers.calls()
        listener = Listener(hall, callers, caller)
        for keys, words in steps:
            if keys:
                caller.presses(keys)
            seconds = await listener.waits_for(words)
        await caller.hangs_up()
    return seconds


@pytest_twisted.ensureDeferred
async def test_who_knows_the_way_hears_the_balance_in_four_seconds(
    hall: Hall, phones: Telephones
) -> None:
    """Keys typed at once; the sound until its last word."""
    assert await walked(hall, phones, [("111", BALANCE)]) <= 4.0


@pytest_twisted.ensureDeferred
async def test_who_listens_hears_the_balance_in_ten_seconds(hall: Hall, phones: Telephones) -> None:
    """Each key when the words that name it are over."""
    steps = [("", "普通话请按1。"), ("1", "话费账单请按1。"), ("1", BALANCE)]
    assert await walked(hall, phones, steps) <= 10.0


@pytest_twisted.ensureDeferred
async def test_the_main_menu_is_over_in_fifteen_seconds(hall: Hall, phones: Telephones) -> None:
    """Also for who has a star, and hears of his own desk; from its first word to its last."""
    steps = [("1", "其他业务请按9。")]
    assert await walked(hall, phones, steps) <= 15.0
