"""Gateways join, leave, freeze and come back while subscribers write."""

from __future__ import annotations

import signal
from collections.abc import Callable

import pytest
import pytest_twisted

from gateway.channels.smpp.links import LONGEST_WAIT
from simulators.fault_timing import always
from tests.stories.cluster.gateways import Gateways
from tests.stories.standing_still import stand_still

pytestmark = pytest.mark.slow


@pytest_twisted.ensureDeferred
async def test_a_frozen_gateway_comes_back_by_itself(gateways: Callable[..., Gateways]) -> None:
    """Stopped until the other has taken over, and continued: it sends and keeps nothing of what it
    had, opens again in the same process, and serves. What was on its way may be said twice."""
    hall = gateways(window=20)
    first, second = await hall.serving(2, window=1)
    hall.smsc.faults.silent = always("submit_sm")
    hall.ask_all(30, 2)
    await hall.acknowledged()
    await stand_still(first)
    await second.log.told("taken over")
    hall.smsc.faults.clear()
    first.signal(signal.SIGCONT)
    await first.log.told("membership lost")
    mark = first.log.mark()
    await first.log.told("open", since=mark)
    await first.serving(since=mark)
    await hall.answered()
    assert hall.out_of_order() == []
    assert len(hall.twice()) <= 2
    hall.ask_all(30)
    await hall.answered()
    for each in (first, second):
        assert await each.stop() == 0
        assert each.log.strange == []
    assert first.log.named("served", since=mark) != []


@pytest_twisted.ensureDeferred
async def test_joining_and_leaving_under_load_doubles_nothing(
    gateways: Callable[..., Gateways],
) -> None:
    """The second comes while the first is busy, and stays when that goes."""
    hall = gateways(window=20)
    (first,) = await hall.serving(1)
    hall.ask_all(30, 3)
    second = hall.begin()
    await second.serving()
    hall.ask_all(30, 3)
    await hall.answered()
    assert hall.twice() == hall.out_of_order() == []
    hall.ask_all(30, 3)
    assert await first.stop() == 0
    hall.ask_all(30, 2)
    await hall.answered()
    assert hall.twice() == hall.out_of_order() == []
    assert await second.stop() == 0
    assert first.log.named("left in the outbox") == second.log.named("left in the outbox") == []
    assert hall.waiting() == 0


@pytest_twisted.ensureDeferred
async def test_what_is_left_to_one_that_cannot_send_yet_keeps_its_order(
    gateways: Callable[..., Gateways],
) -> None:
    """It hears subscribers and may not send: what the other leaves goes before what it writes when
    it is alone."""
    hall = gateways(window=20)
    first = hall.begin(window=1, drain=1)
    await first.serving()
    hall.smsc.faults.refuse_bind = always("bind_transmitter")
    second = hall.begin(bind="transmitter+receiver")
    await second.serving()
    hall.smsc.faults.silent = always("submit_sm")
    hall.ask_all(20, 2)
    await hall.acknowledged()
    await second.log.told("served")
    assert await first.stop() == 0
    hall.ask_all(20, 2)
    await hall.acknowledged()
    hall.smsc.faults.clear()
    await hall.answered()
    assert hall.twice() == hall.out_of_order() == []
    assert await second.stop() == 0
    assert hall.waiting() == 0


@pytest_twisted.ensureDeferred
async def test_who_has_lost_its_only_bind_hands_over(gateways: Callable[..., Gateways]) -> None:
    """It goes on living; what waits there leaves by the other within a quarter of a minute."""
    hall = gateways(window=20)
    first, second = await hall.serving(2, window=1)
    hall.smsc.faults.silent = always("submit_sm")
    hall.ask_all(20)
    await hall.acknowledged()
    hall.smsc.faults.clear()
    hall.smsc.faults.refuse_bind = always()
    hall.smsc.drop(hall.smsc.links[0])
    giving, _ = await hall.one_of((first, second), "handed over")
    await hall.answered()
    assert hall.out_of_order() == []
    assert len(hall.twice()) <= 2
    mark = giving.log.mark()
    hall.smsc.faults.clear()
    giving.log.patience = 2 * LONGEST_WAIT  # it tries seldom what was refused often
    await giving.serving(since=mark)
    hall.ask_all(20)
    await hall.answered()
