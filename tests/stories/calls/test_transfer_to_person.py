"""Callers who want a person: put through with what is known of them, or offered a call back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import pytest_twisted
from sqlalchemy import select
from twisted.internet.task import deferLater

from gateway.store.tables import calls, preferences, tickets
from simulators.smsc.smsc import Smsc
from tests.stories.calls.simulated_callers import Caller, Exchange, furnish, hour
from tests.stories.deployment import Deployment, with_office_hours
from tests.stories.gateway_process import GatewayProcess
from tests.stories.hall import Clock, Hall, opened

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
    """Number, proof, language, brand, what was done last; stars come first. Afterwards the caller
    says by a key how it was."""
    phone = hall.phone("13800138006")
    caller = exchange.calls(caller="13800138006")
    await caller.heard("For English")
    await caller.asks("1", "其他业务请按9。")
    await caller.asks("1", "余额请按1。")
    await caller.asks("1", "短信已发送到您的手机。")
    await phone.reads()
    await caller.asks("*4", "按井号键结束。")
    await caller.asks("471925#", "短信已发送到您的手机。")
    await phone.reads()
    await caller.asks("0", "请稍候。")
    await caller.heard("不满意请按3。")
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
    assert "感谢您的评价" in await caller.asks("1", "再见。")
    await hall.log.told("call over", call=caller.channel.uniqueid)
    mine = (preferences.c.msisdn == 13800138006) & (preferences.c.name == "rating.score")
    assert hall.rows(select(preferences.c.value).where(mine)) == [("10",)]
    await hall.log.told("served", result="gone")
    assert kept_calls(hall) == [(13800138006, 4, "answered")]


def kept_calls(hall: Hall) -> list[tuple[int, int, str]]:
    """Calls that are over, as figures count them: whose, how many answers, who took them."""
    query = select(calls.c.phone, calls.c.answers, calls.c.queue).order_by(calls.c.id)
    return [(phone, answers, queue) for phone, answers, queue in hall.rows(query)]


@pytest_twisted.ensureDeferred
async def test_where_nobody_is_there_a_call_back_is_offered(hall: Hall, exchange: Exchange) -> None:
    """At once, instead of music."""
    hall.phone("13800138001")
    exchange.pbx.queue.people = 0
    caller = exchange.calls()
    await caller.heard("For English")
    await caller.asks("1", "其他业务请按9。")
    said = await caller.asks("0", "预约回拨请按1。")
    assert "没有服务人员在线" in said
    await caller.asks("1", "确认请按1。")
    await caller.asks("1", "短信已发送到您的手机。")
    assert callbacks(hall, "13800138001") == 1
    assert people(hall, "nobody_there") == 1
    caller.hangs_up()


def people(hall: Hall, what: str) -> int:
    return hall.gateway.counts.people["pbx-a", what]


async def waits(exchange: Exchange, number: str) -> Caller:
    """Put through while everybody talks to others."""
    caller = exchange.calls(caller=number)
    await caller.heard("For English")
    await caller.asks("1", "其他业务请按9。")
    await caller.asks("0", "请稍候。")
    return caller


def in_line(exchange: Exchange) -> list[str]:
    return [entry.channel.caller for entry in exchange.pbx.queue.waiting()]


async def entered(exchange: Exchange, callers: int) -> None:
    """Returns once so many are in the queue."""
    while len(exchange.pbx.queue.entries) < callers:
        await deferLater(exchange.reactor, 0.02)


@pytest_twisted.ensureDeferred
async def test_who_waits_is_told_his_place_and_may_be_called_back(
    hall: Hall, exchange: Exchange
) -> None:
    """By one key while music plays; others keep their places."""
    hall.phone("13800138001")
    phone = hall.phone("13800138005")
    exchange.pbx.queue.people, exchange.pbx.queue.talk = 1, 150
    talks = await waits(exchange, "13800138001")
    await entered(exchange, 1)
    first = await waits(exchange, "13800138002")
    await entered(exchange, 2)
    second = await waits(exchange, "13800138005")
    await entered(exchange, 3)
    await first.heard("您是下一位约三分钟")
    await second.heard("前面还有一位约五分钟")
    await entered(exchange, 3)
    assert in_line(exchange) == [
        "13800138002",
        "13800138005",
    ]
    await second.asks("1", "确认请按1。")
    await second.asks("1", "短信已发送到您的手机。")
    assert "人工回拨" in await phone.reads()
    assert callbacks(hall, "13800138005") == 1
    assert in_line(exchange) == ["13800138002"]
    assert (people(hall, "wanted"), people(hall, "left_by_key")) == (3, 1)
    assert people(hall, "answered_in_15_seconds") == 1
    for caller in (talks, first, second):
        caller.hangs_up()
    await hall.log.told("call over", call=first.channel.uniqueid)
    assert people(hall, "hung_up") == 1


@pytest_twisted.ensureDeferred
async def test_stars_are_served_before_others(hall: Hall, exchange: Exchange) -> None:
    """Though they came later."""
    exchange.pbx.queue.people, exchange.pbx.queue.talk = 1, 150
    callers = []
    for count, number in enumerate(["13800138001", "13800138005", "13800138006"], 1):
        hall.phone(number)
        callers.append(await waits(exchange, number))
        await entered(exchange, count)
    assert in_line(exchange) == ["13800138006", "13800138005"]
    for caller in callers:
        caller.hangs_up()


@pytest_twisted.ensureDeferred
async def test_a_talk_goes_on_while_the_gateway_starts_anew(
    place: Deployment,
    smscs: Callable[..., Smsc],
    exchange: Exchange,
    start: Callable[..., GatewayProcess],
) -> None:
    """Nothing is said into it; afterwards the caller is thanked, as if nothing had happened."""
    smsc = smscs()
    furnish(place, smsc, exchange)
    exchange.pbx.queue.talk = 6
    first = start("run", "--config", place.file)
    await first.log.told("line", line="pbx-a", state="serving")
    caller = exchange.calls()
    await caller.heard("For English")
    await caller.asks("1", "其他业务请按9。")
    caller.presses("0")
    await caller.heard("请")
    await entered(exchange, 1)
    caller.listens()
    await first.kill()
    second = start("run", "--config", place.file)
    await second.log.told("call resumed", talking=True)
    await second.log.told("back from the queue", status="CONTINUE")
    assert (await caller.heard("再见。")).startswith("请对本次服务评分。")
    await second.log.told("call over")
    assert await second.stop() == 0


@pytest_twisted.ensureDeferred
async def test_people_are_there_at_night(hall: Hall, exchange: Exchange) -> None:
    """As the menus are shipped: day and night."""
    hall.clock.ahead = hour(3)
    caller = exchange.calls()
    await caller.heard("For English")
    await caller.asks("1", "其他业务请按9。")
    await caller.asks("0", "正在为您转接人工服务")
    caller.hangs_up()


@pytest_twisted.ensureDeferred
async def test_where_nobody_is_there_at_night_a_call_back_is_offered(
    place: Deployment, smscs: Callable[..., Smsc], exchange: Exchange
) -> None:
    """Office hours are a setting."""
    smsc = smscs()
    with_office_hours(place)
    furnish(place, smsc, exchange)
    async with opened(place, smsc, ["smsc-a", "pbx-a"], Clock(hour(23))) as hall:
        hall.phone("13800138001")
        caller = exchange.calls()
        await caller.heard("For English")
        await caller.asks("1", "其他业务请按9。")
        await caller.asks("0", "现在没有人工服务。预约回拨请按1。")
        await caller.asks("1", "确认请按1。")
        await caller.asks("1", "短信已发送到您的手机。")
        assert callbacks(hall, "13800138001") == 1
        assert "QUEUE_PRIO" not in caller.channel.variables
        caller.hangs_up()


@pytest.mark.parametrize(("day", "there"), [("2026-10-08", True), ("2026-10-01", False)])
@pytest_twisted.ensureDeferred
async def test_holidays_have_hours_of_their_own(
    place: Deployment, smscs: Callable[..., Smsc], exchange: Exchange, day: str, there: bool
) -> None:
    """In the evening of National Day nobody is there; of the day after the week, somebody is."""
    smsc = smscs()
    with_office_hours(place)
    furnish(place, smsc, exchange)
    async with opened(place, smsc, ["smsc-a", "pbx-a"], Clock(hour(20, day))):
        caller = exchange.calls()
        await caller.heard("For English")
        await caller.asks("1", "其他业务请按9。")
        await caller.asks("0", "正在为您转接人工服务" if there else "现在没有人工服务")
        caller.hangs_up()


@pytest_twisted.ensureDeferred
async def test_silence_is_no_mistake_but_ends_with_a_person(hall: Hall, exchange: Exchange) -> None:
    """Of who has pressed a key: said three times, without a reproach; then somebody helps."""
    hall.phone("13800138001")
    caller = exchange.calls()
    await caller.heard("For English")
    said = await caller.asks("1", "正在为您转接人工服务")
    assert said.count("话费账单请按1。") == 3
    assert "输入有误" not in said
    caller.hangs_up()
