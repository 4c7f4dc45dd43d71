"""Twenty calls a second that are hung up at random moments: afterwards nothing is left of them.

SOAK_MINUTES says for how long (10) `make soak` does it, on a simulated exchange and, by
SIP, on a real Asterisk.
"""

from __future__ import annotations

import os
import re
import urllib.request
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
import pytest_twisted
from sqlalchemy import select
from twisted.internet.defer import Deferred, gatherResults
from twisted.internet.task import LoopingCall, deferLater
from twisted.internet.threads import deferToThread
from twisted.internet.utils import getProcessValue

from gateway.store.tables import dialogues
from simulators.smsc.smsc import Smsc
from tests.ivr.real_asterisk import running
from tests.ivr.telephones.call_audio import talk, write
from tests.ivr.telephones.sipp_scenario import scenario
from tests.packages import SIPP
from tests.server import free_port
from tests.services import program
from tests.stories.calls.simulated_callers import Exchange
from tests.stories.deployment import Deployment, link
from tests.stories.gateway_process import GatewayProcess

pytestmark = pytest.mark.slow

RATE = 20  # calls a second
BRIEF = 20.0  # seconds, where nobody soaks
LONG = 60 * float(os.environ.get("SOAK_MINUTES", "10"))
NUMBERS = [f"138001380{n:02}" for n in range(1, 11)]
PATHS = ("1412739204#1", "111*2*3*4739204#", "2211", "133860000000000000001#1", "18", "00", "")
GROWTH = 1.15  # of memory, from a fifth of the time to its end


class Soak:
    """A gateway that is started, called, and looked at when all have hung up."""

    def __init__(
        self, place: Deployment, smsc: Smsc, start: Callable[..., GatewayProcess], ami: int
    ) -> None:
        self.http = free_port()
        self._place = place
        ivr = {"asterisk": [{"name": "pbx-a", "port": ami}], "make_missing": False}
        place.configure(
            [link(smsc.listen(), ussd="off")],
            ivr=ivr | {"sounds": str(place.folder / "sounds")},
            http={"listen": f"127.0.0.1:{self.http}"},
        )
        self.process = start("run", "--config", place.file)
        self.early = 0  # kilobytes, when everything has happened once

    async def up(self) -> None:
        await self.process.log.told("line", line="pbx-a", state="serving")

    def weigh(self) -> None:
        self.early = self.early or kilobytes(self.process.pid)

    async def nothing_is_left(self) -> None:
        """Neither call nor dialogue, no failure; and no memory, if it went on for long."""
        log = self.process.log
        await self._all_over()
        assert b"hallgate_calls 0.0" in await deferToThread(metrics, self.http)
        assert log.named("failed") == []
        assert log.strange == []
        late = kilobytes(self.process.pid)
        assert await self.process.stop() == 0
        with self._place.store() as store, store.transaction() as connection:
            spoken = select(dialogues.c.who).where(dialogues.c.who.like("voice:%"))
            assert connection.execute(spoken).all() == []
        assert late < self.early * GROWTH, (self.early, late)

    async def _all_over(self) -> None:
        log, mark = self.process.log, 0
        for _ in log.named("call"):
            gone = await log.told("served", mark, action="menu", result="gone")
            mark = log.all.index(gone, mark) + 1


def kilobytes(pid: int) -> int:
    """Memory of its own: a store that is mapped into memory does not count."""
    found = re.search(r"RssAnon:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found is not None
    return int(found[1])


def metrics(port: int) -> bytes:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"http://127.0.0.1:{port}/metrics", timeout=10) as response:
        said: bytes = response.read()
    return said


async def storm(reactor: Any, exchange: Exchange, soak: Soak, seconds: float) -> None:
    """Everybody types some of a path, at a pace of his own, and hangs up in the middle of it."""
    chance, calls = Random(11), []

    async def one() -> None:
        caller = exchange.calls(caller=chance.choice([*NUMBERS, ""]))
        path = chance.choice(PATHS)
        for key in path[: chance.randrange(len(path) + 1)]:
            caller.presses(key)
            await deferLater(reactor, chance.random() ** 3)
        await deferLater(reactor, chance.random() ** 2)
        caller.hangs_up()
        del exchange.callers[caller.channel.name]

    def place() -> None:
        calls.append(Deferred.fromCoroutine(one()))
        if len(calls) == round(seconds * RATE / 5):
            soak.weigh()
        if len(calls) >= seconds * RATE:
            placing.stop()

    placing = LoopingCall(place)
    await placing.start(1 / RATE)
    await gatherResults(calls)
    assert exchange.pbx.channels == {}


async def soaked(
    place: Deployment,
    smsc: Smsc,
    exchange: Exchange,
    start: Callable[..., GatewayProcess],
    seconds: float,
) -> None:
    from twisted.internet import reactor

    soak = Soak(place, smsc, start, exchange.pbx.port)
    await soak.up()
    await storm(reactor, exchange, soak, seconds)
    await soak.nothing_is_left()


@pytest_twisted.ensureDeferred
async def test_hanging_up_at_random_moments_leaves_nothing(
    place: Deployment,
    smscs: Callable[..., Smsc],
    exchange: Exchange,
    start: Callable[..., GatewayProcess],
) -> None:
    """Twenty seconds of it."""
    await soaked(place, smscs(), exchange, start, BRIEF)


@pytest.mark.soak
@pytest_twisted.ensureDeferred
async def test_hanging_up_for_minutes_leaves_nothing(
    place: Deployment,
    smscs: Callable[..., Smsc],
    exchange: Exchange,
    start: Callable[..., GatewayProcess],
) -> None:
    """And the gateway needs no more memory than before."""
    await soaked(place, smscs(), exchange, start, LONG)


@pytest.mark.soak
@pytest.mark.service
@pytest_twisted.ensureDeferred
async def test_hanging_up_on_a_real_asterisk_for_minutes_leaves_nothing(
    place: Deployment, smscs: Callable[..., Smsc], start: Callable[..., GatewayProcess]
) -> None:
    """Callers by SIP, keys by RFC 4733, BYE from the first moment on."""
    from twisted.internet import reactor

    folder, keys = place.folder, {0.3: "14", 0.7: "12", 1.5: "739204#"}
    write(folder / "caller.pcap", talk(keys, 4.0))
    (folder / "caller.xml").write_text(scenario(folder / "caller.pcap", 4.0, least=0.0))
    # one number, whose password it is: who errs three times is hung up on, and for sipp that fails
    (folder / "callers.csv").write_text(f"SEQUENTIAL\n{NUMBERS[0]};\n")
    with running() as asterisk:
        soak = Soak(place, smscs(), start, asterisk.ami_port)
        await soak.up()
        reactor.callLater(LONG / 5, soak.weigh)
        words = (
            f"127.0.0.1:{asterisk.sip_port} -sf {folder}/caller.xml -inf {folder}/callers.csv"
            f" -s 10086 -i 127.0.0.1 -p {free_port()} -mi 127.0.0.1 -mp 40000 -r {RATE}"
            f" -m {round(RATE * LONG)} -nostdin -timeout {round(LONG) + 60}"
        )
        sipp = str(program(SIPP))
        assert await getProcessValue(sipp, words.split(), env=None, path=str(folder)) == 0
        assert len(soak.process.log.named("call")) == round(RATE * LONG)
        await soak.nothing_is_left()
