"""Tickets that the operator's own system sees to: it gets each once, its answers come back once,
and the subscriber hears each once; whatever is lost, wherever the gateway dies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_twisted
from sqlalchemy import select

from commands.model.daily_hours import daily_hours, minute_of_day
from gateway.store.tables import ticket_steps, tickets
from simulators.boss.http_server import BossServer
from simulators.fault_timing import always, times
from simulators.smsc.smsc import Smsc
from tariffs.catalogue import SHANGHAI
from tests.stories.deployment import Deployment
from tests.stories.failures.test_boss import behind
from tests.stories.gateway_process import GatewayProcess
from tests.stories.hall import Hall, opened

pytestmark = pytest.mark.slow

Smscs = Callable[..., Smsc]
Start = Callable[..., GatewayProcess]
ME = "13800138001"


def tomorrow() -> str:
    return f"{datetime.now(SHANGHAI) + timedelta(1):%m%d}"


def number_of(hall: Hall) -> str:
    return str(hall.rows(select(tickets.c.number))[0][0])


def steps(hall: Hall) -> list[str]:
    return [step for (step,) in hall.rows(select(ticket_steps.c.step).order_by(ticket_steps.c.id))]


def by_day(hall: Hall) -> None:
    """Nobody is told at night: it is noon, or later on the same day."""
    polite, zone = daily_hours("8:00-21:00"), SHANGHAI
    while not polite.at(minute_of_day(int(hall.clock()), zone)):
        hall.clock.ahead += 3600


@pytest.mark.parametrize("fault", ["lose", "fail", "twice", "nonsense"])
@pytest_twisted.ensureDeferred
async def test_a_repair_is_given_once_and_its_answers_are_told_once(
    place: Deployment, smscs: Smscs, boss: BossServer, fault: str
) -> None:
    smsc = smscs()
    behind(place, smsc, boss)
    setattr(boss.faults, fault, times(2, "tickets"))
    async with opened(place, smsc) as hall:
        by_day(hall)
        phone = hall.phone(ME)
        assert "已登记您的维修预约" in await phone.asks(f"YYWX#{tomorrow()}#宽带不通")
        number = number_of(hall)
        await hall.log.told("ticket handed over", number=number)
        at = int(datetime.now(UTC).timestamp()) + 24 * 3600
        appointed = {"state": "appointed", "result": "朝阳路1号", "at": at, "until": at + 7200}
        boss.book.tickets.answer(number, appointed)
        assert f"预约维修{number}已预约" in await phone.reads()
        boss.book.tickets.answer("4711", {"state": "done", "result": "x"})
        boss.book.tickets.answer(number, {"state": "eaten"})
        late = {"at": at * 1000, "until": at * 1000 + 1}  # milliseconds: no day that can be told
        boss.book.tickets.answer(number, {"state": "appointed", **late})
        boss.book.tickets.answer(number, {"state": "done", "result": "已更换光猫"})
        assert f"您的预约维修{number}已处理:已更换光猫" in await phone.reads()
        boss.book.tickets.answer(number, {"state": "done", "result": "又一次"})
        await phone.hears_nothing()
        assert steps(hall) == ["open", "boss taken", "boss appointed", "done", "asked"]
        fits = [each["fits"] for each in hall.log.named("ticket answer")]
        assert fits == [True, False, False, False, True]
        assert "GD000001" in [name for (name,) in hall.rows(select(tickets.c.boss_reference))]
    assert list(boss.book.tickets.by_number) == [number]
    assert len(boss.book.tickets.keys) == 1
    assert hall.log.strange == []


@pytest_twisted.ensureDeferred
async def test_what_it_will_not_take_stays_with_the_people_of_the_hall(
    place: Deployment, smscs: Smscs, boss: BossServer
) -> None:
    """Its reason is in the history, and it is not asked again."""
    smsc = smscs()
    behind(place, smsc, boss)
    boss.book.tickets.refuses["repair"] = "no such area"
    async with opened(place, smsc) as hall:
        await hall.phone(ME).asks(f"YYWX#{tomorrow()}#宽带不通")
        assert (await hall.log.told("ticket refused"))["reason"] == "no such area"
        await hall.calm()
        row: Any = hall.rows(select(tickets.c.state, tickets.c.boss_state))[0]
        assert tuple(row) == ("open", "refused")
    assert boss.book.tickets.by_number == {}


@pytest.mark.parametrize("moment", ["asked", "lost"])
@pytest_twisted.ensureDeferred
async def test_a_gateway_that_is_killed_gives_it_once(
    place: Deployment, smscs: Smscs, start: Start, boss: BossServer, moment: str
) -> None:
    """While the BOSS is asked, and after it took it and nobody heard."""
    smsc = smscs()
    behind(place, smsc, boss, timeout=5.0)
    if moment == "lost":
        boss.faults.lose = always("tickets")
    else:
        boss.faults.slow, boss.faults.slowness = always("tickets"), 60.0
    process = start("run", "--config", place.file)
    await process.serving()
    smsc.send(ME, f"YYWX#{tomorrow()}#宽带不通")
    assert "已登记您的维修预约" in (await smsc.phone(ME).next()).text
    if moment == "lost":
        await process.log.told("ticket put off")
    else:
        await boss.asked("/tickets")
    await process.kill()
    boss.faults.clear()
    again = start("run", "--config", place.file)
    await again.serving()
    await again.log.told("ticket handed over")
    assert await again.stop() == 0
    assert again.log.strange == []
    assert len(boss.book.tickets.keys) == len(boss.book.tickets.by_number) == 1
