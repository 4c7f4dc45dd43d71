"""The gateway is killed under calls on a real Asterisk, and started again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import pytest_twisted

from gateway.prompts.folder import SoundFolder, build
from gateway.prompts.verbs import all_prompts
from ivr.terms import Account
from simulators.smsc import Smsc
from tests.ivr.asterisk import SECRET, TESTER, running
from tests.ivr.exchange import Person
from tests.stories.hearing import Rustle
from tests.stories.house import House, link
from tests.stories.process import Process

pytestmark = [pytest.mark.service, pytest.mark.slow]

CALLS = 10


async def seen(process: Process, event: str, count: int, **facts: object) -> None:
    """Until it has logged so many of them."""
    mark = 0
    for _ in range(count):
        found = await process.log.told(event, mark, **facts)
        mark = process.log.all.index(found, mark) + 1


@pytest_twisted.ensureDeferred
async def test_ten_calls_outlive_the_gateway(
    place: House, smscs: Callable[..., Smsc], start: Callable[..., Process]
) -> None:
    """All ten are at their screen afterwards, and hear their balance."""
    from twisted.internet import reactor

    with running() as asterisk:
        ivr = {"asterisk": [{"name": "pbx-a", "port": asterisk.ami_port}], "make_missing": False}
        smsc = smscs()
        place.configure(
            [link(smsc.listen(), ussd="off")], ivr=ivr | {"sounds": str(place.folder / "sounds")}
        )
        build(SoundFolder(place.settings.ivr.sounds), all_prompts(place.settings), Rustle())
        person = await Person(reactor, asterisk.ami_port, Account(TESTER, SECRET)).up()
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
