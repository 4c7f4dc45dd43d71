"""Who calls again and again and asks for nothing is told so, and costs no more."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import pytest_twisted

from simulators.smsc.smsc import Smsc
from tests.stories.calls.simulated_callers import Exchange, furnish
from tests.stories.deployment import Deployment
from tests.stories.hall import Hall, opened

pytestmark = pytest.mark.slow

REFUSED = "请一小时后再拨。"


async def calls_for_nothing(hall: Hall, exchange: Exchange, number: str) -> None:
    caller = exchange.calls(caller=number)
    await caller.heard("For English")
    caller.hangs_up()
    await hall.log.told("call over", call=caller.channel.uniqueid)


@pytest_twisted.ensureDeferred
async def test_who_calls_again_and_again_for_nothing_is_told_so(
    place: Deployment, smscs: Callable[..., Smsc], exchange: Exchange
) -> None:
    """After so many calls in an hour. Others are served, and so is who shows no number, and whoever
    asked for something in between is counted for less."""
    smsc = smscs()
    furnish(place, smsc, exchange, limits={"idle_calls": 2})
    async with opened(place, smsc, ["smsc-a", "pbx-a"]) as hall:
        busy = exchange.calls(caller="13800138006")
        await busy.heard("For English")
        await busy.asks("1", "其他业务请按9。")
        await busy.asks("11", "短信已发送到您的手机。")
        busy.hangs_up()
        for number in ("13800138001", "13800138001", "13800138006", "", "", ""):
            await calls_for_nothing(hall, exchange, number)
        refused = exchange.calls(caller="13800138001")
        await refused.heard(REFUSED)
        await hall.log.told("call over", call=refused.channel.uniqueid)
        told = hall.log.named("caller refused")
        assert [line["call"] for line in told] == [refused.channel.uniqueid]
        await calls_for_nothing(hall, exchange, "13800138006")
