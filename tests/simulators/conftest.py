"""An SMSC on a free port for each test, gone with everything of it afterwards."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from random import Random
from typing import cast

import pytest_twisted
from twisted.internet.defer import maybeDeferred
from twisted.internet.tcp import Port
from twisted.internet.threads import deferToThread

from simulators.phone import terminal
from simulators.phone.control_port import PhonePort
from simulators.smsc.phone_verbs import sms_verbs
from simulators.smsc.settings import SmscSettings
from simulators.smsc.smsc import Smsc
from tests.simulators.esme import Esme, connect
from tests.simulators.phone_in_terminal import Dial

Connect = Callable[..., Awaitable[Esme]]
Build = Callable[..., Smsc]


@pytest_twisted.async_yield_fixture
async def build() -> AsyncIterator[Build]:
    """Makes an SMSC with two accounts and the terms a test wants, listening."""
    from twisted.internet import reactor

    made: list[Smsc] = []

    def one(**terms: object) -> Smsc:
        chosen = {"window": 4, "response_timeout": 20, "redelivery": lambda n: 0.02 * n, **terms}
        accounts = {"hallgate": "secret", "other": "secret2"}
        smsc = Smsc(reactor, accounts, chance=Random(7), terms=SmscSettings(**chosen))  # type: ignore[arg-type]
        smsc.listen()
        made.append(smsc)
        return smsc

    yield one
    for smsc in made:
        await smsc.stop()


@pytest_twisted.async_fixture
async def smsc(build: Build) -> Smsc:
    """One that is patient with its ESMEs."""
    return build()


@pytest_twisted.async_fixture
async def hasty(build: Build) -> Smsc:
    """One that soon takes a deliver_sm for lost, or an unbind for ignored."""
    return build(response_timeout=0.2)


@pytest_twisted.async_yield_fixture
async def esme() -> AsyncIterator[Connect]:
    """Connects ESMEs to an SMSC or a port: `await esme(smsc)` bound, `esme(smsc, None)` not yet."""
    from twisted.internet import reactor

    made: list[Esme] = []

    async def one(where: Smsc | int, bind: str | None = "transceiver", **fields: str) -> Esme:
        peer = await connect(reactor, where if isinstance(where, int) else where.port)
        made.append(peer)
        if bind:
            response = await peer.bind(bind, **fields)
            assert response.status == 0
        return peer

    yield one
    for peer in made:
        await peer.leave()


@pytest_twisted.async_yield_fixture
async def demo(smsc: Smsc) -> AsyncIterator[Dial]:
    """An SMSC's control port."""
    from twisted.internet import reactor

    factory = PhonePort(sms_verbs(smsc))
    port = cast("Port", reactor.listenTCP(0, factory, interface="127.0.0.1"))
    at = f"127.0.0.1:{port.getHost().port}"
    yield Dial(at, lambda *argv: deferToThread(terminal.main, ["--at", at, *argv]))
    await maybeDeferred(port.stopListening)


async def until(so: Callable[[], bool], seconds: float = 20.0) -> None:
    """Returns as soon as it is so: for what another process does and does not announce."""
    from twisted.internet import reactor, task

    deadline = reactor.seconds() + seconds
    while not so():
        assert reactor.seconds() < deadline, f"not within {seconds} s"
        await task.deferLater(reactor, 0.02)
