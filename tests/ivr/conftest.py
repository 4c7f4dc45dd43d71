"""A gateway with a simulated exchange on one clock, and with a real Asterisk."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from random import Random
from typing import Any

import pytest
import pytest_twisted
from twisted.internet.defer import maybeDeferred

from ivr.ami.account import AmiAccount
from tests.ivr.asterisk_gateway import Gateway, Person
from tests.ivr.real_asterisk import SECRET, TESTER, Asterisk, running
from tests.ivr.simulated_asterisk import SimulatedAsterisk
from tests.ivr.telephones.sip import Telephones


@pytest.fixture
def pairs() -> Iterator[Callable[..., SimulatedAsterisk]]:
    """Makes pairs; when all is over, no call and no timer is left."""
    made: list[SimulatedAsterisk] = []

    def make(**kwargs: Any) -> SimulatedAsterisk:
        pair = SimulatedAsterisk(**kwargs).connect()
        made.append(pair)
        return pair

    yield make
    for pair in made:
        for channel in list(pair.pbx.channels.values()):
            channel.hang_up()
        pair.wait(1)
        assert pair.switchboard.calls == 0
        pair.cut()
        pair.exchange.stop()
        assert pair.clock.getDelayedCalls() == []


@pytest.fixture(params=[frozenset(), frozenset({"exec"})], ids=["decides", "is-told"])
def pair(
    pairs: Callable[..., SimulatedAsterisk], request: pytest.FixtureRequest
) -> SimulatedAsterisk:
    """With an Asterisk that decides itself what to read, and one that cannot; both look for
    commands with each frame of sound, and cannot be woken."""
    return pairs(lacks=request.param | {"sendflash"})


@pytest.fixture(scope="module")
def asterisk() -> Iterator[Asterisk]:
    with running() as asterisk:
        yield asterisk


@pytest.fixture
def reactor() -> Any:
    from twisted.internet import reactor as installed

    return installed


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    """A test that failed with an Asterisk tells what that wrote last."""
    report = yield
    asterisk = getattr(item, "funcargs", {}).get("asterisk")
    if report.failed and isinstance(asterisk, Asterisk):
        report.sections.append(("Asterisk", asterisk.log()))
    return report


async def nobody_calls(reactor, asterisk):
    """A test that failed in the middle of a call leaves it to nobody."""
    person = await Person(reactor, asterisk.ami_port, AmiAccount(TESTER, SECRET)).up()
    while True:
        shown = await person.act("Command", Command="core show channels count")
        if "0 active channels" in shown.answer.all("Output"):
            break
        await person.act("Hangup", Channel="/./")
        await person.pause(0.05)
    await person.down()


@pytest_twisted.async_yield_fixture
async def gateway(reactor, asterisk):
    await nobody_calls(reactor, asterisk)
    gateway = await Gateway(reactor, asterisk.ami_port, AmiAccount("hallgate", "secret")).up()
    yield gateway
    await gateway.down()
    assert gateway.switchboard.calls == 0
    assert gateway.faults == []


@pytest_twisted.async_yield_fixture
async def person(reactor, asterisk):
    person = await Person(reactor, asterisk.ami_port, AmiAccount(TESTER, SECRET)).up()
    yield person
    await person.down()


@pytest_twisted.async_yield_fixture(scope="module")
async def phones(asterisk):
    from twisted.internet import reactor

    phones = Telephones(reactor, asterisk.sip_port, Random(1))
    yield phones
    phones.hang_up()
    await maybeDeferred(phones.stop)
