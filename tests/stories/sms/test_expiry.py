"""What time does: confirms, steps and lists run out, and one is told so."""

from __future__ import annotations

import pytest
import pytest_twisted

from gateway.model.messages import DeleteExpired
from tests.stories.hall import Hall, Phone

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("manners")]

MINUTE, HOUR = 60, 3600


@pytest.mark.parametrize("later", [24 * HOUR, 47 * HOUR])
@pytest_twisted.ensureDeferred
async def test_after_a_day_an_order_is_no_longer_confirmed(hall: Hall, later: int) -> None:
    phone = hall.somebody()
    await phone.asks("KTEDU40")
    hall.clock.ahead += later
    assert "已超过24小时,没有订购。如需办理请重新发送KTEDU40" in await phone.asks("是")
    assert "没有订购套餐外的业务" in await phone.asks("CXYW")


@pytest_twisted.ensureDeferred
async def test_just_before_it_is(hall: Hall) -> None:
    phone = hall.somebody()
    await phone.asks("KTEDU40")
    hall.clock.ahead += 24 * HOUR - MINUTE
    assert "【办理成功】" in await phone.asks("是")


@pytest_twisted.ensureDeferred
async def test_after_ten_minutes_a_simple_confirm_is_too_late(hall: Hall) -> None:
    phone = hall.somebody()
    await phone.asks("2010")
    hall.clock.ahead += 10 * MINUTE
    assert "已超过10分钟" in await phone.asks("Y")


@pytest_twisted.ensureDeferred
async def test_after_two_days_a_yes_answers_nothing(hall: Hall) -> None:
    """Nobody remembers what it was about."""
    phone = hall.somebody()
    await phone.asks("KTEDU40")
    hall.clock.ahead += 49 * HOUR
    said = await phone.asks("是")
    assert "办理成功" not in said
    assert "没有订购套餐外的业务" in await phone.asks("CXYW")


@pytest_twisted.ensureDeferred
async def test_after_ten_minutes_a_password_is_no_longer_waited_for(hall: Hall) -> None:
    """What is typed then is not taken for one, and not counted as wrong."""
    phone = hall.somebody()
    await phone.asks("501")
    hall.clock.ahead += 10 * MINUTE
    said = await phone.asks("000001")
    assert "还可输入" not in said
    assert "000001" not in said


@pytest_twisted.ensureDeferred
async def test_a_list_is_open_for_a_day(hall: Hall) -> None:
    phone = hall.somebody()
    await phone.asks("CD")
    hall.clock.ahead += 24 * HOUR - MINUTE
    assert "套餐余量" in await phone.asks("2")
    hall.clock.ahead += 24 * HOUR + MINUTE
    assert "列表已失效" in await phone.asks("1")


@pytest_twisted.ensureDeferred
async def test_half_a_long_message_is_forgotten_after_ten_minutes(hall: Hall) -> None:
    """The other half alone says nothing, and waits for a first half of its own."""
    phone = hall.somebody()
    text = f"YE#{phone.number}#{phone.password}".encode()
    halves = [bytes([5, 0, 3, 77, 2, n + 1]) + text[n * 12 :][:12] for n in range(2)]
    await _taken(phone, halves[0])
    hall.clock.ahead += 10 * MINUTE + 1
    await hall.gateway.desk.ask(DeleteExpired(int(hall.clock())))
    await _taken(phone, halves[1])
    await phone.hears_nothing()
    await _taken(phone, halves[0])
    assert "【话费余额】" in await phone.reads()


async def _taken(phone: Phone, half: bytes) -> None:
    sent = phone.hall.smsc.send_raw(phone.number, half, esm_class=0x40)
    assert await sent.settled() == 0
