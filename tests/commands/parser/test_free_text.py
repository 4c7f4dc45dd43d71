"""A text that is no command: keywords, sentences, misspelt codes, and what is only proposed."""

from __future__ import annotations

from datetime import date

import pytest

from commands.model.dialogue import NO_DIALOGUE
from commands.parser.parsed_message import MalformedCommand, ParsedCommand, UnknownText
from commands.parser.understanding import understand
from tests.commands.fakes import own_conf
from tests.commands.parser.reading import hear


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("话费余额", "q.balance"),
        ("查一下流量", "q.data"),
        ("我的套餐是什么", "q.plan"),
        ("yue", "q.balance"),
        ("Tao Can", "q.plan"),
        ("我要退订", "un.list"),
        ("what is my balance", "q.balance"),
        ("4G流量还有多少", "q.data"),
        ("cha yi xia liu liang", "q.data"),
        ("鱼额", "q.balance"),
        ("话废余额", "q.balance"),
        ("CYXE", "q.balance"),
        ("CXYEE", "q.balance"),
    ],
)
def test_a_certain_guess_is_followed_where_nothing_can_change(text: str, action: str) -> None:
    """By a keyword, its sound, or a slip of the finger; and it is known to be a guess."""
    said = hear(text)
    assert isinstance(said, ParsedCommand)
    assert (said.spec.action, said.guessed) == (action, True)


def test_a_keyword_that_would_change_something_is_only_suggested() -> None:
    """密码 first suggests what it most likely means."""
    said = hear("密码")
    assert isinstance(said, UnknownText)
    assert [spec.action for _, spec in said.suggestions] == ["pw.random", "pw.change"]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("我要改密码", "MMXG"),
        ("wo yao gai mi ma", "MMXG"),
        ("QXEDUU", "QXEDU"),
        ("我要投诉", "TS"),
        ("投诉电话", "TS"),
        ("打电话给客服", "RG"),
        ("英文", "EN"),
    ],
)
def test_a_certain_guess_that_would_change_something_is_asked_about(text: str, meant: str) -> None:
    """By number, the likeliest first."""
    said = hear(text)
    assert isinstance(said, UnknownText)
    assert said.suggestions[0][0] == meant


def test_digits_that_were_mistyped_are_not_guessed() -> None:
    """KTEDU4 may be any of them."""
    said = hear("KTEDU4")
    assert isinstance(said, UnknownText)
    assert len(said.suggestions) == 2


@pytest.mark.parametrize("text", ["月", "TSUNAMI", "asdkjh", "你好", "今天会下雨吗"])
def test_what_a_person_would_see_no_likeness_in_gets_no_guess(text: str) -> None:
    """The menu and a person instead of two commands at random."""
    assert hear(text) == UnknownText(text, ())


@pytest.mark.parametrize(
    ("text", "action", "args"),
    [
        ("查3月话费", "q.bill", {"month": "202603"}),
        ("上上个月的账单", "q.bill", {"month": "202609"}),
        ("去年十二月花了多少钱", "q.bill", {"month": "202512"}),
        ("上个月帐单", "q.bill", {"month": "202610"}),
        ("昨天交的一百块到了没有", "q.payment_check", {"amount": "100", "day": "1120"}),
        ("短号6105是谁", "q.short_number", {"short": "6105"}),
        ("13800138003这个号是哪里的", "q.region", {"about": "13800138003"}),
        ("彩铃多少钱一个月", "info.tariff", {"tariff": "CL"}),
        ("办理流量", "sv.choices", {"family": "LL"}),
    ],
)
def test_numbers_of_a_sentence_are_its_parameters(
    text: str, action: str, args: dict[str, str]
) -> None:
    """Months and days are counted from today."""
    said = understand(text, NO_DIALOGUE, own_conf().register, today=date(2026, 11, 21))
    assert isinstance(said, ParsedCommand)
    assert (said.spec.action, said.args) == (action, args)


def test_of_two_questions_the_second_is_proposed() -> None:
    """The first is answered."""
    said = hear("余额多少顺便看看积分")
    assert isinstance(said, ParsedCommand)
    assert (said.spec.action, [code for code, _ in said.also]) == ("q.balance", ["CXJF"])


@pytest.mark.parametrize("text", ["查一下13800138002的余额", "我老公的话费还有多少"])
def test_another_number_needs_its_password_in_a_sentence_as_well(text: str) -> None:
    """Nobody's own balance is told instead."""
    said = hear(text)
    assert isinstance(said, MalformedCommand)
    assert said.text == "help.others"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("CXYR", "CXYE"),
        ("KTEDU50", "KTEDU250"),
        ("CXTV", "CXTC"),
    ],
)
def test_a_misspelt_code_suggests_the_right_one_first(text: str, first: str) -> None:
    """By likeness in writing or in sound, and always by the code that we tell people."""
    said = hear(text)
    assert isinstance(said, UnknownText)
    assert len(said.suggestions) == 2
    assert said.suggestions[0][0] == first


def test_an_empty_text_is_nothing() -> None:
    """No suggestion fits it."""
    assert hear(" \u3000") == UnknownText("", ())


def test_an_unknown_text_is_read_back_short_and_without_numbers() -> None:
    """It could hold a password, or be a page long."""
    said = hear("我的密码739204忘了" + "啊" * 500)
    assert isinstance(said, UnknownText)
    assert said.text.startswith("我的密码***忘了啊")
    assert len(said.text) == 20


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("取消彩铃", "QXCL"),
        ("不要彩铃了", "QXCL"),
        ("KTCL取消", "QXCL"),
        ("取消来电显示", "QXLDXS"),
        ("取消KTLL30", "QXLL30"),
        ("取消10元流量包", "QXLL10"),
        ("取消KTEDU40", "QXEDU"),
        ("取消透支", "QXED"),
        ("取消余额提醒", "QXYETX"),
        ("取消变更套餐", "QXBG"),
        ("开通彩铃", "KTCL"),
    ],
)
def test_who_wants_to_be_rid_of_something_is_not_offered_to_order_it(text: str, first: str) -> None:
    """Neither first nor second."""
    found = hear(text)
    assert isinstance(found, UnknownText)
    codes = [code for code, _ in found.suggestions]
    assert codes[0] == first
    assert text.startswith("开通") or not any(code.startswith("KT") for code in codes)
