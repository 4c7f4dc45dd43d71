"""What a text says: commands, picks from a list, answers to a confirm, what a step waits for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commands.model.dialogue import (
    AwaitedInput,
    Dialogue,
    NumberedList,
    PendingConfirm,
)
from commands.model.request import AuthLevel, ConfirmRule, Secret
from commands.parser.parsed_message import (
    AmbiguousYes,
    ConfirmAnswer,
    DoubtfulAnswer,
    MalformedCommand,
    ParsedCommand,
    QuestionLeft,
    TypedInput,
    UnknownText,
    UnlistedNumber,
)
from tests.commands.fakes import own_conf
from tests.commands.parser.reading import asked, hear

ORDER = PendingConfirm(17, "sv.order", ConfirmRule.TWICE, until=2)
OTHER = PendingConfirm(19, "sv.plan_change", ConfirmRule.TWICE, until=2)
RANDOM = PendingConfirm(18, "pw.random", ConfirmRule.ONCE, until=2)
MENU = Dialogue(choice=NumberedList(("CD#1", "CXYE", "KTEDU40"), until=2))
PASSWORD = AwaitedInput("pw.change", "13800138001", "password", AuthLevel.A1, until=2)


# -- commands --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "action", "args"),
    [
        ("CXYE", "q.balance", {}),
        ("ye", "q.balance", {}),
        ("102", "q.balance", {}),
        ("余额", "q.balance", {}),
        ("?", "menu.main", {}),
        ("10086", "menu.main", {}),
        ("KTEDU 40", "sv.order", {"service": "EDU40"}),
        ("kt edu40", "sv.order", {"service": "EDU40"}),
        ("kt edu 40", "sv.order", {"service": "EDU40"}),
        ("KTEDU#40", "sv.order", {"service": "EDU40"}),
        ("ＫＴＥＤＵ４０。", "sv.order", {"service": "EDU40"}),
        ("KTEDU10", "sv.order", {"service": "EDU40"}),
        ("KTEDU20", "sv.order", {"service": "EDU100"}),
        ("ktedu250", "sv.order", {"service": "EDU250"}),
        ("QXEDU", "sv.cancel", {"group": "EDU"}),
        ("qxwlantc", "sv.cancel", {"group": "EDU"}),
        ("sjmm", "pw.random", {}),
        ("501", "pw.change", {}),
        ("CD3", "menu.main", {"area": "3"}),
    ],
)
def test_a_command_is_understood(text: str, action: str, args: dict[str, str]) -> None:
    """By its code or an alias, in whatever spelling."""
    assert asked(text) == (action, args)


@pytest.mark.parametrize(
    "text",
    [
        "CXYE#13800138002#123456",
        "cxye*13800138002*123456",
        "ye 13800138002 123456",
        "ye,13800138002,123456",
        "YE+8613800138002+123456",
        "ＹＥ＃１３８００１３８００２＃１２３４５６。",
        "ye13800138002 123456",
        "余额 138-0013-8002 123456",
        "102 008613800138002 123456",
        " “ye＊13800138002，123456”！",
    ],
)
def test_another_number_comes_with_its_password(text: str) -> None:
    """The separators are all one, and the password is a secret from the first moment."""
    expected = {"subject": "13800138002", "password": Secret("123456")}
    assert asked(text) == ("q.balance", expected)


@pytest.mark.parametrize(
    "text",
    ["MMXG#111222#739204#739204", "xgmm 111222 739204 739204", "BGMM#111222#739204#739204#"],
)
def test_a_password_change_has_three_secrets(text: str) -> None:
    """Old, new, and new again."""
    old, new = Secret("111222"), Secret("739204")
    assert asked(text) == ("pw.change", {"old": old, "new": new, "again": new})


def test_the_second_new_password_may_be_left_out() -> None:
    """It is then taken as repeated."""
    _, args = asked("XGMM#111222#739204")
    assert args["again"] == args["new"] == Secret("739204")


@pytest.mark.parametrize("text", ["CXYE#1380013800", "MMXG 123 456", "CXTC abc", "cxye13800"])
def test_a_command_with_wrong_parameters_is_misformed(text: str) -> None:
    """Not unknown: its form can be told."""
    assert isinstance(hear(text), MalformedCommand)


@pytest.mark.parametrize(
    "text",
    ["102路公交几点", "余额 是多少", "11380013800", "KTEDU4099", "10213800138002", "2010739204"],
)
def test_a_sentence_is_not_a_command_with_parameters(text: str) -> None:
    """It begins like one, but goes on like something else."""
    said = hear(text)
    assert not isinstance(said, MalformedCommand)
    assert not (isinstance(said, ParsedCommand) and not said.guessed)


def test_a_name_in_the_register_is_what_was_ordered() -> None:
    """Each variant goes by its own name and code."""
    register = own_conf().register
    spec = register.spec("sv.order", {"service": "EDU100", "fee": "2000"})
    assert (spec.name, register.code_of(spec)) == ("校园WLAN 100小时", "KTEDU100")
    assert register.spec("sv.order").name == "校园WLAN"


# -- lists -----------------------------------------------------------------------------------------


def test_a_number_picks_from_the_open_list() -> None:
    """What it stands for is read as if it had been sent."""
    assert asked("1", MENU) == ("menu.main", {"area": "1"})
    assert asked("２。", MENU) == ("q.balance", {})
    assert asked("03", MENU) == ("sv.order", {"service": "EDU40"})


@pytest.mark.parametrize("text", ["Y", "是", "是的", "好的。", "要", "对", "ok", "Yes", "1"])
def test_a_yes_takes_the_one_thing_that_a_list_offers(text: str) -> None:
    """您是否要:1.彩铃? is a question."""
    one = Dialogue(choice=NumberedList(("KTCL",), until=2))
    assert asked(text, one)[0] == "sv.order.tone"


def test_a_yes_to_a_list_of_several_asks_for_a_number() -> None:
    """And a question is no yes."""
    assert hear("好的", MENU) == UnlistedNumber("")
    assert hear("是?", MENU) == UnknownText("是", ())
    one = Dialogue(choice=NumberedList(("KTCL",), until=2))
    assert hear("是?", one) == UnknownText("是", ())


@pytest.mark.parametrize("text", ["Y", "是", "好的"])
def test_a_yes_is_not_for_what_was_offered_before_something_else_was_said(text: str) -> None:
    """Its numbers still count, for nobody says them by chance."""
    one = Dialogue(choice=NumberedList(("KTCL",), until=2, latest=False))
    assert isinstance(hear(text, one), UnknownText)
    assert asked("1", one)[0] == "sv.order.tone"


def test_an_order_that_waits_gets_its_yes_before_a_list_does() -> None:
    """Y is for the list, which is newer; 是 is what the confirm has asked for."""
    both = Dialogue(choice=NumberedList(("KTCL",), until=2), pending=(ORDER,))
    assert hear("是", both) == ConfirmAnswer(ORDER, "是", yes=True)
    assert asked("Y", both)[0] == "sv.order.tone"


def test_a_number_outside_the_list_is_a_bad_pick() -> None:
    """One or two digits; nothing else is meant by them. 0 leaves the list, as every question."""
    assert hear("4", MENU) == UnlistedNumber("4")
    assert hear("0", MENU) == QuestionLeft(None)
    assert asked("0")[0] == "hu.callback"
    assert hear("99", MENU) == UnlistedNumber("99")


def test_three_digits_are_a_code_even_while_a_list_is_open() -> None:
    """102 asks for the balance."""
    assert asked("102", MENU)[0] == "q.balance"
    assert asked("00", MENU)[0] == "menu.main"


def test_without_a_list_a_number_is_unknown() -> None:
    """1 means nothing then."""
    assert isinstance(hear("7"), UnknownText)


# -- confirms --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pending", "word", "port", "yes"),
    [
        (RANDOM, "y", False, True),
        (RANDOM, "Ｙ", False, True),
        (RANDOM, "是", False, True),
        (RANDOM, "1", False, True),
        (RANDOM, "n", False, False),
        (RANDOM, "否", False, False),
        (RANDOM, "0", False, False),
        (RANDOM, "等等再说", False, False),
        (ORDER, "是", False, True),
        (ORDER, "“是”。", False, True),
        (ORDER, "Y", False, False),
        (ORDER, "1", False, False),
        (ORDER, "是的", False, False),
        (ORDER, "好", False, False),
        (ORDER, "Y", True, True),
        (ORDER, "1", True, True),
        (ORDER, "N", True, False),
        (ORDER, "asdfgh", False, False),
    ],
)
def test_only_the_right_word_confirms(
    pending: PendingConfirm, word: str, port: bool, yes: bool
) -> None:
    """A second confirmation takes 是 alone, or Y and 1 at the number that asks for confirms."""
    said = hear(word, Dialogue(pending=(pending,)), confirm_port=port)
    assert isinstance(said, ConfirmAnswer)
    assert (said.pending, said.yes) == (pending, yes)


@pytest.mark.parametrize("text", ["CXYE", "查一下流量", "KTEDU 40", "CXYE#12"])
def test_another_command_leaves_the_confirm_waiting(text: str) -> None:
    """It is neither a yes nor a no."""
    assert isinstance(hear(text, Dialogue(pending=(ORDER,))), ParsedCommand | MalformedCommand)


@pytest.mark.parametrize("text", ["我想换成88的套餐", "我要30元流量包", "彩铃开通一下"])
@pytest.mark.parametrize("pending", [RANDOM, ORDER])
def test_another_wish_in_own_words_is_proposed_and_leaves_the_confirm_waiting(
    pending: PendingConfirm, text: str
) -> None:
    """As a command would: nobody's wish is taken for a no alone."""
    said = hear(text, Dialogue(pending=(pending,)))
    assert isinstance(said, UnknownText)
    assert said.suggestions


@pytest.mark.parametrize("text", ["等等再说", "嗯嗯", "是不是马上扣钱", "哦"])
def test_what_wishes_nothing_orders_nothing(text: str) -> None:
    """It declines, or asks back."""
    said = hear(text, Dialogue(pending=(ORDER,)))
    assert isinstance(said, ConfirmAnswer | DoubtfulAnswer)
    assert not (isinstance(said, ConfirmAnswer) and said.yes)


@pytest.mark.parametrize(
    "text", ["取消", "我不要了", "退了吧", "1块钱都不想花", "取消取消", "不办了"]
)
def test_a_wish_to_be_rid_of_it_declines_what_waits(text: str) -> None:
    """And is not read as a question about something else."""
    said = hear(text, Dialogue(pending=(ORDER,)))
    assert isinstance(said, ConfirmAnswer)
    assert not said.yes


def test_a_bare_word_is_for_the_order_that_asked_for_it() -> None:
    """是 is what a second confirmation asks for, Y the other kind; a no is for the newest."""
    both = Dialogue(pending=(RANDOM, ORDER))
    assert hear("是", both) == ConfirmAnswer(ORDER, "是", yes=True)
    assert hear("Y", both) == ConfirmAnswer(RANDOM, "Y", yes=True)
    assert hear("N", both) == ConfirmAnswer(ORDER, "N", yes=False)


def test_a_bare_yes_to_several_that_ask_for_it_asks_which() -> None:
    """And the pick from that list is the yes to one of them."""
    both = Dialogue(pending=(ORDER, OTHER))
    assert hear("是", both) == AmbiguousYes((ORDER, OTHER))
    picking = replace(both, choice=NumberedList(("是#17", "是#19"), until=2))
    assert hear("1", picking) == ConfirmAnswer(ORDER, "是", yes=True)
    assert hear("2", picking) == ConfirmAnswer(OTHER, "是", yes=True)


def test_a_pick_for_an_order_that_is_gone_confirms_nothing() -> None:
    """The list may be older than the confirms."""
    stale = Dialogue(choice=NumberedList(("是#16",), until=2), pending=(ORDER,))
    assert not (isinstance(said := hear("1", stale), ConfirmAnswer) and said.yes)


def test_a_yes_to_nothing_is_like_no_command() -> None:
    """So nothing is suggested."""
    assert hear("是") == UnknownText("是", ())


# -- steps -----------------------------------------------------------------------------------------


def test_a_step_takes_its_digits_before_any_code_does() -> None:
    """401001 may well be a password."""
    waiting = Dialogue(step=PASSWORD)
    assert hear("401001", waiting) == TypedInput(PASSWORD, Secret("401001"))
    assert hear("７３９ ２０４。", waiting) == TypedInput(PASSWORD, Secret("739204"))


def test_a_command_ends_the_waiting() -> None:
    """Whoever asks for something else is answered."""
    assert asked("CXYE", Dialogue(step=PASSWORD))[0] == "q.balance"


def test_digits_of_the_wrong_length_still_go_to_the_step() -> None:
    """So that it can say how many there must be."""
    assert hear("12345", Dialogue(step=PASSWORD)) == TypedInput(PASSWORD, Secret("12345"))
    new = replace(PASSWORD, wants="new")
    assert hear("1234567", Dialogue(step=new)) == TypedInput(new, Secret("1234567"))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("YE👍", "q.balance"),
        ("回复:YE", "q.balance"),
        ("Re: YE", "q.balance"),
        ("。YE", "q.balance"),
        ("答复：回复：ye", "q.balance"),
        ("YE\n发自我的iPhone", "q.balance"),
        ("YE\n--\n张三 138xxxx", "q.balance"),
        ("YE\n张三", "q.balance"),
        ("餘額", "q.balance"),
        ("查話費餘額", "q.balance"),
        ("yú é", "q.balance"),
        ("102✅", "q.balance"),
    ],
)
def test_what_a_phone_puts_around_a_code_is_no_part_of_it(text: str, code: str) -> None:
    """Emoji, the prefix of an answer, a signature; traditional characters, tones of pinyin."""
    assert asked(text)[0] == code


@pytest.mark.parametrize("text", ["CXZD#202613", "CXZD202600", "CXXD#202613", "cxzd 202699"])
def test_a_month_that_there_is_not_is_no_password(text: str) -> None:
    """Nobody's tries are counted for it."""
    assert isinstance(hear(text), MalformedCommand)


def test_six_digits_after_a_month_are_a_password() -> None:
    """Whatever they look like; and so they are where no month can stand."""
    assert asked("CXZD#202610#202613")[1] == {"month": "202610", "password": Secret("202613")}
    assert asked("CXYE#202613")[1] == {"password": Secret("202613")}


@pytest.mark.parametrize("text", ["。", "!!", "?!", "…", "、", "【】"])
def test_signs_alone_decline_nothing(text: str) -> None:
    """A slip of the finger; what waits goes on waiting."""
    assert not isinstance(hear(text, Dialogue(pending=(ORDER,))), ConfirmAnswer)
    assert isinstance(hear("哦", Dialogue(pending=(ORDER,))), ConfirmAnswer)
