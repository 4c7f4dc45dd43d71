"""Several gateways serve one store at once: each answer once, in order, whoever got the
question."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import pytest
import pytest_twisted

from simulators.fault_timing import always, sometimes
from simulators.smsc.smsc import Smsc
from tests.stories.cluster.gateways import Gateways
from tests.stories.deployment import Deployment
from tests.stories.gateway_process import GatewayProcess

pytestmark = pytest.mark.slow


@pytest_twisted.ensureDeferred
async def test_two_serve_and_nothing_is_doubled_lost_or_overtaken(
    gateways: Callable[..., Gateways],
) -> None:
    """The binds share one SMSC; a subscriber's questions come by either."""
    hall = gateways(window=20)
    first, second = await hall.serving(2)
    hall.ask_all(40, 5)
    await hall.answered()
    assert hall.twice() == hall.out_of_order() == []
    for each in (first, second):
        assert await each.stop() == 0
        assert each.log.strange == []
    served = [len(each.log.named("served")) for each in (first, second)]
    assert min(served) > 20
    assert sum(served) == 200
    assert hall.waiting() == 0
    assert hall.members() == []


@pytest_twisted.ensureDeferred
async def test_a_throttled_smsc_keeps_the_order_across_gateways(
    gateways: Callable[..., Gateways],
) -> None:
    """Answers wait at one gateway while the subscriber's next questions come by the other."""
    hall = gateways(window=20)
    await hall.serving(2, window=2)
    hall.smsc.faults.throttle = sometimes(0.3, "submit_sm")
    hall.ask_all(15, 6)
    await hall.answered()
    assert hall.twice() == hall.out_of_order() == []


@pytest_twisted.ensureDeferred
async def test_a_killed_gateway_is_taken_over_at_once(gateways: Callable[..., Gateways]) -> None:
    """It ran on this machine, and is dead for sure: what it had not sent, the other sends. What was
    on its way may be said twice."""
    hall = gateways(window=20)
    first, second = await hall.serving(2, window=1)
    hall.smsc.faults.silent = always("submit_sm")
    hall.ask_all(30, 2)
    await hall.acknowledged()
    first.signal(signal.SIGKILL)
    await second.log.told("taken over")
    hall.smsc.faults.clear()
    await hall.answered()
    assert hall.out_of_order() == []
    assert len(hall.twice()) <= 2


@pytest_twisted.ensureDeferred
async def test_what_a_killed_gateway_had_served_comes_again_by_the_other_and_is_known(
    gateways: Callable[..., Gateways],
) -> None:
    """The SMSC had not read that it was taken. Each question is served as new once; who is told the
    same twice is told the same words."""
    hall = gateways(window=20)
    first, second = await hall.serving(2)
    hall.smsc.links[0].dataReceived = lambda data: None  # type: ignore[method-assign]
    hall.ask_all(40)
    await first.log.told("served")
    await first.kill()
    await second.log.told("taken over")
    await hall.acknowledged()
    await hall.answered()
    await second.log.told("served", result="repeated")
    assert hall.served_as_new() == 40
    assert hall.out_of_order() == []


@pytest_twisted.ensureDeferred
async def test_two_that_start_in_the_same_moment_both_serve(
    tmp_path: Path, smscs: Callable[..., Smsc], start: Callable[..., GatewayProcess]
) -> None:
    """On a store, and a key, that neither has found: both are made once."""
    hall = Gateways(Deployment(tmp_path, f"sqlite:///{tmp_path / 'hall.db'}"), smscs(), start)
    both = [hall.begin() for _ in range(2)]
    for each in both:
        await each.serving()
    assert sorted(slot for slot, own, _ in hall.members() if own) == [0, 1]
    for each in both:
        assert await each.stop() == 0
        assert each.log.strange == []
