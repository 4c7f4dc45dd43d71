"""Complaints that are spoken: recorded, heard once more, sent as a ticket."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_twisted
from sqlalchemy import select

from gateway.store.tables import tickets
from tests.stories.calls.simulated_callers import Caller, Exchange
from tests.stories.hall import Hall

pytestmark = pytest.mark.slow

ORDINARY = "13800138001"


@pytest.fixture
def hall(noon: Hall) -> Hall:
    """A gateway while people work."""
    return noon


def spoken(hall: Hall) -> list[Any]:
    """Tickets, as kind and recording."""
    return [tuple(row) for row in hall.rows(select(tickets.c.kind, tickets.c.recording))]


async def asked_to_speak(exchange: Exchange, keys: str) -> Caller:
    caller = exchange.calls(caller=ORDINARY)
    await caller.heard("For English")
    await caller.asks("1", "其他业务请按9。")
    await caller.asks(keys, "人工服务请按0。")
    return caller


@pytest.mark.parametrize(
    ("keys", "kind", "told"),
    [
        ("81", "complaint", "已登记您的投诉"),
        ("82", "suggestion", "已登记您的建议"),
        ("83", "fault", "已登记您的报障"),
    ],
)
@pytest_twisted.ensureDeferred
async def test_what_is_spoken_becomes_a_ticket(
    hall: Hall, exchange: Exchange, keys: str, kind: str, told: str
) -> None:
    """It is heard once more, and sent by a key; its number is told, and comes by SMS too."""
    phone = hall.phone(ORDINARY)
    caller = await asked_to_speak(exchange, keys)
    await caller.says("上个月多收了三十元")
    heard = await caller.asks("#", "提交请按1。")
    assert heard.index("上个月多收了三十元") < heard.index("以上是您的录音。")
    assert told in await caller.asks("1", "短信已发送到您的手机。")
    ((found, name),) = spoken(hall)
    assert found == kind
    number = hall.rows(select(tickets.c.number))[0][0]
    assert f"编号{number}" in await phone.reads()
    path = hall.gateway.settings.ivr.recordings / name
    assert exchange.pbx.recordings == {str(path): "上个月多收了三十元"}
    assert ORDINARY[3:] not in name
    caller.hangs_up()


@pytest_twisted.ensureDeferred
async def test_it_can_be_said_again(hall: Hall, exchange: Exchange) -> None:
    """As often as he likes: what is sent is what he heard last."""
    hall.phone(ORDINARY)
    caller = await asked_to_speak(exchange, "81")
    await caller.says("说错了")
    await caller.asks("#", "重新录音请按2。")
    assert "说错了" in await caller.asks("9", "重新录音请按2。")
    await caller.asks("2", "人工服务请按0。")
    await caller.says("信号不好")
    heard = await caller.asks("#", "提交请按1。")
    assert "信号不好" in heard
    assert "说错了" not in heard
    await caller.asks("1", "短信已发送到您的手机。")
    ((_, name),) = spoken(hall)
    path = str(hall.gateway.settings.ivr.recordings / name)
    assert exchange.pbx.recordings[path] == "信号不好"
    caller.hangs_up()


@pytest_twisted.ensureDeferred
async def test_who_does_not_want_to_speak_goes_back(hall: Hall, exchange: Exchange) -> None:
    """Before the tone or after it; nothing is sent."""
    hall.phone(ORDINARY)
    caller = await asked_to_speak(exchange, "81")
    await caller.asks("*", "建议请按2。")
    await caller.asks("1", "人工服务请按0。")
    await caller.heard("[beep]")
    await caller.asks("*", "建议请按2。")
    await caller.asks("1", "人工服务请按0。")
    await caller.heard("[beep]")
    await caller.asks("0", "正在为您转接人工服务")
    assert spoken(hall) == []
    caller.hangs_up()


@pytest_twisted.ensureDeferred
async def test_nothing_said_is_asked_for_again(hall: Hall, exchange: Exchange) -> None:
    """# at once is no complaint."""
    hall.phone(ORDINARY)
    caller = await asked_to_speak(exchange, "81")
    await caller.heard("[beep]")
    await caller.asks("#", "请在提示音后说出您的投诉")
    assert spoken(hall) == []
    caller.hangs_up()


@pytest_twisted.ensureDeferred
async def test_where_nothing_can_be_recorded_a_person_listens(
    hall: Hall, exchange: Exchange
) -> None:
    """The caller is told nothing of disks; operations people are."""
    exchange.pbx.faults.full = True
    hall.phone(ORDINARY)
    caller = exchange.calls(caller=ORDINARY)
    await caller.heard("For English")
    await caller.asks("1", "其他业务请按9。")
    await caller.asks("81", "正在为您转接人工服务")
    await hall.log.told("recording failed", pbx="pbx-a")
    assert spoken(hall) == []
    caller.hangs_up()


@pytest_twisted.ensureDeferred
async def test_hanging_up_sends_nothing(hall: Hall, exchange: Exchange) -> None:
    """Whoever has not pressed the key has not complained."""
    hall.phone(ORDINARY)
    caller = await asked_to_speak(exchange, "81")
    await caller.says("算了")
    await caller.asks("#", "提交请按1。")
    caller.hangs_up()
    await hall.log.told("call over", call=caller.channel.uniqueid)
    assert spoken(hall) == []
