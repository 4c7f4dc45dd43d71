"""A BOSS over HTTP for stories of what goes wrong with it."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

import pytest_twisted

from gateway.boss.sample_records import sample_book
from simulators.boss.http_server import BossServer
from simulators.boss.records import BossRecords
from tests.commands.fakes import own_conf, own_sample


@pytest_twisted.async_yield_fixture
async def boss() -> AsyncIterator[BossServer]:
    """With the sample's subscribers and cards in it."""
    from twisted.internet import reactor

    plain = sample_book(own_sample(), own_conf().catalogue, int(time.time()))
    server = BossServer(reactor, BossRecords.of(plain), token="t0ken")
    server.listen()
    yield server
    await server.stop()
