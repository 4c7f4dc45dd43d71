"""After a kill a caller on a real line hears his screen again: how soon, and what that waits for.

What docs/voice.md tells of seconds is what these tests print:

    pytest tests/stories/calls/test_real_asterisk_again.py --capture=no
"""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
import pytest_twisted

from gateway.cli.prompts import all_prompts
from gateway.tts.sound_folder import SoundFolder, build
from gateway.tts.telephone_audio import RATE
from simulators.smsc.smsc import Smsc
from tests.ivr.real_asterisk import Asterisk
from tests.ivr.telephones.rtp import FRAME
from tests.ivr.telephones.sip import Telephones
from tests.ivr.telephones.sound_recognition import BackgroundNoise, known
from tests.stories.calls.listening import CallListener
from tests.stories.deployment import Deployment, link
from tests.stories.gateway_process import GatewayProcess
from tests.stories.log_events import Events

pytestmark = [pytest.mark.service, pytest.mark.slow]

SCREEN = "其他业务请按9。"


class OneCaller:
    """Stands at the main menu, and listens."""

    def __init__(self, phones: Telephones, place: Deployment) -> None:
        folder = place.settings.ivr.sounds
        self._texts = {sound.octets[:FRAME]: sound.text for sound in known(folder)}
        self._attention = CallListener(phones.reactor)
        self.heard_at = 0.0  # when the last word was
        self._listening = False
        self.line = phones.call("10086", "13800138001", self._frame)

    def _frame(self, frame: bytes) -> None:
        if (text := self._texts.get(frame)) is not None:
            if self._listening:
                self.heard_at, self._listening = time.monotonic(), False
            self._attention.hears(text)

    def listens(self) -> None:
        """For the first word from now on."""
        self._attention.listens()
        self._listening = True

    async def hears(self, words: str) -> None:
        await self._attention.heard(words)

    async def presses(self, key: str, words: str) -> None:
        self.listens()
        self.line.press(key)
        await self.hears(words)


def furnished(place: Deployment, smscs: Callable[..., Smsc], asterisk: Asterisk) -> None:
    smsc = smscs()
    sounds = {"sounds": str(place.folder / "sounds"), "make_missing": False}
    place.configure(
        [link(smsc.listen(), ussd="off")],
        ivr=sounds | {"asterisk": [{"name": "pbx-a", "port": asterisk.ami_port}]},
    )
    noise = BackgroundNoise(RATE // 2)
    build(SoundFolder(place.settings.ivr.sounds), all_prompts(place.settings), noise)


async def at_the_menu(phones: Telephones, place: Deployment, log: Events) -> OneCaller:
    await log.told("line", line="pbx-a", state="serving")
    caller = OneCaller(phones, place)
    await caller.line.answered
    await caller.hears("For English")
    await caller.presses("1", SCREEN)
    # what he heard is kept a moment later
    kept = await log.told("served", action="menu")
    await log.told("served", log.all.index(kept) + 1, action="menu")
    return caller


async def hears_it_again(caller: OneCaller, gateway: GatewayProcess, killed: float) -> None:
    """By whoever serves the line now; `killed`: when the other was, by time.monotonic."""
    await gateway.log.told("line", line="pbx-a", state="serving")
    await gateway.log.told("call resumed")
    await caller.hears(SCREEN)
    print(f"the screen again {caller.heard_at - killed:.2f} s after the kill")
    caller.line.hang_up()
    await caller.line.over
    await gateway.log.told("call over")
    assert await gateway.stop() == 0


@pytest_twisted.ensureDeferred
async def test_started_again_at_once_a_gateway_says_the_screen_again(
    place: Deployment,
    smscs: Callable[..., Smsc],
    start: Callable[..., GatewayProcess],
    phones: Telephones,
    asterisk: Asterisk,
) -> None:
    """As a supervisor does it. Nothing is waited for but the start."""
    furnished(place, smscs, asterisk)
    first = start("run", "--config", place.file)
    caller = await at_the_menu(phones, place, first.log)
    caller.listens()
    killed = time.monotonic()
    await first.kill()
    second = start("run", "--config", place.file)
    await second.log.told("open")
    await hears_it_again(caller, second, killed)


@pytest_twisted.ensureDeferred
async def test_another_gateway_on_the_machine_takes_the_call_over(
    place: Deployment,
    smscs: Callable[..., Smsc],
    start: Callable[..., GatewayProcess],
    phones: Telephones,
    asterisk: Asterisk,
) -> None:
    """Without a start: it has seen the other die."""
    furnished(place, smscs, asterisk)
    first = start("run", "--config", place.file)
    caller = await at_the_menu(phones, place, first.log)
    second = start("run", "--config", place.file)
    await second.log.told("open")
    caller.listens()
    killed = time.monotonic()
    await first.kill()
    await second.log.told("taken over")
    await second.log.told("lease", what="asterisk/pbx-a", held=True)
    await hears_it_again(caller, second, killed)
