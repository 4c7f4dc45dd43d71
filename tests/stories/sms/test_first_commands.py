"""The first commands, asked by subscribers of every kind, in both languages."""

from __future__ import annotations

import re

import pytest
import pytest_twisted
from sqlalchemy import select

from gateway.store.tables import ledger, orders, subscribers, subscriptions
from tests.stories.hall import Hall, Phone

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("manners")]


def balance_fen(hall: Hall, number: str) -> int:
    query = select(subscribers.c.balance_fen).where(subscribers.c.msisdn == int(number))
    return int(hall.rows(query)[0][0])


def running(hall: Hall, number: str) -> set[str]:
    """What services go on."""
    query = select(subscriptions.c.service).where(
        subscriptions.c.msisdn == int(number), subscriptions.c.until_at == 0
    )
    return {service for (service,) in hall.rows(query)}


def booked(hall: Hall, number: str) -> list[tuple[str, int]]:
    query = select(ledger.c.reason, ledger.c.fen).where(ledger.c.msisdn == int(number))
    return [(reason, fen) for reason, fen in hall.rows(query.order_by(ledger.c.id))]


# -- queries -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "balance"),
    [
        ("13800138001", "您的余额56.80元,本月已消费71.20元。"),
        ("13800138002", "您的余额12.50元,本月已消费"),
        ("13800138004", "欠费20.00元,其中往月未缴12.00元。"),
        ("13800138005", "您的余额88.00元,本月已消费"),
        ("13800138006", "余额860.00元,往月未缴0.00元。"),
        ("13800138007", "您的余额20.00元,本月已消费"),
        ("13800138008", "您的余额40.00元,本月已消费"),
        ("13800138009", "您的余额130.00元,本月已消费"),
        ("13800138010", "您的余额66.60元,本月已消费"),
    ],
)
@pytest_twisted.ensureDeferred
async def test_everybody_reads_their_own_balance(hall: Hall, number: str, balance: str) -> None:
    """Prepaid and postpaid, in credit and in arrears; stopped numbers may ask too."""
    said = await hall.phone(number).asks("YE")
    assert re.match(r"【话费余额】截至\d+月\d+日\d+时,", said)
    assert balance in said


@pytest_twisted.ensureDeferred
async def test_who_owes_is_told_how_much(hall: Hall) -> None:
    assert "您已欠费3.20元" in await hall.somebody(balance_fen=-320).asks("YE")


@pytest_twisted.ensureDeferred
async def test_plan_allowance_and_services_are_told(hall: Hall) -> None:
    phone = hall.phone("13800138001")
    plan = await phone.asks("CXTC")
    assert "当前套餐全球通商务128元套餐,128元/月" in plan
    assert "有效期至2027年12月31日" in plan
    allowance = await phone.asks("CXYL")
    assert "共600分钟,已用236分钟,剩余364分钟" in allowance
    assert "来电显示" in await phone.asks("CXYW")


@pytest_twisted.ensureDeferred
async def test_a_long_list_is_read_over_several_messages(hall: Hall) -> None:
    """Twelve services, joined by the handset."""
    phone = hall.phone("13800138009")
    phone.sends("CXYW")
    message = await phone.next()
    assert len(message.parts) > 1
    assert [f"{n}." in message.text for n in range(1, 13)] == [True] * 12


@pytest_twisted.ensureDeferred
async def test_a_number_we_do_not_know_is_told_so(hall: Hall) -> None:
    """Somebody from another network, say."""
    assert "没有找到号码" in await Phone(hall, "13712345678").asks("YE")


@pytest_twisted.ensureDeferred
async def test_who_is_not_real_named_proves_who_they_are(hall: Hall) -> None:
    """The password is asked, and its message should be deleted."""
    phone = hall.phone("13800138003")
    assert "尚未实名登记" in await phone.asks("YE")
    said = await phone.asks("580317")
    assert "您的余额3.00元" in said
    assert "请删除刚才发送的含密码或证件号码的短信" in said


@pytest_twisted.ensureDeferred
async def test_another_number_needs_its_password(hall: Hall) -> None:
    """Without it nothing is told, with it everything, and a weak one is reminded of."""
    phone = hall.phone("13800138001")
    hall.phone("13800138002")
    assert "未提供密码不能查询" in await phone.asks("YE#13800138002")
    said = await phone.asks("YE#13800138002#123456")
    assert "您的余额12.50元" in said
    assert "仍在使用初始密码" in said
    assert "还可输入2次" in await phone.asks("YE#13800138002#654321")


@pytest_twisted.ensureDeferred
async def test_the_menu_leads_to_the_codes(hall: Hall) -> None:
    """Each of its numbers opens a list, 0 leads back, and what it has not is refused."""
    phone = hall.phone("13800138001")
    menu = await phone.asks("CD")
    assert "全球通客户您好,请回复序号:1话费账单" in menu
    for place in range(1, 9):
        assert "1" in (opened := await phone.asks(str(place)))
        assert "输入有误" not in opened
        assert await phone.asks("0") == menu
    assert "输入有误" in await phone.asks("9")
    await phone.asks("1")
    assert (await phone.asks("1")).startswith("【话费余额】")


# -- campus WLAN ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "service", "fee"),
    [("KTEDU40", "EDU40", 10), ("KTEDU100", "EDU100", 20), ("KTEDU250", "EDU250", 40),
     ("KTEDU10", "EDU40", 10), ("KTEDU20", "EDU100", 20)],
)  # fmt: skip
@pytest_twisted.ensureDeferred
async def test_an_order_is_shown_confirmed_and_charged(
    hall: Hall, code: str, service: str, fee: int
) -> None:
    """By hours or by price: 40 are hours."""
    phone = hall.somebody()
    before = balance_fen(hall, phone.number)
    shown = await phone.asks(code)
    assert f"{fee}元/月" in shown
    assert "立即生效" in shown
    assert "请在24小时内回复“是”确认订购" in shown
    assert running(hall, phone.number) == set()
    assert "【办理成功】" in await phone.asks("是")
    assert running(hall, phone.number) == {service}
    assert booked(hall, phone.number) == [(service, -100 * fee)]
    assert balance_fen(hall, phone.number) == before - 100 * fee
    assert f"您的余额{(before - 100 * fee) / 100:.2f}元" in await phone.asks("YE")


@pytest.mark.parametrize("word", ["Y", "y", "1", "N", "否", "0", "好的", "是的是的", "取消"])
@pytest_twisted.ensureDeferred
async def test_any_other_word_orders_nothing(hall: Hall, word: str) -> None:
    phone = hall.somebody()
    await phone.asks("KTEDU40")
    assert "没有订购,不产生费用" in await phone.asks(word)
    assert running(hall, phone.number) == set()
    await phone.asks("是")
    assert running(hall, phone.number) == set()


@pytest.mark.parametrize("word", ["是", "“是”", " 是。", "是!", "「是」"])
@pytest_twisted.ensureDeferred
async def test_the_yes_may_be_written_as_it_was_shown(hall: Hall, word: str) -> None:
    phone = hall.somebody()
    await phone.asks("KTEDU40")
    assert "【办理成功】" in await phone.asks(word)


@pytest.mark.parametrize("word", ["Y", "1", "是"])
@pytest_twisted.ensureDeferred
async def test_at_the_port_for_confirms_y_and_1_also_order(hall: Hall, word: str) -> None:
    phone = hall.somebody()
    await phone.asks("KTEDU40")
    assert "【办理成功】" in await phone.asks(word, to="1008601")
    assert running(hall, phone.number) == {"EDU40"}


@pytest_twisted.ensureDeferred
async def test_a_second_package_takes_the_place_of_the_first(hall: Hall) -> None:
    """Said before it is done; and the same one twice is refused."""
    phone = hall.somebody()
    await phone.asks("KTEDU40")
    await phone.asks("是")
    assert "您已订购校园WLAN 40小时" in await phone.asks("KTEDU40")
    assert "与您已订的校园WLAN 40小时不能同时使用" in await phone.asks("KTEDU100")
    assert "校园WLAN 40小时已取消" in await phone.asks("是")
    assert running(hall, phone.number) == {"EDU100"}
    assert booked(hall, phone.number) == [("EDU40", -1_000), ("EDU100", -2_000)]


@pytest_twisted.ensureDeferred
async def test_a_package_is_cancelled_to_the_end_of_the_month(hall: Hall) -> None:
    """Once confirmed; and it cannot be cancelled or ordered again while it ends."""
    phone = hall.somebody()
    assert "您没有订购" in await phone.asks("QXEDU")
    await phone.asks("KTEDU250")
    await phone.asks("是")
    assert "可用到本月底" in await phone.asks("QXEDU")
    assert running(hall, phone.number) == {"EDU250"}
    assert "已退订" in await phone.asks("Y")
    assert running(hall, phone.number) == set()
    assert "您已退订" in await phone.asks("QXEDU")
    assert "您已退订" in await phone.asks("KTEDU250")
    assert "起取消" in await phone.asks("CXYW")


@pytest_twisted.ensureDeferred
async def test_a_package_that_is_ending_ends_at_once_for_another(hall: Hall) -> None:
    """At most one at a time, whatever was agreed about the old one."""
    phone = hall.somebody()
    for said in ("KTEDU40", "是", "QXEDU", "Y", "KTEDU100", "是"):
        await phone.asks(said)
    services = await phone.asks("CXYW")
    assert "校园WLAN 100小时" in services
    assert "校园WLAN 40小时" not in services


@pytest_twisted.ensureDeferred
async def test_a_newer_order_takes_the_place_of_one_that_waits(hall: Hall) -> None:
    """One yes, one order: the newer."""
    phone = hall.somebody()
    await phone.asks("KTEDU40")
    await phone.asks("KTEDU250")
    assert "校园WLAN 250小时" in await phone.asks("是")
    assert running(hall, phone.number) == {"EDU250"}
    states = hall.rows(select(orders.c.state).where(orders.c.phone == int(phone.number)))
    assert sorted(state for (state,) in states) == ["declined", "done"]


@pytest_twisted.ensureDeferred
async def test_with_two_things_waiting_each_has_its_own_yes(hall: Hall) -> None:
    """是 is what the order asked for, Y what the password asked for."""
    phone = hall.somebody()
    await phone.asks("KTEDU40")
    await phone.asks("2010")
    assert "【办理成功】校园WLAN 40小时" in await phone.asks("是")
    assert "新服务密码为" in await phone.asks("Y")


@pytest_twisted.ensureDeferred
async def test_a_question_in_between_leaves_the_order_waiting(hall: Hall) -> None:
    phone = hall.somebody()
    await phone.asks("KTEDU40")
    assert "【话费余额】" in await phone.asks("YE")
    assert "【办理成功】" in await phone.asks("是")


@pytest.mark.parametrize(
    ("number", "refusal"),
    [
        ("13800138004", "您的号码为欠费停机状态"),
        ("13800138007", "该业务暂不能为您办理"),
        ("13800138008", "您的号码为报停状态"),
    ],
)
@pytest_twisted.ensureDeferred
async def test_who_may_not_order_is_told_why(hall: Hall, number: str, refusal: str) -> None:
    """In arrears, on the black list, suspended."""
    phone = hall.phone(number)
    assert refusal in await phone.asks("KTEDU40")
    await phone.asks("是")
    assert booked(hall, number) == []


@pytest_twisted.ensureDeferred
async def test_who_cannot_pay_is_told_what_is_left(hall: Hall) -> None:
    """12.50 yuan pay for the smallest package only."""
    phone = hall.phone("13800138002")
    assert "余额不足(12.50元)" in await phone.asks("KTEDU100")
    await phone.asks("KTEDU40")
    assert "【办理成功】" in await phone.asks("是")
    assert "您的余额2.50元" in await phone.asks("YE")


@pytest_twisted.ensureDeferred
async def test_postpaid_orders_go_on_the_bill(hall: Hall) -> None:
    phone = hall.phone("13800138006")
    await phone.asks("KTEDU40")
    assert "【办理成功】" in await phone.asks("是")
    assert "余额850.00元" in await phone.asks("YE")


@pytest_twisted.ensureDeferred
async def test_who_is_not_real_named_orders_with_the_password(hall: Hall) -> None:
    """And then may still be too poor."""
    phone = hall.phone("13800138003")
    assert "需验证服务密码" in await phone.asks("KTEDU40")
    assert "余额不足(3.00元)" in await phone.asks("580317")


# -- English -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "answer"),
    [
        (["YE"], "Balance at "),
        (["CXTC"], "Your plan: GoTone Business 88, 88 yuan a month"),
        (["CXYL"], "Allowance at "),
        (["CXYW"], "You have no services besides your plan."),
        (["CD"], "Dear GoTone customer, reply with a number"),
        (["2010"], "You will get a new random service password"),
        (["2010", "Y"], "Your new service password is "),
        (["2010", "N"], "Not confirmed: random password was not done."),
        (["MMXG"], "reply the old 6 digits"),
        (["KTEDU40"], "Please confirm: Campus WLAN 40 h, 10 yuan a month"),
        (["KTEDU40", "是"], "Done: Campus WLAN 40 h is open, 10 yuan a month."),
        (["KTEDU40", "no"], "Not confirmed: Campus WLAN 40 h was not ordered"),
        (["QXEDU"], "You do not have"),
        (["XYZZY"], "Did you mean"),
        (["balance"], "Balance at "),
    ],
)
@pytest_twisted.ensureDeferred
async def test_who_speaks_english_is_answered_in_english(
    hall: Hall, texts: list[str], answer: str
) -> None:
    """Not a Chinese word in it but the yes that one must say, and the signature."""
    phone = hall.somebody(language="en")
    said = ""
    for text in texts:
        said = await phone.asks(text)
    assert answer in said
    assert re.findall(r"[一-鿿]", said.replace("是", "")) == []


# -- what the network took -----------------------------------------------------------------------


@pytest_twisted.ensureDeferred
async def test_a_yes_to_what_the_network_refused_is_asked_again(hall: Hall) -> None:
    """Nobody has read it; what is taken then may be agreed to."""
    phone, mark = hall.somebody(), hall.log.mark()
    hall.smsc.faults.set("refuse=always")
    phone.sends("KTLL10")
    await hall.log.told("unsent", mark)
    hall.smsc.faults.clear()
    assert "正在订购10元流量包,10元/月" in await phone.asks("是")
    assert running(hall, phone.number) == set()
    assert "【办理成功】" in await phone.asks("是")
    assert booked(hall, phone.number) == [("LL10", -1_000)]
