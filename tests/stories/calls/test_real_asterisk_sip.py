"""10086 called by SIP through a real Asterisk: sound and keys as on a trunk, the hall behind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import AsyncIterator
from random import Random

import pytest
import pytest_twisted
from twisted.internet.defer import Deferred, gatherResults
from twisted.internet.utils import getProcessValue

from tests.ivr.real_asterisk import Asterisk
from tests.ivr.speech.spoken_numbers import chinese_fen
from tests.ivr.telephones.call_audio import talk, write
from tests.ivr.telephones.rtp import FRAME
from tests.ivr.telephones.sip import Keys
from tests.ivr.telephones.sipp_scenario import scenario
from tests.ivr.telephones.sound_recognition import BackgroundNoise, said_in
from tests.packages import SIPP
from tests.server import free_port
from tests.services import program
from tests.stories.calls.sip_callers import SipCallers
from tests.stories.calls.sip_hall import sip_hall
from tests.stories.hall import Hall

pytestmark = [pytest.mark.service, pytest.mark.slow]

BRIEF = 2 * FRAME  # octets of a sound: a menu is soon said


@pytest_twisted.async_yield_fixture(scope="module")
async def hall(tmp_path_factory: pytest.TempPathFactory, asterisk: Asterisk) -> AsyncIterator[Hall]:
    async with sip_hall(tmp_path_factory.mktemp("sip"), asterisk, BackgroundNoise(BRIEF)) as hall:
        yield hall


@pytest.mark.parametrize("keys", Keys)
@pytest_twisted.ensureDeferred
async def test_a_caller_asks_for_the_bill_by_password(
    hall: Hall, callers: SipCallers, keys: Keys
) -> None:
    """Language, bills, payments, password, key by key, whichever way the telephone tells keys; the
    answer is heard, and comes by SMS."""
    phone = hall.phone("13800138001")
    caller = await callers.calls(keys=keys)
    await caller.heard("For English")
    said = await caller.asks("1", "其他业务请按9。")
    assert "全球通客户您好" in said
    await caller.asks("1", "余额请按1。")
    await caller.asks("4", "按井号键结束。")
    said = await caller.asks("739204#", "短信已发送到您的手机。")
    assert "缴费记录" in await phone.reads()
    await caller.hangs_up()
    assert "739204" not in hall.log.raw.decode()


WALKS = {
    "bills": [
        ("11", "您的余额五十六元八角"),
        ("*2", "本月合计七十一元两角"),
        ("*3", "二零二六年"),
        ("*4", "按井号键结束。"),
        ("739204#", "最近三笔"),
        ("*51", "账期"),
        ("*2", "信用"),
        ("**6", "代收"),
        ("*7", "查询本机请按井号键"),
        ("#2", "本月合计七十一元两角"),
    ],
    "allowances": [
        ("21", "通话共六百分钟"),
        ("*2", "剩余两百一十二兆"),
        ("*3", "您没有开通校园WLAN"),
        ("*4", "每月一百二十八元"),
        ("*5", "查询本机请按井号键"),
        ("#7", "每月一百二十八元"),
    ],
    "recharge": [
        ("33", "充值卡序列号"),
        ("12345678901#", "目前不能使用"),
        ("*2", "请输入要充值的十一位手机号码"),
        ("13800138010#", "为幺，三八，零零，幺三，八零，幺零，充值"),
        ("860000000000000003#", "该卡已充值"),
        ("*1", "请输入十八位充值卡密码"),
        ("860000000000000001#", "您将为本机充值"),
        ("1", "充值五十元"),
    ],
    "services": [
        ("411", "需验证服务密码"),
        ("739204#", "您正在订购十元流量包"),
        ("*", "没有订购"),
        ("*2", "您正在订购三十元流量包"),
        ("*", "没有订购"),
        ("**21", "您正在订购校园WLAN四十小时"),
        ("*", "没有订购"),
        ("*4", "校内超出每分钟两分"),
        ("**31", "您正在订购彩铃"),
        ("*", "没有订购"),
        ("*2", "您已订购来电显示"),
        ("*3", "请输入转移到的十一位手机号码"),
        ("**41", "您正在订购十元短信包"),
        ("*", "没有订购"),
        ("**5", "您可以变更为"),
        ("*6", "不另收费"),
    ],
    "passwords": [
        ("51", "验证旧密码"),
        ("*2", "证件号码"),
        ("*3", "停机本机请按井号键"),
        ("#", "需验证服务密码"),
        ("739204#", "停机后不能通话发短信"),
        ("*", "没有停机号码状态不变"),
        ("*4", "无需复机"),
        ("*5", "查询本机请按井号键"),
        ("#", "连续输错"),
    ],
    "points": [("61", "您的积分为三千两百"), ("*2", "可兑换十元话费"), ("*3", "客户有效期至")],
    "porting": [
        ("71", "携号转网请用本机编辑短信"),
        ("*2", "您没有登记过工单"),
        ("*3", "实名登记请携带"),
        ("*41", "过户需新旧机主"),
        ("*2", "销号需机主本人"),
        ("*3", "改号需机主本人"),
        ("*4", "改名需机主本人"),
    ],
    "complaints": [("82", "您的建议"), ("*3", "故障的时间"), ("*4", "举报")],
}


@pytest.mark.parametrize("item", WALKS)
@pytest_twisted.ensureDeferred
async def test_every_item_of_the_main_menu_is_walked(
    hall: Hall, callers: SipCallers, item: str
) -> None:
    """In one call each: down by typing ahead, and back by the star."""
    hall.phone("13800138001")
    caller = await callers.calls()
    caller.presses("1")
    for keys, words in WALKS[item]:
        await caller.asks(keys, words)
    await caller.hangs_up()


@pytest_twisted.ensureDeferred
async def test_a_path_typed_at_once_loses_no_key(hall: Hall, callers: SipCallers) -> None:
    """Language, two menus, a number, a menu: sixteen keys as fast as a telephone makes them, by ten
    callers at the same time, and all ten hear the answer behind them."""
    hall.phone("13800138001")
    ten = [await callers.calls() for _ in range(10)]
    for caller in ten:
        caller.presses("11713800138001#1")
    for caller in ten:
        assert "输入有误" not in await caller.heard("您的余额")
        await caller.hangs_up()


@pytest_twisted.ensureDeferred
async def test_a_key_counts_whenever_it_is_pressed(hall: Hall, callers: SipCallers) -> None:
    """During prompts, between them, while the hall thinks: keys with pauses of every length."""
    hall.phone("13800138001")
    chance = Random(3)

    async def one(longest: float) -> str:
        caller = await callers.calls()
        for key in "11713800138001#1":
            caller.presses(key)
            await callers.pause(chance.random() * longest)
        said = await caller.heard("您的余额")
        await caller.hangs_up()
        return said

    await gatherResults([Deferred.fromCoroutine(one(0.15 * each)) for each in range(1, 11)])


@pytest_twisted.ensureDeferred
async def test_a_key_cuts_the_prompt_short(hall: Hall, callers: SipCallers) -> None:
    """Who knows the menu does not hear it to its end."""
    hall.phone("13800138001")
    caller = await callers.calls()
    await caller.heard("普通话")
    caller.presses("1")
    await caller.heard("客户您好")
    said = await caller.asks("1", "余额请按1。")
    assert "重听请按9。" not in said
    await caller.hangs_up()


@pytest_twisted.ensureDeferred
async def test_hanging_up_in_the_middle_leaves_nothing(hall: Hall, callers: SipCallers) -> None:
    """BYE while something is said, asked, thought of: no call and no dialogue is left behind."""
    hall.phone("13800138001")
    chance = Random(5)

    async def one(keys: str) -> None:
        caller = await callers.calls()
        caller.presses(keys)
        await callers.pause(chance.random() * 0.2 * (1 + len(keys)))
        await caller.hangs_up()

    path = "1412739204#1"
    await gatherResults([Deferred.fromCoroutine(one(path[:n])) for n in range(len(path) + 1)])


@pytest_twisted.ensureDeferred
async def test_an_english_caller_is_known_again(hall: Hall, callers: SipCallers) -> None:
    """Key 2 once; the next time # keeps what was chosen."""
    hall.phone("13800138006")
    caller = await callers.calls(caller="13800138006")
    said = await caller.asks("2", "press 9.")
    assert "anything else" in said
    await caller.hangs_up()
    caller = await callers.calls("1860", "13800138006")
    assert "anything else" in await caller.asks("#", "press 9.")
    await caller.hangs_up()


@pytest_twisted.ensureDeferred
async def test_13800138000_goes_straight_to_recharging(hall: Hall, callers: SipCallers) -> None:
    """Eighteen digits and #, read over a real line, then key 1."""
    hall.phone("13800138010")
    caller = await callers.calls("13800138000", "13800138010")
    await caller.asks("860000000000000002#", "确认请按1。")
    await caller.asks("1", "充值一百元")
    await caller.hangs_up()
    assert "860000000000000002" not in hall.log.raw.decode()


@pytest_twisted.ensureDeferred
async def test_what_was_on_the_line_says_the_balance(hall: Hall, callers: SipCallers) -> None:
    """The recorded sound of a call, octet for octet: its amounts are the account's."""
    hall.phone("13800138001")
    caller = await callers.calls()
    await caller.asks("1", "其他业务请按9。")
    await caller.asks("1", "重听请按9。")
    await caller.asks("1", "七十一元两角")
    await caller.asks("*", "余额请按1。")
    await caller.hangs_up()
    said = said_in(bytes(caller.line.rtp.heard), hall.gateway.settings.ivr.sounds)
    told = re.search("您的余额([^您]+?元[^您]+?[角分])本月已消费(.+?元.+?[角分])", said)
    assert told is not None, said
    assert (chinese_fen(told[1]), chinese_fen(told[2])) == (5_680, 7_120)


@pytest_twisted.ensureDeferred
async def test_callers_of_another_make_lose_no_digit(hall: Hall, asterisk: Asterisk) -> None:
    """Forty of sipp's, five a second, keys as events within speech; what arrived is counted here,
    since sipp is content whatever became of its keys."""
    folder, mark = hall.house.folder, hall.log.mark()
    write(folder / "caller.pcap", talk({0.5: "11", 1.4: "4", 2.0: "739204#"}, 5.0))
    (folder / "caller.xml").write_text(scenario(folder / "caller.pcap", 5.0))
    (folder / "callers.csv").write_text("SEQUENTIAL\n13800138001;\n")
    words = (
        f"127.0.0.1:{asterisk.sip_port} -sf {folder}/caller.xml -inf {folder}/callers.csv"
        f" -s 10086 -i 127.0.0.1 -p {free_port()} -mi 127.0.0.1 -mp 40000 -r 5 -m 40 -nostdin"
    )
    sipp = str(program(SIPP))
    assert await getProcessValue(sipp, words.split(), env=None, path=str(folder)) == 0
    served = hall.log.named("served", since=mark, action="q.payments")
    assert Counter(event["result"] for event in served) == {"asked": 40, "ok": 40}
