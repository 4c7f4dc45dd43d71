"""The gateway is killed under calls on a real Asterisk, and started again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import pytest_twisted

from gateway.cli.prompts import all_prompts
from gateway.tts.sound_folder import SoundFolder, build
from ivr.ami.account import AmiAccount
from simulators.smsc.smsc import Smsc
from tests.ivr.asterisk_gateway import Person
from tests.ivr.real_asterisk import SECRET, TESTER, running
from tests.ivr.telephones.sound_recognition import BackgroundNoise
from tests.stories.deployment import Deployment, link
from tests.stories.gateway_process import GatewayProcess

pytestmark = [pytest.mark.service, pytest.mark.slow]

CALLS = 10


async def seen(process: GatewayProcess, event: str, count: int, **facts: object) -> None:
    """Until it has logged so many of them."""
    mark = 0
    for _ in range(count):
        found = await process.log.told(event, mark, **facts)
        mark = process.log.all.index(found, mark) + 1


@pytest_twisted.ensureDeferred
async def test_ten_calls_outlive_the_gateway(
    place: Deployment, smscs: Callable[..., Smsc], start: Callable[..., GatewayProcess]
) -> None:
    """All ten are at their screen afterwards, and hear their balance."""
    from twisted.internet import reactor

    with running() as asterisk:
        ivr = {"asterisk": [{"name": "pbx-a", "port": asterisk.ami_port}], "make_missing": False}
        smsc = smscs()
        place.configure(
            [link(smsc.listen(), ussd="off")], ivr=ivr | {"sounds": str(place.folder / "sounds")}
        )
        build(
            SoundFolder(place.settings.ivr.sounds), all_prompts(place.settings), BackgroundNoise()
        )
        person = await Person(reactor, asterisk.ami_port, AmiAccount(TESTER, SECRET)).up()
        first = start("run", "--config", place.file)
        await first.log.told("line", line="pbx-a", state="serving")
        channels = [await person.calls("10086") for _ in range(CALLS)]
        await seen(first, "served", CALLS, action="menu")
        for channel in channels:
            await person.presses(channel, "1")
        await seen(first, "served", 2 * CALLS, action="menu")
        await first.kill()
        second = start("run", "--config", place.file)
        await seen(second, "call resumed", CALLS)
        for channel in channels:
            await person.presses(channel, "11")
        await seen(second, "served", CALLS, action="q.balance", result="ok")
        for channel in channels:
            await person.hangs_up(channel)
        await seen(second, "call over", CALLS)
        await person.down()
        assert await second.stop() == 0
