"""Callers who want a person: put through with what is known of them, or offered a call back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import pytest_twisted
from sqlalchemy import select

from gateway.store.tables import tickets
from simulators.smsc import Smsc
from tests.stories.hall import Clock, Hall, opened
from tests.stories.house import House
from tests.stories.telephone import Exchange, furnish, hour

pytestmark = pytest.mark.slow


@pytest.fixture
def hall(noon: Hall) -> Hall:
    """A gateway while people work."""
    return noon


def callbacks(hall: Hall, number: str) -> int:
    query = select(tickets.c.id).where(tickets.c.phone == int(number), tickets.c.kind == "callback")
    return len(hall.rows(query))


@pytest_twisted.ensureDeferred
async def test_a_person_learns_who_calls_and_why(hall: Hall, exchange: Exchange) -> None:
    """Number, proof, language, brand, what was done last; stars come first. Afterwards: how was
    it?"""
    phone = hall.phone("13800138006")
    caller = exchange.calls(caller="13800138006")
    await caller.heard("For English")
    await caller.asks("1", "重听请按9。")
    await caller.asks("1", "余额请按1。")
    await caller.asks("1", "短信已发送到您的手机。")
    await phone.reads()
    await caller.asks("*4", "按井号键结束。")
    await caller.asks("471925#", "短信已发送到您的手机。")
    await phone.reads()
    await caller.asks("0", "请稍候。")
    await caller.heard("再见。")
    known = caller.channel.variables
    assert known["HALL_CALLER"] == known["HALL_TARGET"] == "13800138006"
    assert known["HALL_LEVEL"] == "A2"
    assert known["HALL_LANGUAGE"] == "zh"
    assert known["HALL_BRAND"] == "QQT"
    assert known["HALL_GRADE"] == "vip"
    assert known["HALL_ACTIONS"].split() == ["q.balance", "q.payments", "q.payments"]
    assert known["HALL_REASON"] == "shown"
    assert int(known["QUEUE_PRIO"]) > 0
    assert known["USEREVENT"].startswith("HallCall|HALL_CALLER: 13800138006|")
    await hall.log.told("call over", call=caller.channel.uniqueid)
    hall.clock.ahead += 3 * 3600
    hall.gateway.outbox.look()
    assert "请为本次服务评分" in (await phone.next()).text


@pytest_twisted.ensureDeferred
async def test_who_waits_in_vain_is_offered_a_call_back(hall: Hall, exchange: Exchange) -> None:
    """Nobody answers: to go on waiting, or to be called."""
    hall.phone("13800138001")
    exchange.pbx.missing.add("queue/hall")
    caller = exchange.calls()
    await caller.heard("For English")
    await caller.asks("1", "重听请按9。")
    await caller.asks("0", "预约回拨请按2。")
    await caller.asks("2", "确认请按1。")
    await caller.asks("1", "短信已发送到您的手机。")
    assert callbacks(hall, "13800138001") == 1
    caller.hangs_up()


@pytest_twisted.ensureDeferred
async def test_nobody_is_there_at_night(hall: Hall, exchange: Exchange) -> None:
    """The hours are told, and a call back is offered instead."""
    hall.phone("13800138001")
    hall.clock.ahead = hour(23)
    caller = exchange.calls()
    await caller.heard("For English")
    await caller.asks("1", "重听请按9。")
    await caller.asks("0", "预约回拨请按1。")
    await caller.asks("1", "确认请按1。")
    await caller.asks("1", "短信已发送到您的手机。")
    assert callbacks(hall, "13800138001") == 1
    assert "QUEUE_PRIO" not in caller.channel.variables
    caller.hangs_up()


@pytest.mark.parametrize(("day", "there"), [("2026-10-08", True), ("2026-10-01", False)])
@pytest_twisted.ensureDeferred
async def test_holidays_have_hours_of_their_own(
    place: House, smscs: Callable[..., Smsc], exchange: Exchange, day: str, there: bool
) -> None:
    """In the evening of National Day nobody is there; of the day after the week, somebody is."""
    smsc = smscs()
    furnish(place, smsc, exchange)
    async with opened(place, smsc, ["smsc-a", "pbx-a"], Clock(hour(20, day))):
        caller = exchange.calls()
        await caller.heard("For English")
        await caller.asks("1", "重听请按9。")
        await caller.asks("0", "正在为您转接人工服务" if there else "节假日为")
        caller.hangs_up()


@pytest_twisted.ensureDeferred
async def test_silence_is_no_mistake_but_ends_with_a_person(hall: Hall, exchange: Exchange) -> None:
    """Said three times, without a reproach; then somebody helps."""
    hall.phone("13800138001")
    caller = exchange.calls()
    said = await caller.heard("正在为您转接人工服务")
    assert said.count("普通话请按1或井号键。") == 3
    assert "输入有误" not in said
    caller.hangs_up()
