"""The Asterisks of a gateway, as their leases come and go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import pytest
import pytest_twisted
from twisted.internet.testing import MemoryReactorClock

from gateway.calls.exchanges import Exchanges
from gateway.channels.voice import VoiceDoor
from gateway.leases import Leases
from gateway.log import Log
from gateway.settings import AsteriskSettings
from ivr.terms import Patience

Told = Callable[[bool], None]


class House:
    """A gateway that may serve one Asterisk, and tells it when it does."""

    def __init__(self) -> None:
        self.reactor = MemoryReactorClock()
        self.forgotten: list[str] = []
        settings = [AsteriskSettings.model_validate({"name": "pbx-a", "secret": "s"})]
        log, door = Log(BytesIO()), cast(VoiceDoor, self)
        self.exchanges = Exchanges(settings, door, Patience(), self.reactor, log)
        self.held: Told = lambda held: None
        self.exchanges.start(cast(Leases, self))

    def want(self, name: str, told: Told) -> None:
        assert name == "asterisk/pbx-a"
        self.held = told

    def forget(self, exchange: str) -> None:
        self.forgotten.append(exchange)

    @property
    def dialled(self) -> list[Any]:
        """Connections begun."""
        return cast(list[Any], self.reactor.tcpClients)


@pytest.fixture
def house() -> Iterator[House]:
    """When all is over, no timer is left."""
    house = House()
    yield house
    assert house.reactor.getDelayedCalls() == []


@pytest_twisted.ensureDeferred
async def test_an_asterisk_is_served_as_long_as_it_is_ours(house: House) -> None:
    """Whoever loses it forgets its calls, and may have it again."""
    assert house.dialled == []
    house.held(True)
    assert len(house.dialled) == 1
    house.held(False)
    assert house.forgotten == ["pbx-a"]
    house.held(True)
    assert len(house.dialled) == 2
    await house.exchanges.stop()


def test_what_tls_needs_is_missed_at_the_start(tmp_path: Path) -> None:
    """Not when the lease comes, and nobody looks."""
    tls = {"ca": tmp_path / "not-there.pem"}
    settings = [AsteriskSettings.model_validate({"name": "pbx-a", "secret": "s", "tls": tls})]
    door, log = cast(VoiceDoor, None), Log(BytesIO())
    with pytest.raises(FileNotFoundError, match="not-there"):
        Exchanges(settings, door, Patience(), MemoryReactorClock(), log)


@pytest_twisted.ensureDeferred
async def test_what_comes_while_all_ends_is_not_begun(house: House) -> None:
    """Nobody would end it, and its calls would be answered by nobody."""
    await house.exchanges.stop()
    house.held(True)
    assert house.dialled == []
