"""Menus with the commands behind them: *139#, without a wire."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.config.sample import people as sample_people
from gateway.dialogue.menu_runner import MenuRunner
from gateway.dialogue.menu_turn import MenuTurn
from gateway.model.messages import ScreenAct
from gateway.store.sample.people import put_cards
from gateway.store.tables import (
    inbox,
    orders,
    password_tries,
    subscribers,
    subscriptions,
)
from tests.gateway.dialogue.handset import Handset
from tests.gateway.hall import Office
from tests.gateway.messages import ZHANG


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
    put_cards(office.counter.store, [sample_people.card(11)])
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


def test_what_is_dialled_proves_nothing_of_what_was_written(office: Office, zhang: Handset) -> None:
    """Nor the other way round: after a link was lost each channel's messages come again by
    themselves."""
    written, dialled = office.arrived("YE"), zhang.message(ScreenAct.BEGIN, "*139#")
    office.answers(written)
    office.answers(dialled)
    office.deliver()
    office.lose()
    office.answers(zhang.message(ScreenAct.BEGIN, "*139*1#"))
    office.answers(office.again(written))
    office.answers(office.again(dialled))
    assert office.journal()[-2:] == [("again", "repeated"), ("menu", "shown")]
    assert [row["channel"] for row in office.rows(inbox)] == ["sms", "ussd", "ussd", "sms", "ussd"]


def test_somebody_whom_the_hall_does_not_know(office: Office) -> None:
    """Sees the menu all the same; what it leads to says so."""
    stranger = Handset(office, "13700000000")
    assert stranger.dials().startswith("移动营业厅")
    assert stranger.types("1")


class Clumsy(MenuRunner):
    """Fails at every key."""

    def typed(self, *_: object, **__: object) -> MenuTurn:
        raise ZeroDivisionError


def test_a_key_that_cannot_be_served(office: Office, zhang: Handset) -> None:
    """Is answered all the same, with the last screen: nobody is left waiting."""
    zhang.dials()
    book = office.counter.book
    clumsy = Clumsy(book.menu_runner.responder, book.menu_runner.register)
    office.counter.book = replace(book, menu_runner=clumsy)
    assert "系统" in zhang.types("1")
    assert not zhang.open
