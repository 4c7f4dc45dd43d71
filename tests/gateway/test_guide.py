"""Menus with the clerk behind them: *139# and the numbered menu by SMS, without a wire."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commands import rating
from gateway import sample
from gateway.mail import Act, Endings, Settled
from gateway.menus.guide import Guide, Guided
from gateway.store.sample import put_cards
from gateway.store.store import Store
from gateway.store.tables import (
    inbox,
    orders,
    outbox,
    password_tries,
    subscribers,
    subscriptions,
    tickets,
)
from tests.gateway.handset import Handset
from tests.gateway.mails import LI, ZHANG
from tests.gateway.office import Office, own_book


@pytest.fixture
def office(sqlite_store: Store) -> Office:
    """The hall with its sample."""
    return Office(sqlite_store)


@pytest.fixture
def zhang(office: Office) -> Handset:
    """13800138001."""
    return Handset(office)


def balance(office: Office, phone: str = ZHANG) -> int:
    (row,) = office.rows(subscribers, subscribers.c.msisdn == int(phone))
    return int(str(row["balance_fen"]))


def test_the_first_screen(zhang: Handset) -> None:
    """It waits for a key."""
    assert zhang.dials().startswith("移动营业厅\n1话费余额")
    assert zhang.open


def test_a_balance(zhang: Handset) -> None:
    """The figure that a short message gives."""
    assert "56.80元" in zhang.walks("1")
    assert zhang.open
    assert zhang.types("0").startswith("移动营业厅")


def test_a_number_dialled_in_full(zhang: Handset) -> None:
    """*139*1# goes straight to the answer."""
    assert "56.80元" in zhang.dials("*139*1#")


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("*139*5*1*1*1#", "1确认\n0放弃"),  # an order, which also cancels another package
        ("*139*5*2*1*1*1*1#", "1确认\n0放弃"),
        ("*139*5*6*4*739204*9*1#", "可变更为"),
        ("*139*6*1*1#", "已订业务"),
        ("*139*7*1*739204*159753*159753#", "请输入"),
        ("*139*7*2*739204*1#", "请输入6位服务密码"),
        ("*139*8*6*1#", "1确认\n0放弃"),
        ("*139*4*2*13800138002*870000000000000011*1#", "1确认\n0放弃"),
        ("*139*1*2*739204#", "请输入6位服务密码"),
    ],
)
def test_nothing_dialled_in_advance_answers_a_question(
    office: Office, code: str, shown: str
) -> None:
    """What asks for a yes, a password or a number of a list is shown, and nothing has happened:
    no money is gone, no service begun or ended, no password tried."""
    phone = "13800138005"
    put_cards(office.counter.store, [sample.card(11)])
    touched = (subscribers, subscriptions, password_tries)
    before = [office.rows(table) for table in touched]
    dialler = Handset(office, phone)
    assert shown in dialler.dials(code)
    assert dialler.open
    assert [office.rows(table) for table in touched] == before
    assert [order["state"] for order in office.rows(orders)] in ([], ["waiting"])


def test_the_question_that_was_dialled_to_is_answered_when_it_is_read(
    office: Office, zhang: Handset
) -> None:
    """Dialling ahead leads to it; the key that follows the price orders."""
    before = balance(office)
    assert "30元" in zhang.dials("*139*5*1*2*1#")
    assert balance(office) == before
    assert zhang.types("1") == "已受理,结果短信通知您。"
    assert balance(office) == before - 3000


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nine_only_turns_the_pages_of_a_list(office: Office, language: str) -> None:
    """No plan has its number, and a plan is chosen on the page that shows it."""
    phone = "13800138002"
    office.hears("EN" if language == "en" else "ZH", phone)
    li = Handset(office, phone)
    page, pages = li.walks("5", "6"), 0
    while "\n9 Next" in page or "\n9下一页" in page:
        turning = "9下一页" if language == "zh" else "9 Next"
        assert [line for line in page.split("\n") if line.startswith("9")] == [turning]
        page, pages = li.types("9"), pages + 1
    assert pages
    assert office.rows(orders) == []
    last = page.split("\n")[-3].split(" ")[0] if language == "en" else ""
    assert li.types("9").endswith(page)
    assert li.types("1").endswith(page)
    if last:
        assert "password" in li.types(last)


def test_an_order_is_placed_by_its_confirm_alone(office: Office, zhang: Handset) -> None:
    """The price is shown before it, the answer comes by SMS as well."""
    before = balance(office)
    shown = zhang.walks("5", "2", "1")
    assert "10元" in shown
    while "1确认" not in shown:
        shown = zhang.types("9")
    assert balance(office) == before
    assert zhang.types("1") == "已受理,结果短信通知您。"
    assert not zhang.open
    assert balance(office) == before - 1000
    assert any("WLAN" in text for text in zhang.texts)
    (order,) = office.rows(orders)
    assert (order["state"], order["channel"], order["answer"]) == ("done", "ussd", "YES")
    assert order["shown_sealed"] is not None


@pytest.mark.parametrize("leaving", ["0", "hangs up", "dials again"])
def test_who_leaves_a_confirm_orders_nothing(office: Office, zhang: Handset, leaving: str) -> None:
    """Whatever the way out; and a key that comes later confirms nothing."""
    before = balance(office)
    zhang.walks("5", "2", "1")
    match leaving:
        case "0":
            zhang.types("0")
        case "hangs up":
            zhang.hangs_up()
            zhang.types("1")
        case _:
            zhang.dials()
            zhang.types("1")
    assert balance(office) == before
    assert [order["state"] for order in office.rows(orders)] == ["declined"]


def test_dialling_again_offers_to_go_on(zhang: Handset) -> None:
    """At the menu where it broke off."""
    screen = zhang.walks("5")
    zhang.hangs_up()
    assert "1继续" in zhang.dials()
    assert zhang.types("1") == screen


def test_a_language_chosen_meanwhile_holds(office: Office, zhang: Handset) -> None:
    """In a dialogue that broke off, in one that is open, and in the numbered menu of messages."""
    zhang.walks("5")
    zhang.hangs_up()
    office.hears("EN")
    assert "1 Go on" in zhang.dials()
    assert zhang.types("1").startswith("Services\n1 Data packs")
    office.hears("ZH")
    assert zhang.types("1").startswith("流量包")
    office.hears("CD")
    office.hears("EN")
    assert office.hears("1").startswith("Bills: ")


@pytest.mark.parametrize("code", ["*140#", "*140*1#", "*1#"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_who_dials_another_code_is_told_ours(
    office: Office, zhang: Handset, code: str, language: str
) -> None:
    """And the dialogue is over."""
    office.hears("EN" if language == "en" else "ZH")
    told = "没有这项服务,请拨*139#。" if language == "zh" else "No such service. Please dial *139#."
    assert zhang.dials(code) == told
    assert not zhang.open


def test_the_numbers_of_a_menu_outlive_its_answers(office: Office) -> None:
    """They are good for the list that was sent last: behind an answer, a card, another command."""
    office.hears("CD")
    assert office.hears("1").startswith("话费账单")
    assert "56.80" in office.hears("1")
    assert "本月" in office.hears("2")
    assert "56.80" in office.hears("YE")
    assert "本月" in office.hears("2")
    assert "全球通客户您好" in office.hears("0")
    office.hears("7")
    assert "SQXZ" in office.hears("1")
    office.hears("0")
    office.hears("3")
    office.hears("1")
    assert "充值" in office.hears("869999999999999999")
    assert "充值号码" in office.hears("2")


@pytest.mark.parametrize("newer", ["0000", "KTLL10", "501"])
def test_a_newer_list_or_question_takes_the_numbers_over(office: Office, newer: str) -> None:
    """Nothing of the menu is done by them any more."""
    office.hears("KTDX10")
    office.hears("是")
    office.hears("CD")
    office.hears("1")
    office.hears(newer)
    assert "本月" not in office.hears("2")


def test_an_order_of_the_menu_takes_its_numbers_over(office: Office) -> None:
    """The price asks for 是; a number that follows orders nothing else."""
    office.hears("CD")
    office.hears("4")
    office.hears("1")
    assert "10元" in office.hears("1")
    assert "30元" not in office.hears("2")


def test_the_numbers_of_a_menu_run_out_and_that_is_told(office: Office) -> None:
    """A day after the list was sent, however often it was answered."""
    office.hears("CD")
    office.hears("1")
    office.bag.now += 23 * 3600
    assert "56.80" in office.hears("1")
    office.bag.now += 3600
    assert "列表已失效" in office.hears("2")


@pytest.mark.parametrize("code", ["00", "CD", "?"])
def test_the_menu_is_opened_anew_out_of_a_list(office: Office, code: str) -> None:
    """Though 00 could be a number."""
    office.hears("CD")
    office.hears("1")
    assert "1话费账单" in office.hears(code)


def test_who_leaves_a_menu_has_no_numbers(office: Office) -> None:
    """Its first screen is left by 0."""
    office.hears("CD")
    assert "再见" in office.hears("0")
    assert "56.80" not in office.hears("1")


def test_a_rating_is_no_number_of_the_menu(office: Office) -> None:
    """What is sent to a number with a meaning of its own is read there."""
    office.hears("CD")
    port = own_book().register.port_of(rating.RATES)
    arrived = office.arrived("9", ZHANG, port=f"0.1.10086{port}")
    assert "输入有误" not in "".join(answer.text for answer in office.answers(arrived))


def test_who_has_read_an_answer_begins_anew(zhang: Handset) -> None:
    """There is nothing to go on with."""
    zhang.walks("8", "1")
    zhang.hangs_up()
    assert zhang.dials().startswith("移动营业厅")


def test_dialling_again_proves_nothing(zhang: Handset) -> None:
    """A password that was right in the dialogue before is asked for again, though the network has
    not told that it was over."""
    zhang.walks("7", "2")
    assert "1确认" in zhang.types("739204")
    zhang.dials()
    zhang.types("1")
    assert "请输入6位服务密码" in zhang.types("2")


def test_a_confirm_of_two_pages_is_given_on_the_second(office: Office, zhang: Handset) -> None:
    """What has not been read to its end can be refused, but not agreed to."""
    zhang.walks("5", "6", "4")
    page = zhang.types("739204")
    assert "9下一页" in page
    assert "1确认" not in page
    assert "9下一页" in zhang.types("1")
    assert [order["state"] for order in office.rows(orders)] == ["waiting"]
    assert "1确认" in zhang.types("9")
    assert zhang.types("1") == "已受理,结果短信通知您。"


def test_a_confirm_of_two_pages_is_refused_on_the_first(office: Office, zhang: Handset) -> None:
    """By 0, as on any page."""
    zhang.walks("5", "6", "4")
    zhang.types("739204")
    zhang.types("0")
    assert [order["state"] for order in office.rows(orders)] == ["declined"]


def test_a_list_of_two_pages_has_no_empty_lines(office: Office) -> None:
    """The first page ends where an entry ends."""
    page = Handset(office, "13800138009").walks("6")
    assert page.endswith("\n9下一页\n0返回")
    assert "\n\n" not in page


def test_a_number_that_the_list_does_not_have(zhang: Handset) -> None:
    """The list stays open for another one."""
    zhang.office.hears("KTLL10")
    zhang.office.hears("是")
    zhang.walks("6")
    assert "没有序号99" in zhang.types("99")
    assert "退订:10元流量包" in zhang.types("1")


def test_who_is_locked_is_told_before_typing(zhang: Handset) -> None:
    """Not asked for a password that nothing would take."""
    zhang.walks("1", "2")
    for wrong in ("111222", "222333"):
        assert "还可输入" in zhang.types(wrong)
    assert "密码已锁定" in zhang.types("333444")
    assert "密码已锁定" in zhang.walks("1", "2")


def test_a_key_after_the_end(zhang: Handset) -> None:
    """Somebody is told, and the dialogue ends."""
    assert "重新开始" in zhang.types("1")
    assert not zhang.open


def test_a_key_of_another_dialogue(zhang: Handset) -> None:
    """It does not touch the one that is open."""
    zhang.dials()
    mine, zhang.session = zhang.session, "other"
    assert "重新开始" in zhang.types("1")
    zhang.session = mine
    assert "56.80元" in zhang.types("1")


def test_a_key_that_was_typed_before_the_screen_was_there(office: Office, zhang: Handset) -> None:
    """It answers nothing, and nothing is said to it: the screen is on its way."""
    zhang.walks("5", "2", "1")
    key = zhang.message(Act.ON, "1")
    assert key.turn is not None
    assert office.answers(key._replace(turn=key.turn._replace(unseen=True))) == []
    assert [order["state"] for order in office.rows(orders)] == ["waiting"]
    assert zhang.types("1") == "已受理,结果短信通知您。"


def test_an_end_of_another_dialogue(zhang: Handset) -> None:
    """What the network says late of the one before does not end this one."""
    zhang.dials()
    mine, zhang.session = zhang.session, "before"
    zhang.hangs_up()
    zhang.session = mine
    assert "56.80元" in zhang.types("1")


def test_who_types_too_late(office: Office, zhang: Handset) -> None:
    """A minute after a screen the dialogue is over, before the network gives up; dialling again
    may go on."""
    zhang.walks("5", "2")
    office.bag.now += 60
    assert "重新开始" in zhang.types("9")
    assert not zhang.open
    assert "1继续" in zhang.dials()


def test_who_takes_too_long(office: Office, zhang: Handset) -> None:
    """Three minutes are enough for everything; they begin anew with the next dialogue."""
    zhang.dials()
    shown = ""
    for key in ("5", "2", "0", "1"):
        office.bag.now += 45
        shown = zhang.types(key)
    assert "重新开始" in shown
    assert "1继续" in zhang.dials()
    assert zhang.types("1").startswith("业务办理")


def test_a_confirm_that_comes_too_late(office: Office, zhang: Handset) -> None:
    """It orders nothing."""
    before = balance(office)
    zhang.walks("5", "2", "1")
    office.bag.now += 61
    assert "重新开始" in zhang.types("1")
    assert balance(office) == before
    assert [order["state"] for order in office.rows(orders)] == ["declined"]


def test_an_answer_that_nobody_sees_is_told_by_sms(office: Office, zhang: Handset) -> None:
    """In the words of a short message, from the service number; a question is not."""
    zhang.walks("1", "2")
    assert [each.instead for each in office.deliver()][2:] == [""]
    zhang.dials("*139*1#")
    (answer,) = [each for each in office.deliver() if each.instead]
    assert answer.screen is not None
    assert answer.instead.endswith("【中国移动】")
    assert "0返回" not in answer.instead
    assert answer.screen.source == "0.1.10086"


def test_a_key_that_is_sent_again_is_answered_again(office: Office, zhang: Handset) -> None:
    """The order is one; its screen can be seen for as long as from the first time on."""
    before = balance(office)
    zhang.walks("5", "2", "1")
    office.deliver()
    confirm = zhang.message(Act.ON, "1")
    first = office.answers(confirm)[0]
    office.deliver()
    office.lose(upto=confirm.id - 1)
    office.bag.now += 30
    again = office.answers(office.again(confirm))[0]
    assert again.text == first.text
    assert again.screen is not None
    assert first.screen is not None
    assert again.screen.until_ms > first.screen.until_ms + 29_000
    assert balance(office) == before - 1000


def test_a_screen_that_nobody_saw_is_shown_when_its_key_is_sent_again(
    office: Office, zhang: Handset
) -> None:
    """It came too late while the link was down: who dials again shall not look at nothing."""
    begun = zhang.message(Act.BEGIN, "*139#")
    first = office.answers(begun)[0]
    unseen = Settled(first.id, False, int(office.bag.now * 1000), first.link)
    office.serve(Endings((unseen,)))
    office.lose(upto=begun.id - 1)
    office.bag.now += 30
    assert [each.text for each in office.answers(office.again(begun))] == [first.text]


def test_a_password_is_typed_once_and_never_seen_again(office: Office, zhang: Handset) -> None:
    """In no journal, and in no place in the menu."""
    zhang.walks("1", "2")
    shown = zhang.types("739204")
    assert "密码" not in shown
    assert zhang.open
    heard = [office.store.seal.open(row["text_sealed"]) for row in office.rows(inbox)]  # type: ignore[arg-type]
    assert "739204" not in "".join(heard)
    zhang.types("0")
    assert "密码" not in zhang.types("2")


def test_two_who_dial_at_once(office: Office, zhang: Handset) -> None:
    """Each in a dialogue of their own."""
    li = Handset(office, LI)
    zhang.dials()
    li.dials()
    assert zhang.types("1") != li.types("1")


def test_a_screen_is_kept_until_it_is_taken(office: Office, zhang: Handset) -> None:
    """With what its link needs to find the dialogue; a menu alone is not worth a short message."""
    zhang.dials()
    zhang.types("1")
    menu, answer = [each.screen for each in office.deliver()]
    assert menu is not None
    assert answer is not None
    assert (menu.act, menu.session, menu.otherwise) == (Act.ON, zhang.session, "")
    assert answer.otherwise == "smsc-a"
    assert len(office.rows(outbox)) == 2


# -- by SMS ----------------------------------------------------------------------------------------


def test_the_numbered_menu(office: Office) -> None:
    """The same numbers as on a call."""
    assert "1话费账单" in office.hears("CD")
    assert "1余额" in office.hears("1")
    assert "56.80元" in office.hears("1")


def test_codes_go_on_working_inside_a_menu(office: Office) -> None:
    """And leave it open: the list is the last that was sent."""
    office.hears("CD")
    assert "套餐" in office.hears("CXTC")
    assert "1余额" in office.hears("1")


def test_a_confirm_that_a_menu_led_to(office: Office) -> None:
    """Is answered as any other by SMS."""
    before = balance(office)
    for text in ("菜单", "4", "2"):
        office.hears(text)
    assert "是" in office.hears("1")
    assert "已" in office.hears("是")
    assert balance(office) < before


def test_a_number_meant_for_the_list_before(office: Office) -> None:
    """Two numbers that come together cannot both answer lists that were read."""
    office.hears("CD")
    first, second = office.arrived("4"), office.arrived("1")
    answers = office.serve(first, second)
    texts = [each.answers[0].text for each in answers]  # type: ignore[attr-defined]
    assert texts[0] == texts[1]


def test_what_is_dialled_proves_nothing_of_what_was_written(office: Office, zhang: Handset) -> None:
    """Nor the other way round: after a link was lost each channel's messages come again by
    themselves."""
    written, dialled = office.arrived("YE"), zhang.message(Act.BEGIN, "*139#")
    office.answers(written)
    office.answers(dialled)
    office.deliver()
    office.lose()
    office.answers(zhang.message(Act.BEGIN, "*139*1#"))
    office.answers(office.again(written))
    office.answers(office.again(dialled))
    assert office.journal()[-2:] == [("again", "repeated"), ("menu", "shown")]
    assert [row["channel"] for row in office.rows(inbox)] == ["sms", "ussd", "ussd", "sms", "ussd"]


def test_somebody_whom_the_hall_does_not_know(office: Office) -> None:
    """Sees the menu all the same; what it leads to says so."""
    stranger = Handset(office, "13700000000")
    assert stranger.dials().startswith("移动营业厅")
    assert stranger.types("1")


class Clumsy(Guide):
    """Fails at every key."""

    def typed(self, *_: object, **__: object) -> Guided:
        raise ZeroDivisionError


def test_a_key_that_cannot_be_served(office: Office, zhang: Handset) -> None:
    """Is answered all the same, with the last screen: nobody is left waiting."""
    zhang.dials()
    book = office.counter.book
    clumsy = Clumsy(book.guide.conversation, book.guide.register)
    office.counter.book = replace(book, guide=clumsy)
    assert "系统" in zhang.types("1")
    assert not zhang.open


@pytest.mark.parametrize("word", ["算了", "取消", "0", "退出", "cancel"])
def test_what_a_numbered_menu_asks_for_can_be_left(office: Office, word: str) -> None:
    """No complaint is opened by it."""
    for text in ("CD", "8", "1"):
        office.hears(text)
    assert "已退出" in office.hears(word)
    assert office.rows(tickets) == []
    assert "投诉内容" not in office.hears("我要投诉")


@pytest.mark.parametrize("word", ["算了", "退出", "exit"])
def test_a_numbered_menu_can_be_left(office: Office, word: str) -> None:
    """Then its numbers are none."""
    office.hears("CD")
    assert "已退出" in office.hears(word)
    assert "余额" not in office.hears("1")
