"""Two gateways on one store, as operators start them by mistake or on purpose."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import pytest
import pytest_twisted
from twisted.internet.defer import DeferredList

from simulators.fault_timing import always
from simulators.smsc.smsc import Smsc
from tests.stories.deployment import Deployment, link, personas
from tests.stories.gateway_process import GatewayProcess

pytestmark = pytest.mark.slow

Smscs = Callable[..., Smsc]
Start = Callable[..., GatewayProcess]
ME = "13800138001"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.service)])
def hall_place(request: pytest.FixtureRequest, tmp_path: Path) -> Deployment:
    """A furnished house, on a store of each kind."""
    if request.param == "sqlite":
        place: Deployment = request.getfixturevalue("place")
        return place
    house = Deployment(tmp_path, request.getfixturevalue("postgres_url"))
    house.configure([])
    house.move_in(personas().values())
    return house


async def answered(smsc: Smsc, text: str = "YE") -> str:
    smsc.send(ME, text)
    return (await smsc.phone(ME).next()).text


@pytest_twisted.ensureDeferred
async def test_a_second_gateway_is_refused_and_told_why(
    hall_place: Deployment, smscs: Smscs, start: Start
) -> None:
    """Who it is, where, since when, and what to do; the first does not even notice."""
    smsc = smscs()
    hall_place.configure([link(smsc.listen())])
    first = start("run", "--config", hall_place.file)
    await first.serving()
    second = start("run", "--config", hall_place.file)
    assert await second.ended(30) == 1  # most of it the start of a program on a busy machine
    (said,) = second.log.strange
    for word in ("another gateway", f"process {first.pid} on ", "since 20", "--standby"):
        assert word in said
    assert second.log.named("line") == []
    assert "余额" in await answered(smsc)
    assert first.status is None
    assert len(smsc.links) == 1


@pytest_twisted.ensureDeferred
async def test_of_two_that_start_in_the_same_moment_one_serves(
    tmp_path: Path, smscs: Smscs, start: Start
) -> None:
    """On a store, and a key, that neither has found: both are made once."""
    smsc = smscs()
    house = Deployment(tmp_path, f"sqlite:///{tmp_path / 'hall.db'}")
    house.configure([link(smsc.listen())])
    both = [start("run", "--config", house.file) for _ in range(2)]
    ended = DeferredList([each.ended() for each in both], fireOnOneCallback=True)
    status, loser = await ended
    assert status == 1
    assert "another gateway" in both[loser].log.strange[-1]
    assert not any("Traceback" in line for line in both[loser].log.strange)
    winner = both[1 - loser]
    await winner.serving()
    assert await winner.stop() == 0


@pytest_twisted.ensureDeferred
async def test_after_a_kill_the_next_serves_at_once(
    hall_place: Deployment, smscs: Smscs, start: Start
) -> None:
    """It is sure that the first is gone."""
    smsc = smscs()
    hall_place.configure([link(smsc.listen())])
    first = start("run", "--config", hall_place.file)
    await first.serving()
    await first.kill()
    second = start("run", "--config", hall_place.file)
    await second.serving()
    assert second.log.named("waiting for another gateway") == []
    assert "余额" in await answered(smsc)


@pytest_twisted.ensureDeferred
async def test_a_standby_takes_over_or_goes_when_it_is_asked(
    place: Deployment, smscs: Smscs, start: Start
) -> None:
    """It waits for as long as it takes."""
    smsc = smscs()
    place.configure([link(smsc.listen())])
    first = start("run", "--config", place.file)
    await first.serving()
    standbys = [start("run", "--standby", "--config", place.file) for _ in range(2)]
    for each in standbys:
        await each.log.told("waiting for another gateway")
    assert await standbys[0].stop() == 0
    assert await first.stop() == 0
    await standbys[1].serving()
    assert "余额" in await answered(smsc)


@pytest_twisted.ensureDeferred
async def test_a_gateway_that_was_stopped_neither_sends_nor_keeps_what_another_took(
    hall_place: Deployment, smscs: Smscs, start: Start
) -> None:
    """It comes back after its lease was taken, says so, and goes; what it had in flight may be told
    twice, nothing else."""
    smsc = smscs(window=50)
    hall_place.configure([link(smsc.listen(), window=1)])
    first = start("run", "--config", hall_place.file)
    await first.serving()
    smsc.faults.silent = always("submit_sm")
    numbers = [str(13_600_000_000 + n) for n in range(20)]
    sent = [smsc.send(number, "CXGSD#13800138001") for number in numbers]
    for each in sent:
        assert await each.settled() == 0
    first.signal(signal.SIGSTOP)
    smsc.faults.clear()
    second = start("run", "--config", hall_place.file)
    await second.log.told("waiting for another gateway")
    await second.serving()
    for number in numbers:
        await smsc.phone(number).next()
    first.signal(signal.SIGCONT)
    assert await first.ended() == 1
    assert first.log.named("lease lost") != []
    assert any("another gateway" in line for line in first.log.strange)
    assert "余额" in await answered(smsc)
    shown = [len(smsc.phone(number).received) for number in numbers]
    assert sum(shown) <= len(numbers) + 1
    assert await second.stop() == 0
