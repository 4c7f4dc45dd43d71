"""A simulated exchange, and a gateway that it calls at noon; a real exchange with its telephones,
callers of a module's own `hall` there, and an agent's software."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from random import Random

import pytest
import pytest_twisted
from twisted.internet.defer import maybeDeferred

from ivr.ami.account import AmiAccount
from simulators.smsc.smsc import Smsc
from tests.ivr.asterisk_gateway import Person
from tests.ivr.real_asterisk import SECRET, TESTER, Asterisk, running
from tests.ivr.telephones.sip import Telephones
from tests.stories.calls.simulated_callers import Exchange, furnish, hour, listening
from tests.stories.calls.sip_callers import SipCallers
from tests.stories.deployment import Deployment
from tests.stories.hall import Clock, Hall, opened


@pytest_twisted.async_yield_fixture
async def exchange() -> AsyncIterator[Exchange]:
    """A simulated exchange, for callers."""
    from twisted.internet import reactor

    async with listening(reactor) as exchange:
        yield exchange


@pytest_twisted.async_yield_fixture
async def noon(
    place: Deployment, smscs: Callable[..., Smsc], exchange: Exchange
) -> AsyncIterator[Hall]:
    """A gateway between an SMSC and the exchange, at noon of a Wednesday."""
    smsc = smscs()
    furnish(place, smsc, exchange)
    async with opened(place, smsc, ["smsc-a", "pbx-a"], Clock(hour(12))) as hall:
        yield hall


@pytest_twisted.async_yield_fixture(scope="module")
async def phones(asterisk: Asterisk) -> AsyncIterator[Telephones]:
    """Telephones in front of the module's own Asterisk."""
    from twisted.internet import reactor

    phones = Telephones(reactor, asterisk.sip_port, Random(1))
    yield phones
    await maybeDeferred(phones.stop)


@pytest.fixture(scope="module")
def asterisk() -> Iterator[Asterisk]:
    with running() as asterisk:
        yield asterisk


@pytest_twisted.async_yield_fixture
async def callers(hall: Hall, phones: Telephones) -> AsyncIterator[SipCallers]:
    callers = SipCallers(phones, hall)
    yield callers
    await callers.leave_nothing()


@pytest_twisted.async_yield_fixture
async def person(asterisk: Asterisk) -> AsyncIterator[Person]:
    from twisted.internet import reactor

    person = await Person(reactor, asterisk.ami_port, AmiAccount(TESTER, SECRET)).up()
    yield person
    await person.down()
