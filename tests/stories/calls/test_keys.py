"""Keys on a call: typed ahead, typed into words that must be heard, or not typed at all."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import pytest_twisted

from simulators.smsc.smsc import Smsc
from tests.stories.calls.simulated_callers import Exchange, furnish, hour
from tests.stories.deployment import Deployment, change, with_office_hours
from tests.stories.hall import Clock, Hall, opened

pytestmark = pytest.mark.slow


@pytest.fixture
def hall(noon: Hall) -> Hall:
    """A gateway while people work."""
    return noon


@pytest.mark.parametrize("barge", ["yes", "no-buffer", "no-discard"])
@pytest_twisted.ensureDeferred
async def test_a_menu_says_what_keys_do_to_its_words(
    place: Deployment, smscs: Callable[..., Smsc], exchange: Exchange, barge: str
) -> None:
    """Typed ahead through a menu: its words are left out; or heard, and then the key counts; or
    heard, and the key is forgotten."""
    smsc, menu = smscs(), place.own_conf() / "menus" / "main.yaml"
    change(menu, 'en: "{balance}"}}\n', f'en: "{{balance}}"}}}}\n    barge: {barge}\n')
    furnish(place, smsc, exchange)
    async with opened(place, smsc, ["smsc-a", "pbx-a"]):
        caller = exchange.calls()
        await caller.heard("For English")
        if barge == "no-discard":
            said = await caller.asks("111", "人工服务请按0。")
            assert "本月已消费" not in said
            said += await caller.asks("1", "本月已消费")
        else:
            said = await caller.asks("111", "本月已消费")
        assert ("实时话费请按2。" in said) is (barge != "yes")
        caller.hangs_up()


@pytest_twisted.ensureDeferred
async def test_a_path_is_typed_at_once_and_its_password_when_it_is_asked_for(
    hall: Hall, exchange: Exchange
) -> None:
    """Every key finds its menu, whose words are not said; a password that came before its question
    is nothing, and one that is typed into it ends its words, with the # behind it."""
    phone = hall.phone("13800138001")
    caller = exchange.calls()
    await caller.heard("For English")
    said = await caller.asks("114739204#", "按井号键结束。")
    assert "话费账单" not in said
    assert "密码不正确" not in said
    said = await caller.asks("739204#", "短信已发送到您的手机。")
    assert "请输入" not in said
    assert "缴费" in await phone.reads()
    caller.hangs_up()
    await hall.log.told("call over")
    assert "739204" not in hall.log.raw.decode()


@pytest_twisted.ensureDeferred
async def test_a_card_is_not_spent_by_a_key_that_came_too_early(
    hall: Hall, exchange: Exchange
) -> None:
    """What will be done with it is heard first."""
    hall.phone("13800138010")
    caller = exchange.calls("13800138000", "13800138010")
    await caller.heard("按井号键结束。")
    said = await caller.asks("860000000000000002#1", "人工服务请按0。")
    assert "充值一百元" not in said
    assert "请输入十八位充值卡密码" in await caller.asks("2", "按井号键结束。")
    caller.hangs_up()


@pytest_twisted.ensureDeferred
async def test_who_ends_every_key_with_a_hash_is_understood(hall: Hall, exchange: Exchange) -> None:
    """1# 1# 1# is bills, balance; and nothing is called a mistake."""
    hall.phone("13800138001")
    caller = exchange.calls()
    await caller.heard("For English")
    said = await caller.asks("1#1#1#", "您的余额")
    assert "输入有误" not in said
    caller.hangs_up()


@pytest_twisted.ensureDeferred
async def test_a_silent_call_ends(
    place: Deployment, smscs: Callable[..., Smsc], exchange: Exchange
) -> None:
    """At night, with a second of silence for six: a call back is offered again, then good bye."""
    smsc, book = smscs(), place.own_conf() / "menus" / "book.yaml"
    with_office_hours(place)
    change(book, "silence: 6", "silence: 1")
    change(book, "idle: 80", "idle: 8")
    furnish(place, smsc, exchange)
    async with opened(place, smsc, ["smsc-a", "pbx-a"], Clock(hour(23))) as hall:
        caller = exchange.calls()
        await caller.heard("普通话请按1。")
        said = await caller.asks("0", "感谢使用再见。")
        assert 1 < said.count("预约回拨请按1。") < 9
        assert "输入有误" not in said
        await hall.log.told("call over", how="hung up")


@pytest_twisted.ensureDeferred
async def test_a_call_lasts_a_quarter_of_an_hour(hall: Hall, exchange: Exchange) -> None:
    """Then its time is over, in words; what was about to be ordered is not."""
    phone = hall.phone("13800138001")
    caller = exchange.calls()
    await caller.heard("For English")
    await caller.asks("1411", "按井号键结束。")
    await caller.asks("739204#", "确认请按1。")
    hall.clock.ahead += 450
    await caller.asks("9", "确认请按1。")
    hall.clock.ahead += 440
    said = await caller.asks("1", "请您重新拨打。")
    assert "已开通" not in said
    await hall.log.told("call over", how="hung up")
    assert "流量包" not in await phone.asks("CXYW")


@pytest_twisted.ensureDeferred
async def test_the_language_is_remembered(hall: Hall, exchange: Exchange) -> None:
    """For short messages and for the next call, where # keeps it."""
    phone = hall.phone("13800138001")
    caller = exchange.calls()
    await caller.heard("For English")
    await caller.asks("2", "Dear GoTone customer.")
    caller.hangs_up()
    assert "balance" in (await phone.asks("YE")).lower()
    caller = exchange.calls()
    await caller.heard("press 2.")
    await caller.asks("#", "anything else")
    caller.hangs_up()
    caller = exchange.calls()
    await caller.heard("press 2.")
    await caller.asks("1", "全球通客户您好")
    caller.hangs_up()
    assert "余额" in await phone.asks("YE")


@pytest_twisted.ensureDeferred
async def test_a_password_typed_in_a_burst_is_accepted(hall: Hall, exchange: Exchange) -> None:
    """Where there is no CPU to spare keys arrive all at once, and Asterisk notes them twice."""
    caller = exchange.calls()
    await caller.heard("For English")
    await caller.asks("114", "请输入")
    exchange.pbx.faults.crowded = True
    said = await caller.asks("739204#", "短信已发送到您的手机。")
    assert "密码" not in said
    caller.hangs_up()
