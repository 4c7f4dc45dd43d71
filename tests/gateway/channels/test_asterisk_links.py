"""The Asterisks of a gateway, as their leases come and go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import pytest
import pytest_twisted
from twisted.internet.testing import MemoryReactorClock

from gateway.channels.voice.asterisk_links import AsteriskLinks
from gateway.channels.voice.call_rounds import CallRounds
from gateway.channels.voice.voice_channel import VoiceChannel
from gateway.cluster.leases import Leases
from gateway.config.settings import AsteriskSettings
from gateway.model.hall_reactor import IHallReactor
from gateway.ops.log import Log
from ivr.call.timeouts import CallTimeouts

Told = Callable[[bool], None]


class ServedAsterisk:
    """A gateway that may serve one Asterisk, and tells it when it does."""

    def __init__(self) -> None:
        self.reactor = MemoryReactorClock()
        self.forgotten: list[str] = []
        settings = [AsteriskSettings.model_validate({"name": "pbx-a", "secret": "s"})]
        log, channel = Log(BytesIO()), cast(VoiceChannel, self)
        self.exchanges = AsteriskLinks(
            settings, channel, CallTimeouts(), cast(IHallReactor, self.reactor), log, lambda: 0.5
        )
        self.held: Told = lambda held: None
        self.known = True
        self.theirs = ""
        self.exchanges.start(cast(Leases, self))

    def told(self, pbx: str, updates: object) -> None:
        """Of calls; there are none."""

    def want(self, name: str, told: Told, place: str) -> None:
        assert name == "asterisk/pbx-a"
        assert place.startswith("127.0.0.1:5038 ")
        self.held = told

    def elsewhere(self, name: str) -> str:
        assert name == "asterisk/pbx-a"
        return self.theirs

    def forget(self, exchange: str) -> None:
        self.forgotten.append(exchange)

    @property
    def dialled(self) -> list[Any]:
        """Connections begun."""
        return cast(list[Any], self.reactor.tcpClients)


@pytest.fixture
def asterisk() -> Iterator[ServedAsterisk]:
    """When all is over, no timer is left."""
    asterisk = ServedAsterisk()
    yield asterisk
    assert asterisk.reactor.getDelayedCalls() == []


@pytest_twisted.ensureDeferred
async def test_an_asterisk_is_served_as_long_as_it_is_ours(asterisk: ServedAsterisk) -> None:
    """Whoever loses it forgets its calls, and may have it again."""
    assert asterisk.dialled == []
    asterisk.held(True)
    assert len(asterisk.dialled) == 1
    asterisk.held(False)
    assert asterisk.forgotten == ["pbx-a"]
    asterisk.held(True)
    assert len(asterisk.dialled) == 2
    await asterisk.exchanges.stop()


def test_an_asterisk_whose_name_another_has_is_told_of(asterisk: ServedAsterisk) -> None:
    """Nobody serves it; where the other is, people must know. One that another serves is none."""
    assert asterisk.exchanges.reasons() == []
    asterisk.theirs = "10.0.0.5:5038"
    (reason,) = asterisk.exchanges.reasons()
    assert reason.startswith("Asterisk pbx-a is not served: another gateway has one of this name")
    assert "10.0.0.5:5038" in reason


def test_what_tls_needs_is_missed_at_the_start(tmp_path: Path) -> None:
    """Not when the lease comes, and nobody looks."""
    tls = {"ca": tmp_path / "not-there.pem"}
    settings = [AsteriskSettings.model_validate({"name": "pbx-a", "secret": "s", "tls": tls})]
    channel, log = cast(VoiceChannel, None), Log(BytesIO())
    reactor = cast(IHallReactor, MemoryReactorClock())
    with pytest.raises(FileNotFoundError, match="not-there"):
        AsteriskLinks(settings, channel, CallTimeouts(), reactor, log, lambda: 0.5)


@pytest_twisted.ensureDeferred
async def test_what_comes_while_all_ends_is_not_begun(asterisk: ServedAsterisk) -> None:
    """Nobody would end it, and its calls would be answered by nobody."""
    await asterisk.exchanges.stop()
    asterisk.held(True)
    assert asterisk.dialled == []


def paused(per_second: int, rounds: CallRounds, now: float) -> bool:
    """Whether there are rounds when so many calls have come for ten seconds from then on, each with
    three keys: a key brings seven messages, two at a time."""
    pauses: list[float] = []
    for turn in range(30 * per_second):
        moment = now + turn / (3 * per_second)
        if pauses and pauses[-1]:
            pauses.append(rounds.pause(7, moment))
        else:
            pauses += [rounds.pause(2, moment + read * 0.0003) for read in range(3)]
            pauses.append(rounds.pause(1, moment + 0.0009))
    lasting = {bool(pause) for pause in pauses[-10 * per_second :]}
    assert len(lasting) == 1
    return lasting.pop()


def test_there_are_rounds_where_many_call() -> None:
    """Where few do, nobody waits for company that does not come; neither is it now so, now so."""
    rounds = CallRounds()
    rates = (1, 5, 12, 35, 45, 60, 70, 12, 5, 1)
    assert [paused(calls, rounds, 100.0 * place) for place, calls in enumerate(rates)] == [
        False, False, False, False, True, True, True, False, False, False,
    ]  # fmt: skip


def test_many_keys_at_one_moment_are_no_rush() -> None:
    """Fourteen callers begin at once: each is answered at once."""
    rounds = CallRounds()
    assert not any(rounds.pause(1, 50.0 + n * 0.0001) for n in range(14 * 21))
