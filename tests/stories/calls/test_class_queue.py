"""Callers of a customer class wait in the queue that conf/classes.yaml names for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

import pytest
import pytest_twisted

from commands.classes.customer_classes import NO_CLASSES
from gateway.lists.customer_lists import CustomerLists
from gateway.model.operators.audit import Actor
from simulators.smsc.smsc import Smsc
from tests.stories.calls.simulated_callers import Exchange, furnish, hour
from tests.stories.deployment import Deployment, change
from tests.stories.hall import Clock, Hall, opened

pytestmark = pytest.mark.slow


class Caller(NamedTuple):
    grade: str
    first: bool


async def put_through(hall: Hall, exchange: Exchange, number: str) -> Caller:
    caller = exchange.calls(caller=number)
    await caller.heard("For English")
    await caller.asks("0", "请稍候。")
    await caller.heard("再见。")
    known = caller.channel.variables
    return Caller(known["HALL_GRADE"], int(known["QUEUE_PRIO"]) > 0)


@pytest_twisted.ensureDeferred
async def test_a_class_has_a_queue_of_its_own(
    place: Deployment, smscs: Callable[..., Smsc], exchange: Exchange
) -> None:
    """From the moment somebody is put into the list; others wait in everybody's."""
    smsc = smscs()
    change(
        place.own_conf() / "classes.yaml",
        "  gold:\n    name: {zh: 金卡客户, en: gold customers}\n",
        "  gold:\n    name: {zh: 金卡客户, en: gold customers}\n    queue: hall-gold\n",
    )
    furnish(place, smsc, exchange)
    async with opened(place, smsc, ["smsc-a", "pbx-a"], Clock(hour(12))) as hall:
        hall.phone("13800138002")
        hall.phone("13800138009")
        assert await put_through(hall, exchange, "13800138002") == ("star 1", False)
        with hall.gateway.store.transaction() as connection:
            lists = CustomerLists(
                connection, hall.gateway.store.seal, Actor("80001", "test"), int(time.time()),
                lambda: NO_CLASSES,
            )  # fmt: skip
            lists.add("12", ["13800138009"], "x")
        assert await put_through(hall, exchange, "13800138009") == ("gold", True)
        assert exchange.pbx.queue.asked == ["hall", "hall-gold"]
