"""USSD when somebody is late: the gateway, the subscriber, the network, or a killed process."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_twisted

from gateway.store.tables import binds, orders
from simulators.fault_timing import NEVER, always
from simulators.smsc.smsc import Smsc
from simulators.smsc.ussd_centre import PhoneDialogue
from tests.stories.deployment import Deployment, link, personas
from tests.stories.gateway_process import GatewayProcess
from tests.stories.hall import SIGNATURE, SOON, Hall, opened
from tests.stories.ussd.ussd_phone import UssdPhone

pytestmark = pytest.mark.slow


@pytest_twisted.async_yield_fixture
async def hall(place: Deployment, smscs: Callable[..., Smsc]) -> AsyncIterator[Hall]:
    """A gateway of one's own, whose clock can be set forward."""
    smsc = smscs()
    place.configure([link(smsc.listen())])
    async with opened(place, smsc) as hall:
        yield hall


def dials_and_is_gone(hall: Hall, code: str) -> UssdPhone:
    """The network has given up by the time our screen comes."""
    one = UssdPhone(hall.somebody(balance_fen=5_680))
    one.call = hall.smsc.ussd.dial(one.phone.number, code)
    one.call.fades()
    return one


@pytest_twisted.ensureDeferred
async def test_an_answer_that_nobody_sees_comes_by_sms(hall: Hall) -> None:
    """In the words of a short message, signed, from the service number; the dialogue is free."""
    one = dials_and_is_gone(hall, "*139*1#")
    message = await one.phone.next()
    assert message.text.startswith("【话费余额】")
    assert message.text.endswith(SIGNATURE)
    assert message.sender == "10086"
    assert one.call is not None
    assert one.call.screens == []
    assert (await one.dials()).startswith("移动营业厅")


@pytest_twisted.ensureDeferred
async def test_a_menu_that_nobody_sees_is_not_worth_a_message(hall: Hall) -> None:
    """Nor is a question, and what it asked for is not done."""
    for code in ("*139#", "*139*5*2*1#"):
        one = dials_and_is_gone(hall, code)
        await hall.log.told("unsent")
        await one.phone.hears_nothing()
        assert "56.80" in await one.phone.asks("YE")


@pytest_twisted.ensureDeferred
async def test_a_throttled_screen_is_late_after_ten_seconds(hall: Hall) -> None:
    """Until then it is tried again; then its words go by SMS, as soon as they may."""
    one = UssdPhone(hall.somebody(balance_fen=5_680))
    hall.smsc.faults.throttle = always()
    one.call = hall.smsc.ussd.dial(one.phone.number, "*139*1#")
    await hall.calm()
    hall.clock.ahead += 11
    hall.smsc.faults.throttle = NEVER
    assert (await one.phone.reads()).startswith("【话费余额】")
    assert one.call.screens == []


@pytest_twisted.ensureDeferred
async def test_a_throttled_screen_that_is_in_time_is_shown(hall: Hall) -> None:
    """Throttling is respected, and no reason for a short message."""
    one = UssdPhone(hall.somebody(balance_fen=5_680))
    hall.smsc.faults.throttle = always()
    one.call = hall.smsc.ussd.dial(one.phone.number, "*139*1#")
    await hall.calm()
    hall.smsc.faults.throttle = NEVER
    assert "56.80元" in await one.reads()
    await one.phone.hears_nothing()


@pytest_twisted.ensureDeferred
async def test_the_network_gives_up_before_us(hall: Hall) -> None:
    """It says so: nothing is ordered, and dialling again may go on."""
    hall.smsc.ussd.patience = 0.2
    one = UssdPhone(hall.somebody(balance_fen=5_680))
    await one.walks("5", "2", "1")
    assert one.call is not None
    hall.smsc.faults.throttle = always()
    one.call.answers("9")
    while one.call.open:
        await hall.log.told("served", since=hall.log.mark(), result="gone")
    hall.smsc.faults.throttle, hall.smsc.ussd.patience = NEVER, 0
    assert "1继续" in await one.dials()
    assert "56.80" in await one.phone.asks("YE")


@pytest_twisted.ensureDeferred
async def test_the_subscriber_is_late(hall: Hall) -> None:
    """We end it before the network does, in so many words; the key confirms nothing."""
    one = UssdPhone(hall.somebody(balance_fen=5_680))
    await one.walks("5", "2", "1")
    hall.clock.ahead += 61
    assert "重新开始" in await one.types("1")
    assert not one.open
    assert "1继续" in await one.dials()
    assert "56.80" in await one.phone.asks("YE")


@pytest_twisted.ensureDeferred
async def test_a_store_that_is_locked_keeps_nobody_waiting(hall: Hall) -> None:
    """The order's last key finds the store locked: the dialogue ends before the network ends it,
    with a screen. Once the store is free, the order is placed, once, and that is told."""
    one = UssdPhone(hall.somebody(balance_fen=5_680))
    await one.walks("5", "2", "1")
    assert one.call is not None
    lock = sqlite3.connect(hall.house.folder / "hall.db", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    key = one.call.answers("1")
    assert "以短信为准" in await one.reads()
    assert not one.open
    lock.execute("ROLLBACK")
    lock.close()
    assert await key.settled() == 0
    assert "校园WLAN" in await one.phone.reads()
    assert "46.80" in await one.phone.asks("YE")
    assert done(hall.house) == ["done"]


@pytest_twisted.ensureDeferred
async def test_the_process_is_killed_in_a_dialogue(
    place: Deployment, smscs: Callable[..., Smsc], start: Callable[..., GatewayProcess]
) -> None:
    """The next one goes on where it stood; the order is placed once."""
    smsc = smscs()
    place.configure([link(smsc.listen())])
    process = start("run", "--config", place.file)
    await process.serving()
    call = smsc.ussd.dial("13800138001")
    for key in ("5", "2", "1"):
        await call.next(SOON)
        call.answers(key)
    assert "1确认" in (await call.next(SOON)).text
    # until it is noted that the centre has read this far, a second 1 might be the first again
    while len(process.log.named("sent")) < 4:
        await process.log.told("sent", since=process.log.mark())
    await process.kill()
    call.answers("1")
    process = start("run", "--config", place.file)
    await process.serving()
    await accepted(call)
    assert "校园WLAN" in (await smsc.phone("13800138001").next(SOON)).text
    assert await process.stop() == 0
    assert done(place) == ["done"]


@pytest.mark.parametrize("pipelined", [False, True])
@pytest_twisted.ensureDeferred
async def test_who_leaves_at_once(
    place: Deployment, smscs: Callable[..., Smsc], pipelined: bool
) -> None:  # fmt: skip
    """Whether or not the centre waits for our answer before it says so: nothing hangs, and that it
    does not wait there is no reason to trust it less."""
    smsc = smscs(pipelined=pipelined)
    place.configure([link(smsc.listen())])
    async with opened(place, smsc) as hall:
        one = UssdPhone(hall.somebody(balance_fen=5_680))
        smsc.ussd.dial(one.phone.number, "*139*5*2*1#").leaves()
        await hall.calm()
        assert "1继续" in await one.dials()
        assert "56.80" in await one.phone.asks("YE")
        assert [row.overlaps for row in hall.rows(binds.select())] == [False]


@pytest_twisted.ensureDeferred
async def test_beside_postgresql_and_redis_it_is_the_same(
    tmp_path: Path, postgres_url: str, redis_url: str, smscs: Callable[..., Smsc],
    start: Callable[..., GatewayProcess],
) -> None:  # fmt: skip
    """A dialogue is kept in Redis, its effects in PostgreSQL; neither forgets when the process
    dies."""
    smsc, house = smscs(), Deployment(tmp_path, postgres_url, redis_url)
    house.configure([link(smsc.listen())])
    house.move_in(personas().values())
    process = start("run", "--config", house.file)
    await process.serving()
    call = await asked(smsc)
    while not process.log.named("sent"):
        await process.log.told("sent")
    await process.kill()
    call.answers("1")
    process = start("run", "--config", house.file)
    await process.serving()
    await accepted(call)
    assert await process.stop() == 0
    assert done(house) == ["done"]


@pytest_twisted.ensureDeferred
async def test_the_process_is_killed_before_it_answers(
    place: Deployment, smscs: Callable[..., Smsc], start: Callable[..., GatewayProcess]
) -> None:
    """The confirm was never acknowledged, or its answer never seen: it comes again, and so does the
    screen, and the order is one."""
    smsc = smscs()
    place.configure([link(smsc.listen())])
    process = start("run", "--config", place.file)
    await process.serving()
    call = await asked(smsc)
    for each in smsc.links:
        each.freeze()
    call.answers("1")
    await process.kill()
    smsc.drop()
    process = start("run", "--config", place.file)
    await process.serving()
    await accepted(call)
    assert await process.stop() == 0
    assert done(place) == ["done"]


async def asked(smsc: Smsc) -> PhoneDialogue:
    """A dialogue in which an order waits for its confirm."""
    call = smsc.ussd.dial("13800138001", "*139*5*2*1#")
    assert "1确认" in (await call.next(SOON)).text
    return call


async def accepted(call: PhoneDialogue) -> None:
    """The last screen comes; before it perhaps, once more, the one that had just been shown: of
    that the process died too early to note it, so nobody knows what was agreed to."""
    while "1确认" in (shown := (await call.next(SOON)).text):
        call.answers("1")
    assert shown == "已受理,结果短信通知您。"


def done(house: Deployment) -> list[str]:
    """How each order ended."""
    with house.store() as store, store.transaction() as connection:
        return [row.state for row in connection.execute(orders.select())]
