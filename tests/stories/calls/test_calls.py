"""10086 by a simulated exchange: what callers hear, type and get."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator
from random import Random
from typing import cast

import pytest
import pytest_twisted
from twisted.internet.defer import maybeDeferred
from twisted.internet.task import deferLater
from twisted.internet.tcp import Port
from twisted.internet.threads import deferToThread

from gateway.cli.sample_data import load_samples
from gateway.store.opening import upgrade
from simulators.pbx.phone_verbs import call_verbs
from simulators.phone import terminal
from simulators.phone.control_port import PhonePort
from simulators.smsc.phone_verbs import sms_verbs
from simulators.smsc.smsc import Smsc
from tests.stories.calls.simulated_callers import Exchange, listening
from tests.stories.deployment import ACCOUNT, Deployment, link
from tests.stories.hall import Hall, opened

pytestmark = pytest.mark.slow


@pytest_twisted.async_yield_fixture(scope="module")
async def exchange() -> AsyncIterator[Exchange]:
    from twisted.internet import reactor

    async with listening(reactor) as exchange:
        yield exchange


@pytest_twisted.async_yield_fixture(scope="module")
async def hall(house: Deployment, exchange: Exchange) -> AsyncIterator[Hall]:
    """A gateway between an SMSC and an exchange."""
    from twisted.internet import reactor

    smsc = Smsc(reactor, ACCOUNT, chance=Random(1))
    asterisk = {"name": "pbx-a", "port": exchange.pbx.port}
    ivr = {"asterisk": [asterisk], "sounds": str(house.folder / "sounds"), "make_missing": False}
    house.configure([link(smsc.listen(), ussd="off")], ivr=ivr)
    upgrade(house.settings)
    load_samples(house.settings, 0, 0)
    async with opened(house, smsc, ["smsc-a", "pbx-a"]) as hall:
        yield hall
    await smsc.stop()


@pytest_twisted.ensureDeferred
async def test_a_caller_hears_the_menu_and_the_balance(hall: Hall, exchange: Exchange) -> None:
    """Language, bills, balance; the answer comes by SMS as well."""
    terminal = hall.phone("13800138001")
    caller = exchange.calls()
    await caller.heard("普通话请按1。")
    said = await caller.asks("1", "其他业务请按9。")
    assert "全球通客户您好" in said
    assert "话费账单请按1。" in said
    await caller.asks("1", "余额请按1。")
    said = await caller.asks("1", "短信已发送到您的手机。")
    assert "您的余额五十六元八角" in said
    assert "您的余额56.80元" in await terminal.reads()
    caller.hangs_up()
    await hall.log.told("call over")


@pytest_twisted.ensureDeferred
async def test_prompts_without_a_sound_are_told(hall: Hall, exchange: Exchange) -> None:
    """Where nothing makes them when they are wanted, the hall is not ready, and says what to do."""
    while not (reasons := hall.gateway.calls.reasons()):
        await deferLater(exchange.reactor, 0.05)
    assert reasons[0].endswith("hallgate prompts build")


@pytest_twisted.ensureDeferred
async def test_a_package_is_ordered_by_password_and_key(hall: Hall, exchange: Exchange) -> None:
    """The password is asked for once, the price is read, key 1 orders; the words go out by SMS."""
    terminal = hall.phone("13800138001")
    caller = exchange.calls()
    await caller.heard("For English")
    caller.presses("1")
    await caller.heard("其他业务请按9。")
    await caller.asks("4", "流量包请按1。")
    await caller.asks("1", "请按3。")
    said = await caller.asks("2", "按井号键结束。")
    assert "需验证服务密码。" in said
    said = await caller.asks("739204#", "放弃请按星号键。")
    assert "您正在订购三十元流量包每月三十元" in said
    assert "确认请按1。" in said
    said = await caller.asks("1", "短信已发送到您的手机。")
    assert "三十元流量包已开通每月三十元" in said
    assert "30元流量包已开通" in await terminal.reads()
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
    control = PhonePort({**sms_verbs(hall.smsc), **call_verbs(exchange.pbx, exchange.ears)})
    port = cast("Port", reactor.listenTCP(0, control, interface="127.0.0.1"))
    reading, writing = os.pipe()
    with os.fdopen(reading) as keyboard, os.fdopen(writing, "w") as fingers:
        monkeypatch.setattr("sys.stdin", keyboard)
        words = ["--at", f"127.0.0.1:{port.getHost().port}", "call", "10086"]
        status = deferToThread(terminal.main, words)
        await hall.log.told("call")
        print("111", file=fingers, flush=True)
        await hall.log.told("served", action="q.balance", link="pbx-a", since=hall.log.mark())
        shown = ""
        while "♪ " not in (shown := shown + capsys.readouterr().out):
            await deferLater(exchange.reactor, 0.05)
        print("hangup", file=fingers, flush=True)
        assert await status == 0
    await maybeDeferred(port.stopListening)


@pytest_twisted.ensureDeferred
async def test_a_whole_path_typed_at_once_orders_nothing_unheard(
    hall: Hall, exchange: Exchange
) -> None:
    """Menus are taken as they come; a password and a yes behind them are not: nobody has heard the
    question yet, nor the price."""
    terminal = hall.phone("13800138001")
    caller = exchange.calls()
    await caller.heard("For English")
    said = await caller.asks("1412739204#1", "人工服务请按0。")
    assert "请输入六位服务密码" in said
    said = await caller.asks("739204#1", "人工服务请按0。")
    assert "您正在订购三十元流量包" in said
    said = await caller.asks("*", "没有订购")
    assert "已开通" not in said
    assert "没有订购" in await terminal.reads()
    caller.hangs_up()


@pytest_twisted.ensureDeferred
async def test_an_english_caller_hears_english(hall: Hall, exchange: Exchange) -> None:
    """Key 2, and everything after it; the message is in English too."""
    terminal = hall.phone("13800138001")
    caller = exchange.calls()
    await caller.heard("For English")
    said = await caller.asks("2", "press 9.")
    assert "anything else" in said
    assert "For Billspress 1." in said
    await caller.asks("1", "press 9.")
    said = await caller.asks("1", "A short message has been sent to you.")
    assert "fifty-sixpointeightzeroyuan" in said
    assert "56.80" in (await terminal.next()).text
    caller.hangs_up()


@pytest_twisted.ensureDeferred
async def test_three_wrong_passwords_close_it(hall: Hall, exchange: Exchange) -> None:
    """Each time what is left is told; then the lock, and by SMS it is closed as well."""
    terminal = hall.phone("13800138009")
    caller = exchange.calls(caller="13800138009")
    await caller.heard("For English")
    await caller.asks("1", "其他业务请按9。")
    await caller.asks("14", "按井号键结束。")
    said = await caller.asks("111112#", "按井号键结束。")
    assert "还可输入两次" in said
    said = await caller.asks("111113#", "按井号键结束。")
    assert "还可输入一次" in said
    await caller.asks("111114#", "不能使用密码办理业务")
    caller.hangs_up()
    assert "已连续输错3次" in await terminal.asks("CXJFJL#13800138009#846137")
    hall.phone("13800138009")


@pytest_twisted.ensureDeferred
async def test_a_code_comes_by_sms_during_the_call(hall: Hall, exchange: Exchange) -> None:
    """Bringing a number back takes the password, the code from its phone, and a yes."""
    terminal = hall.phone("13800138008")
    caller = exchange.calls(caller="13800138008")
    await caller.heard("For English")
    await caller.asks("1", "其他业务请按9。")
    await caller.asks("54", "请输入六位服务密码按井号键结束。")
    await caller.asks("258096#", "请输入六位随机码按井号键结束。")
    code = re.search(r"随机码(\d{6})", await terminal.reads())
    assert code is not None
    said = await caller.asks(f"{code[1]}#", "确认请按1。")
    assert "您将恢复尾号八零，零八，的使用" in said
    await caller.asks("1", "已恢复使用。")
    assert "已恢复使用" in await terminal.reads()
    caller.hangs_up()
    assert code[1] not in hall.log.raw.decode()


@pytest_twisted.ensureDeferred
async def test_a_card_is_recharged_by_keys(hall: Hall, exchange: Exchange) -> None:
    """13800138000 asks for the card at once; what it is worth is added, and told."""
    terminal = hall.phone("13800138010")
    caller = exchange.calls("13800138000", "13800138010")
    await caller.heard("按井号键结束。")
    await caller.asks("860000000000000001#", "确认请按1。")
    await caller.asks("1", "充值五十元")
    assert "充值50.00元" in await terminal.reads()
    caller.hangs_up()


@pytest_twisted.ensureDeferred
async def test_another_number_is_told_of_by_its_password(hall: Hall, exchange: Exchange) -> None:
    """A wrong one tells nothing."""
    hall.phone("13800138010")
    caller = exchange.calls(caller="13800138001")
    await caller.heard("For English")
    await caller.asks("1", "其他业务请按9。")
    await caller.asks("17", "查询其他号码请输入十一位手机号按井号键结束。")
    await caller.asks("13800138010#", "余额请按1。")
    await caller.asks("1", "服务密码按井号键结束。")
    said = await caller.asks("917351#", "重听请按9。")
    assert "服务密码不正确" in said
    said = await caller.asks("917350#", "重听请按9。")
    assert "您的余额六十六元六角" in said
    caller.hangs_up()
    assert "917350" not in hall.log.raw.decode()


@pytest_twisted.ensureDeferred
async def test_who_withholds_the_number_is_served_too(hall: Hall, exchange: Exchange) -> None:
    """What anybody may ask; of a number nothing, without its password."""
    caller = exchange.calls(caller="")
    await caller.heard("For English")
    await caller.asks("1", "其他业务请按9。")
    await caller.asks("11", "手机号码按井号键结束。")
    said = await caller.asks("13800138001#", "服务密码按井号键结束。")
    assert "余额五" not in said
    caller.hangs_up()
