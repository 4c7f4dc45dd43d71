"""The numbered menu by SMS, with the commands behind it and without a wire."""

from __future__ import annotations

import pytest

from commands.care import satisfaction_rating
from gateway.serving.work import Served
from gateway.store.tables import (
    subscribers,
    tickets,
)
from tests.gateway.hall import Office, own_book
from tests.gateway.messages import ZHANG


def balance(office: Office, phone: str = ZHANG) -> int:
    (row,) = office.rows(subscribers, subscribers.c.msisdn == int(phone))
    return int(str(row["balance_fen"]))


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
    port = own_book().register.port_of(satisfaction_rating.RATES)
    arrived = office.arrived("9", ZHANG, port=f"0.1.10086{port}")
    assert "输入有误" not in "".join(answer.text for answer in office.answers(arrived))


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
    texts = [each.answers[0].text for each in answers if isinstance(each, Served)]
    assert texts[0] == texts[1]


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
