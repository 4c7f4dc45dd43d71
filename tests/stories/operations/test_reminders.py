"""Reminders on the wire: what changes is told by SMS, the code in it answers, and nobody is told
twice though the program dies."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from random import Random
from typing import Any

import pytest
import pytest_twisted
from sqlalchemy import func, insert, select, update
from twisted.internet.task import deferLater

from commands.reminders.boss_event import BossEvent, EventFacts
from commands.reminders.model import ReminderKind
from gateway.config.sample.people import card, subscriber
from gateway.store.reminders.boss_events import SqlBossEvents
from gateway.store.sample.people import put_cards
from gateway.store.tables import errands, reminder_marks, reminders, subscribers, unasked, usage
from simulators.boss.http_server import BossServer
from simulators.smsc.settings import SmscSettings
from simulators.smsc.smsc import Smsc
from tests.stories.deployment import ACCOUNT, Deployment, change, link, personas
from tests.stories.gateway_process import GatewayProcess
from tests.stories.hall import Hall, opened

pytestmark = pytest.mark.slow
RED, QQT188, ZHANG = "13800138006", "13800138009", "13800138001"
EVERY: dict[str, dict[str, Any]] = {
    "reminders": {"every": 0.2},
    "unasked": {"hours": "00:00-24:00"},
}


def at_any_hour(house: Deployment) -> None:
    rules = house.own_conf() / "reminders.yaml"
    change(rules, "workdays: 9:00-20:00, other_days: 10:00-20:00",
           "workdays: 0:00-24:00, other_days: 0:00-24:00")  # fmt: skip


@pytest_twisted.async_yield_fixture
async def reminding(place: Deployment) -> AsyncIterator[Hall]:
    """A gateway that looks at what has changed five times a second, at any hour."""
    from twisted.internet import reactor

    smsc = Smsc(reactor, ACCOUNT, chance=Random(1), terms=SmscSettings())
    at_any_hour(place)
    place.configure([link(smsc.listen())], **EVERY)
    async with opened(place, smsc) as hall:
        yield hall
    await smsc.stop()


@pytest_twisted.ensureDeferred
async def test_the_amount_of_ktyetx_is_kept_and_cz_answers(reminding: Hall) -> None:
    """Told when the balance falls below it, and not before; the card that follows is taken."""
    put_cards(reminding.gateway.store, [good := card(77)])
    phone = reminding.phone(ZHANG)  # 56.80 yuan
    assert "50元" in await phone.asks("KTYETX#50")
    assert "【办理成功】" in await phone.asks("Y")
    assert "10元流量包" in await phone.asks("KTLL10")
    assert "成功" in await phone.asks("是")
    told = await phone.reads()
    assert "46.80元,已低于您设定的50元" in told
    assert "卡" in await phone.asks("CZ")
    secret = good.secret.reveal()
    assert "充值50.00元" in await phone.asks(secret)
    await phone.hears_nothing()


@pytest_twisted.ensureDeferred
async def test_sftx_tells_what_the_hall_itself_charges_until_it_is_ended(reminding: Hall) -> None:
    phone = reminding.phone(RED)  # 860 yuan
    assert "扣费提醒" in await phone.asks("SFTX")
    await phone.asks("KTLL10")
    assert "成功" in await phone.asks("是")
    told = await phone.reads()
    assert "扣费10.00元(10元流量包),当前余额850.00元" in told
    assert "取消扣费提醒" in await phone.asks("QXSFTX")
    await phone.asks("KTLL30")
    assert "成功" in await phone.asks("是")
    await phone.hears_nothing()


@pytest_twisted.ensureDeferred
async def test_the_pack_that_is_offered_can_be_ordered_by_its_code(reminding: Hall) -> None:
    phone = reminding.phone(ZHANG)  # 400 MB
    with reminding.gateway.store.transaction() as connection:
        mine = (usage.c.msisdn == int(ZHANG)) & (usage.c.item == "data_mb")
        connection.execute(update(usage).where(mine).values(used=0))
        if not connection.execute(select(usage.c.used).where(mine)).first():
            month = reminding.gateway.store.calendar.month(int(reminding.clock()))
            row = {"msisdn": int(ZHANG), "month": month, "item": "data_mb", "used": 0}
            connection.execute(insert(usage), row)
        connection.execute(update(usage).where(mine).values(used=350))
    assert "KTLL30" in await phone.reads()
    assert "30元流量包" in await phone.asks("KTLL30")
    assert "成功" in await phone.asks("是")


@pytest_twisted.ensureDeferred
async def test_who_sends_qxtx_hears_no_more_of_it_until_kttx(reminding: Hall) -> None:
    phone = reminding.phone(QQT188)
    assert "关闭服务提醒" in await phone.asks("QXTX")
    falls(reminding, QQT188, 900)
    await seen(reminding)
    await phone.hears_nothing()
    assert "开通服务提醒" in await phone.asks("KTTX")
    falls(reminding, QQT188, 800)
    assert "8.00元" in await phone.reads()


def falls(hall: Hall, number: str, fen: int) -> None:
    with hall.gateway.store.transaction() as connection:
        mine = update(subscribers).where(subscribers.c.msisdn == int(number))
        connection.execute(mine.values(balance_fen=fen))


async def seen(hall: Hall) -> None:
    """All marks have been looked at."""
    from twisted.internet import reactor

    now = int(hall.clock())
    while hall.rows(select(reminder_marks.c.id).where(reminder_marks.c.due_at <= now)):
        await deferLater(reactor, 0.02)


@pytest_twisted.ensureDeferred
async def test_behind_a_boss_both_are_kept_too(
    place: Deployment, smscs: Callable[..., Smsc], boss: BossServer
) -> None:
    """What the BOSS has charged for an order of the hall is told once, though it tells it by an
    event as well; and the amount of KTYETX is watched in what the hall has of it."""
    smsc = smscs()
    at_any_hour(place)
    address = {"url": f"http://127.0.0.1:{boss.port}", "token": "t0ken"}
    place.configure([link(smsc.listen())], boss=address, **EVERY)
    async with opened(place, smsc) as hall:
        phone = hall.phone(ZHANG)
        assert "扣费提醒" in await phone.asks("SFTX")
        await phone.asks("KTLL10")
        assert "已受理" in await phone.asks("是")
        assert "【办理成功】10元流量包" in await phone.reads()
        assert "扣费10.00元(10元流量包),当前余额46.80元" in await phone.reads()
        (order,) = hall.rows(select(errands.c.id))
        facts = EventFacts(fen=1000, what="LL10", order=str(order[0]))
        told = BossEvent("b-1", ZHANG, ReminderKind.CHARGE, int(hall.clock()), facts)
        with hall.gateway.store.transaction() as connection:
            SqlBossEvents(connection).add([told], int(hall.clock()))
        await phone.asks("KTYETX#50")
        assert "已受理" in await phone.asks("Y")
        answers = [await phone.reads(), await phone.reads()]
        assert any("余额低于50元时将短信提醒您" in said for said in answers)
        assert any("46.80元,已低于您设定的50元" in said for said in answers)
        await phone.hears_nothing()


CROWD, KILLS = 120, 4


@pytest_twisted.ensureDeferred
async def test_nobody_is_forgotten_or_told_twice_though_the_program_is_killed(
    place: Deployment, start: Callable[..., GatewayProcess], smscs: Callable[..., Smsc]
) -> None:
    """Balances fall in the store while it lives and dies. A message that was on its way at the
    moment of a kill may be sent once more; it is the same one."""
    from twisted.internet import reactor

    smsc, chance = smscs(), Random(7)
    at_any_hour(place)
    place.configure([link(smsc.listen())], **EVERY)
    people = [subscriber(3_000 + n) for n in range(CROWD)]
    place.move_in([*personas().values(), *people])
    numbers = [int(one.account.msisdn) for one in people]
    for life in range(KILLS + 1):
        some = numbers[life :: KILLS + 1]
        process = start("run", "--config", place.file)
        await process.serving()
        with place.store() as store:
            for number in some:
                with store.transaction() as connection:
                    mine = update(subscribers).where(subscribers.c.msisdn == number)
                    connection.execute(mine.values(balance_fen=500))
        if life < KILLS:
            await deferLater(reactor, chance.uniform(0.0, 0.6))
            await process.kill()
    with place.store() as store:
        while True:
            with store.reading() as connection:
                waiting = select(func.count()).select_from(unasked).where(unasked.c.state == 0)
                left = connection.execute(waiting).scalar_one()
                count = select(func.count()).select_from(reminders)
                told = connection.execute(count).scalar_one()
            if told == CROWD and not left:
                break
            await deferLater(reactor, 0.05)
        await smsc.quiet()
        with store.reading() as connection:
            queued = connection.execute(select(unasked.c.phone)).scalars().all()
    assert sorted(queued) == sorted(numbers)
    assert await process.stop() == 0
    heard = {int(number): len(phone.received) for number, phone in smsc.phones.items()}
    assert sorted(number for number, count in heard.items() if count) == sorted(numbers)
    # at most what was in the window at a kill
    assert sum(heard.values()) <= CROWD + KILLS * 16
