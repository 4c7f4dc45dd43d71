"""Every path of 10086: what is heard at each leaf, and what comes by SMS besides."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from random import Random
from typing import NamedTuple

import pytest
import pytest_twisted

from gateway.cli.sample_data import load_samples
from gateway.store.opening import upgrade
from simulators.smsc.smsc import Smsc
from tests.stories.calls.simulated_callers import Exchange, furnish, hour, listening
from tests.stories.deployment import ACCOUNT, Deployment
from tests.stories.hall import Clock, Hall, opened

pytestmark = pytest.mark.slow

PASSWORDS = {
    "13800138001": "739204", "13800138005": "615283", "13800138009": "846137",
    "13800138010": "917350",
}  # fmt: skip
PERSON = "人工服务请按0。"
RESULT = "短信已发送到您的手机。继续查询请按星号键。重听请按9。"
LIST = "重听请按井号键。返回请按星号键。"
PRICE = "确认请按1。放弃请按星号键。重听请按9。"
ASKED = "按井号键结束。返回请按星号键。重听请按9。"
CODE = f"随机码已发送。请输入六位随机码{ASKED}"
MENU = "重听请按9。"


@pytest_twisted.async_yield_fixture(scope="module")
async def exchange() -> AsyncIterator[Exchange]:
    from twisted.internet import reactor

    async with listening(reactor) as exchange:
        yield exchange


@pytest_twisted.async_yield_fixture(scope="module")
async def hall(tmp_path_factory: pytest.TempPathFactory, exchange: Exchange) -> AsyncIterator[Hall]:
    """A gateway at noon, with recharge cards."""
    from twisted.internet import reactor

    folder = tmp_path_factory.mktemp("house")
    place = Deployment(folder, f"sqlite:///{folder / 'hall.db'}")
    smsc = Smsc(reactor, ACCOUNT, chance=Random(1))
    furnish(place, smsc, exchange)
    upgrade(place.settings)
    load_samples(place.settings, 0, 0)
    async with opened(place, smsc, ["smsc-a", "pbx-a"], Clock(hour(12))) as hall:
        yield hall
    await smsc.stop()


class Leaf(NamedTuple):
    """Keys from the main menu on, P for the caller's password; behind ? a question is heard before
    its answer is typed, behind ! a list. What is heard at last, and its end, behind which a person
    is offered, but not for points."""

    keys: str
    words: str
    end: str = RESULT
    caller: str = "13800138001"


LEAVES = [
    # 1 话费账单
    Leaf("11", "您的余额五十六元八角本月已消费七十一元两角"),
    Leaf("12", "本月合计七十一元两角套餐费六十四元"),
    Leaf("13", "尾号八零，零幺，在二零二六年十月合计一百四十三元零六分"),
    Leaf("14", "办理缴费记录需验证服务密码。请输入六位服务密码", ASKED),
    Leaf("14?P#", "最近三笔十月二十日网上一百元"),
    Leaf("151", "您的账期为每月一日至月末"),
    Leaf("152", "您的信用度为一百元"),
    Leaf("16", "本月没有代收费。"),
    Leaf("17", "查询本机请按井号键查询其他号码请输入十一位手机号", ASKED),
    Leaf("17#1", "您的余额五十六元八角"),
    Leaf("1713800138010#2?917350#", "本月合计"),
    # 2 余量流量
    Leaf("21", "通话共六百分钟已用两百三十六分钟剩余三百六十四分钟"),
    Leaf("22", "共四百兆已用一百八十八兆剩余两百一十二兆"),
    Leaf("23", "您没有开通校园WLAN。"),
    Leaf("24", "当前套餐全球通商务一百二十八元套餐每月一百二十八元"),
    Leaf("2513800138010#6?917350#", "已用"),
    # 3 充值缴费
    Leaf("31", "请输入十八位充值卡密码", ASKED),
    Leaf("31860000000000000001#", "您将为本机充值。确认请按1。重新输入请按2。", MENU),
    Leaf("32", "请输入要充值的十一位手机号码", ASKED),
    Leaf("3213800138010#", "为幺，三八，零零，幺三，八零，幺零，充值请输入十八位充值卡密码", ASKED),
    Leaf("3213800138010#860000000000000002#", "您将为尾号八零，幺零，充值", PRICE),
    Leaf("33", "请输入充值卡序列号", ASKED),
    Leaf("332026112200000001#", "该充值卡目前不能使用。"),
    # 4 业务办理
    Leaf("411?P#", "您正在订购十元流量包每月十元含流量一百兆立即生效。", PRICE),
    Leaf("412?P#", "您正在订购三十元流量包", PRICE),
    Leaf("413?P#", "您正在订购五十元流量包", PRICE),
    Leaf("421?P#", "您正在订购校园WLAN四十小时每月十元", PRICE),
    Leaf("422?P#", "您正在订购校园WLAN一百小时每月二十元", PRICE),
    Leaf("423?P#", "您正在订购校园WLAN两百五十小时每月四十元", PRICE),
    Leaf("424", "校内超出每分钟两分校外每分钟五分五百元封顶"),
    Leaf("431?P#", "您正在订购彩铃每月五元立即生效。", PRICE),
    Leaf("432?P#", "您已订购来电显示"),
    Leaf("43313800138010#?P#", "请输入六位随机码", CODE),
    Leaf("441?P#", "您正在订购十元短信包每月十元含短信一百二十条", PRICE),
    Leaf("442?P#", "您正在订购十五元短信包", PRICE),
    Leaf("443?P#", "您正在订购二十元短信包", PRICE),
    Leaf("45", "全球通商务五十八元套餐每月五十八元请按1。", LIST),
    Leaf("45!1?P#", "请输入六位随机码", CODE, "13800138009"),
    Leaf("46", "套餐或活动内包含的业务不另收费来电显示"),
    Leaf("46", "不限量流量包每月六十八元退订请按1。", LIST, "13800138005"),
    Leaf("46!1?P#", "您将退订不限量流量包每月六十八元", PRICE, "13800138005"),
    # 5 密码停机
    Leaf("51?P#", "请输入六位新密码按井号键结束。", MENU),
    Leaf("51?P#?846152#", "请再次输入新密码", ASKED),
    Leaf("52", "请输入机主登记的证件号码最后的X请按星号键", ASKED),
    Leaf("52?110101199003078515#", "请输入六位新密码", MENU),
    Leaf("53", "停机本机请按井号键停机其他号码请输入十一位手机号", ASKED),
    Leaf("53#?P#", "您将停机尾号八零，零幺，停机后不能通话发短信", PRICE),
    Leaf("54?P#", "无需复机。"),
    Leaf("55", "查询本机请按井号键查询其他号码请输入十一位手机号", ASKED),
    Leaf("55#?P#", "[zh/digit/48]"),
    # 6 积分星级
    Leaf("61", "您的积分为三千两百"),
    Leaf("62", "可兑换十元话费八百分请按1。", LIST),
    Leaf("62!1?P#", "请输入六位随机码", CODE, "13800138010"),
    Leaf("63", "您是三星客户"),
    # 7 转网与进度
    Leaf("71", "携号转网请用本机编辑短信C X X Z", MENU),
    Leaf("72", "您没有登记过工单。"),
    Leaf("73", "实名登记请携带本人有效身份证件", MENU),
    Leaf("741", "过户需新旧机主双方本人持有效证件到营业厅办理"),
    Leaf("742", "销号需机主本人持有效证件"),
    Leaf("743", "改号需机主本人持有效证件"),
    Leaf("744", "改名需机主本人持有效证件"),
    # 8 投诉报障
    Leaf("8", "投诉请按1。建议请按2。报障请按3。举报垃圾短信请按4。", MENU),
    Leaf("84", "请编辑短信J B井号垃圾短信号码井号内容发送到幺，零零，八六，", MENU),
]


@pytest.mark.parametrize("leaf", LEAVES, ids=[f"{leaf.keys}-{leaf.caller[-2:]}" for leaf in LEAVES])
@pytest_twisted.ensureDeferred
async def test_every_leaf_says_what_it_is_for(hall: Hall, exchange: Exchange, leaf: Leaf) -> None:
    """All keys typed at once, up to a question. What is told to be on the phone is on the phone."""
    phone = hall.phone(leaf.caller)
    caller = exchange.calls(caller=leaf.caller)
    await caller.heard("For English")
    keys = "1" + leaf.keys.replace("P", PASSWORDS[leaf.caller])
    for typed, mark in re.findall(r"([^?!]+)([?!]?)", keys):
        caller.presses(typed)
        if mark:
            await caller.heard("按井号键结束。" if mark == "?" else "重听请按井号键。")
    said = await caller.heard(leaf.end if leaf.keys.startswith("6") else leaf.end + PERSON)
    assert leaf.words in said
    assert "输入有误" not in said
    if "短信已发送" in said:
        await phone.reads()
    caller.hangs_up()
    await hall.log.told("call over", call=caller.channel.uniqueid)


@pytest.mark.parametrize(
    ("number", "words", "points"),
    [
        ("13800138001", "全球通客户您好。专席服务请按0。话费账单请按1。", "积分"),
        ("13800138002", "动感地带客户您好。话费账单请按1。", "M值"),
        ("13800138003", "神州行客户您好。话费账单请按1。", "福分"),
        ("13800138006", "全球通客户您好。专席服务请按0。话费账单请按1。", "积分"),
    ],
)
@pytest_twisted.ensureDeferred
async def test_every_brand_is_greeted(
    hall: Hall, exchange: Exchange, number: str, words: str, points: str
) -> None:
    """Stars and VIPs hear of their own desk first; points go by the brand's name."""
    hall.phone(number)
    caller = exchange.calls(caller=number)
    await caller.heard("For English")
    assert words in await caller.asks("1", "其他业务请按9。")
    await caller.asks("6", f"{points}请按1。{points}兑换请按2。")
    caller.hangs_up()


@pytest_twisted.ensureDeferred
async def test_who_shows_no_number_says_which_and_proves_it_once(
    hall: Hall, exchange: Exchange
) -> None:
    """From then on the call is about that number, and short messages go there."""
    phone = hall.phone("13800138010")
    caller = exchange.calls(caller="")
    await caller.heard("For English")
    await caller.asks("111", "话费余额请输入十一位手机号码按井号键结束。")
    await caller.asks("13800138010#", "请输入六位服务密码按井号键结束。")
    said = await caller.asks("917350#", PERSON)
    assert "您的余额六十六元六角" in said
    assert "短信已发送" in said
    assert "66.60元" in await phone.reads()
    assert "本月合计" in await caller.asks("*2", PERSON)
    assert "本月合计" in await phone.reads()
    await caller.asks("**411", PRICE)
    await caller.asks("*", PERSON)
    assert "没有订购" in await phone.reads()
    caller.hangs_up()
    await hall.log.told("call over", call=caller.channel.uniqueid)
    assert not re.search(rb"(?<![0-9])917350(?![0-9])", hall.log.raw)  # ids are long


@pytest_twisted.ensureDeferred
async def test_a_key_of_the_list_ends_a_service(hall: Hall, exchange: Exchange) -> None:
    """Behind a password and a yes, as everything that changes something."""
    phone = hall.phone("13800138005")
    caller = exchange.calls(caller="13800138005")
    await caller.heard("For English")
    await caller.asks("146", LIST)
    await caller.asks("1", "按井号键结束。")
    await caller.asks("615283#", PRICE)
    assert "包含的业务" in await phone.reads()  # which is for reading
    assert "已退订不限量流量包" in await caller.asks("1", "短信已发送到您的手机。")
    assert "已退订:不限量流量包" in await phone.reads()
    caller.hangs_up()


@pytest_twisted.ensureDeferred
async def test_the_number_for_recharging_goes_straight_to_the_card(
    hall: Hall, exchange: Exchange
) -> None:
    """And, once it is done, star asks for the next."""
    phone = hall.phone("13800138010")
    caller = exchange.calls("13800138000", "13800138010")
    await caller.heard("请输入十八位充值卡密码按井号键结束。")
    await caller.asks("860000000000000001#", "确认请按1。")
    await caller.asks("1", RESULT + PERSON)
    assert "充值50.00元" in await phone.reads()
    await caller.asks("*", "请输入十八位充值卡密码按井号键结束。")
    caller.hangs_up()


@pytest_twisted.ensureDeferred
async def test_anybody_may_recharge_any_number(hall: Hall, exchange: Exchange) -> None:
    """Also who shows none: it is asked for, and its owner is told."""
    phone = hall.phone("13800138010")
    caller = exchange.calls("13800138000", "")
    await caller.heard("请输入要充值的十一位手机号码")
    await caller.asks("13800138010#860000000000000002#", PRICE)
    said = await caller.asks("1", "继续办理请按星号键。")
    assert "充值一百元" in said
    assert "短信已发送" not in said
    assert "充值100.00元" in await phone.reads()
    caller.hangs_up()


@pytest_twisted.ensureDeferred
async def test_keys_that_mean_the_same_everywhere(hall: Hall, exchange: Exchange) -> None:
    """9 says again, without a second message; * leads back; # is no mistake; a wrong key is told,
    also who wants a person for points."""
    phone = hall.phone("13800138001")
    caller = exchange.calls()
    await caller.heard("For English")
    await caller.asks("111", RESULT + PERSON)
    await phone.reads()
    assert "短信已发送" not in await caller.asks("9", PERSON)
    assert "实时话费请按2。" in await caller.asks("*", PERSON)
    assert "实时话费请按2。" in await caller.asks("#", PERSON)
    assert "业务办理请按4。" in await caller.asks("*", "其他业务请按9。")
    assert "积分星级请按6。" in await caller.asks("9", PERSON)
    assert "输入有误" in await caller.asks("60", "重听请按9。")
    await caller.asks("1", RESULT)
    assert "输入有误" in await caller.asks("0", "重听请按9。")
    caller.hangs_up()
    assert "积分" in await phone.reads()
