"""An SMSC on a free port for each test, gone with everything of it afterwards."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from random import Random

import pytest_twisted

from simulators.smsc import Smsc
from simulators.terms import Terms
from tests.simulators.esme import Esme, connect

Connect = Callable[..., Awaitable[Esme]]


@pytest_twisted.async_yield_fixture
async def smsc() -> AsyncIterator[Smsc]:
    """Two accounts, short times, listening."""
    from twisted.internet import reactor

    centre = Smsc(
        reactor,
        {"hallgate": "secret", "other": "secret2"},
        chance=Random(7),
        terms=Terms(window=4, response_timeout=0.3, redelivery=lambda attempt: 0.02 * attempt),
    )
    centre.listen()
    yield centre
    await centre.stop()


@pytest_twisted.async_yield_fixture
async def esme(smsc: Smsc) -> AsyncIterator[Connect]:
    """Connects as many as a test wants: `await esme()` bound, `await esme(bind=None)` not."""
    from twisted.internet import reactor

    made: list[Esme] = []

    async def one(bind: str | None = "transceiver", **fields: str) -> Esme:
        peer = await connect(reactor, smsc.port)
        made.append(peer)
        if bind:
            response = await peer.bind(bind, **fields)
            assert response.status == 0
        return peer

    yield one
    for peer in made:
        await peer.leave()
