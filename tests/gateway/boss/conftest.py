"""A reference BOSS in this process, and a client that may take its time in a thread."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest_twisted

from gateway.boss.circuit_breaker import CircuitBreaker
from gateway.boss.client import Boss
from gateway.boss.sample_records import card, record
from gateway.config.sample.people import Persona
from gateway.config.settings import BossSettings
from simulators.boss.http_server import BossServer
from simulators.boss.records import BossRecords
from tests.commands.fakes import own_conf, own_sample
from tests.gateway.store.people import NOW


@pytest_twisted.async_yield_fixture
async def server() -> AsyncIterator[BossServer]:
    """With the sample's cards, and nobody in it."""
    from twisted.internet import reactor

    cards = {one.secret.reveal(): card(one) for one in own_sample().cards}
    server = BossServer(reactor, BossRecords({}, cards))
    server.listen()
    yield server
    await server.stop()


def admit(server: BossServer, *personas: Persona) -> None:
    for one in personas:
        kept = record(one, own_conf().catalogue, NOW)
        server.book.subscribers[one.account.msisdn] = kept


def client(server: BossServer, **settings: Any) -> Boss:
    """One that does not wait between its tries."""
    given: dict[str, Any] = {"url": f"http://127.0.0.1:{server.port}", "timeout": 0.3}
    chosen = BossSettings(**given | settings)
    return Boss(chosen, CircuitBreaker(chosen.failures, chosen.rest), pause=lambda seconds: None)
