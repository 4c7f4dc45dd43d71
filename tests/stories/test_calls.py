"""10086 by a simulated exchange: what callers hear, type and get."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from random import Random
from typing import cast

import pytest
import pytest_twisted
from twisted.internet.defer import maybeDeferred
from twisted.internet.tcp import Port
from twisted.internet.threads import deferToThread

from simulators import phone
from simulators.control import ControlPort, verbs
from simulators.pbx_control import call_verbs
from simulators.smsc import Smsc
from tests.stories.hall import Hall, opened
from tests.stories.house import ACCOUNT, House, link, personas
from tests.stories.telephone import Exchange

pytestmark = pytest.mark.slow


@pytest_twisted.async_yield_fixture(scope="module")
async def exchange() -> AsyncIterator[Exchange]:
    from twisted.internet import reactor

    exchange = Exchange(reactor)
    exchange.listen()
    yield exchange
    await exchange.stop()


@pytest_twisted.async_yield_fixture(scope="module")
async def hall(house: House, exchange: Exchange) -> AsyncIterator[Hall]:
    """A gateway between an SMSC and an exchange."""
    from twisted.internet import reactor

    smsc = Smsc(reactor, ACCOUNT, chance=Random(1))
    asterisk = {"name": "pbx-a", "port": exchange.pbx.port}
    ivr = {"asterisk": [asterisk], "sounds": str(house.folder / "sounds"), "make_missing": False}
    house.configure([link(smsc.listen(), ussd="off")], ivr=ivr)
    house.move_in(personas().values())
    async with opened(house, smsc, ["smsc-a", "pbx-a"]) as hall:
        yield hall
    await smsc.stop()


@pytest_twisted.ensureDeferred
async def test_a_caller_hears_the_menu_and_the_balance(hall: Hall, exchange: Exchange) -> None:
    """Language, bills, balance; the answer comes by SMS as well."""
    phone = hall.phone("13800138001")
    caller = exchange.calls()
    await caller.heard("普通话请按1。")
    said = await caller.asks("1", "重听请按9。")
    assert "全球通客户您好" in said
    assert "话费账单请按1。" in said
    await caller.asks("1", "余额请按1。")
    said = await caller.asks("1", "短信已发送到您的手机。")
    assert "您的余额五十六元八角" in said
    assert "您的余额56.80元" in await phone.reads()
    caller.hangs_up()
    await hall.log.told("call over")


@pytest_twisted.ensureDeferred
async def test_a_package_is_ordered_by_password_and_key(hall: Hall, exchange: Exchange) -> None:
    """The password is asked for once, the price is read, key 1 orders; the words go out by SMS."""
    phone = hall.phone("13800138001")
    caller = exchange.calls()
    await caller.heard("For English")
    caller.presses("1")
    await caller.heard("重听请按9。")
    await caller.asks("4", "流量包请按1。")
    await caller.asks("1", "请按3。")
    said = await caller.asks("2", "按井号键结束。")
    assert "需验证服务密码。" in said
    said = await caller.asks("739204#", "放弃请按星号键。")
    assert "您正在订购三十元流量包三十元每月" in said
    assert "确认请按1。" in said
    said = await caller.asks("1", "短信已发送到您的手机。")
    assert "三十元流量包已开通三十元每月。" in said
    assert "30元流量包已开通" in await phone.reads()
    caller.hangs_up()
    await hall.log.told("call over", call=caller.channel.uniqueid)
    assert "739204" not in hall.log.raw.decode()


@pytest_twisted.ensureDeferred
async def test_the_phone_in_the_terminal_calls(
    hall: Hall, exchange: Exchange, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """What is said appears, what is typed is pressed; `hangup` ends it."""
    from twisted.internet import reactor

    hall.phone("13800138001")
    control = ControlPort({**verbs(hall.smsc), **call_verbs(exchange.pbx, exchange.ears)})
    port = cast("Port", reactor.listenTCP(0, control, interface="127.0.0.1"))
    reading, writing = os.pipe()
    with os.fdopen(reading) as keyboard, os.fdopen(writing, "w") as fingers:
        monkeypatch.setattr("sys.stdin", keyboard)
        words = ["--at", f"127.0.0.1:{port.getHost().port}", "call", "10086"]
        status = deferToThread(phone.main, words)
        await hall.log.told("call")
        print("111", file=fingers, flush=True)
        await hall.log.told("served", action="q.balance", link="pbx-a", since=hall.log.mark())
        print("hangup", file=fingers, flush=True)
        assert await status == 0
    await maybeDeferred(port.stopListening)
    assert "♪ " in capsys.readouterr().out
