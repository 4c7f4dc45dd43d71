"""What answers a confirm, what leaves it waiting, and what is said of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.model.dialogue import Dialogue, PendingConfirm
from commands.model.request import ConfirmRule
from commands.parser.parsed_message import ConfirmAnswer
from commands.parser.understanding import understand
from commands.parser.yes_no_cancel import LEAVES, NO
from tests.commands.fakes import HallWorld, own_conf
from tests.commands.phone import Phone

ORDINARY, TWELVE = "13800138001", "13800138009"
TWICE = PendingConfirm(7, "sv.order.data", ConfirmRule.TWICE, 9, ("QXLL10",))
ONCE = PendingConfirm(8, "pw.random", ConfirmRule.ONCE, 9)


def talk(hall: HallWorld, number: str, *texts: str) -> Phone:
    phone = Phone(hall, number)
    for text in texts:
        phone.sends(text)
    return phone


# -- no ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "word",
    [
        *sorted(NO),
        "qxll10",
        "QX LL10",
        "QXLL10。",
        "不要!",
        "td",
        "No",
        "那还是算了吧",
        "我不要了,谢谢",
        "我要退订",
        "先不办了",
    ],
)
def test_a_no_ends_the_confirm_and_says_so(hall: HallWorld, word: str) -> None:
    """Also where it is a command elsewhere; and a yes after it is a yes to nothing."""
    phone = talk(hall, ORDINARY, "KTLL10", word)
    assert phone.texts == ["sv.not_ordered"]
    phone.sends("是")
    assert hall.running(ORDINARY) == ["LDXS"]
    assert hall.accounts.charges == []


@pytest.mark.parametrize(
    "word", ["退订", "TD", "t", "确认退订", "退了吧", "是,退订", "好的退吧", "给我退"]
)
def test_who_repeats_that_it_is_to_end_is_asked_once_more(hall: HallWorld, word: str) -> None:
    """It is no no; nor is it the yes that was asked for."""
    phone = talk(hall, ORDINARY, "QXLDXS", word)
    assert phone.texts[0] == "sv.cancel.confirm"
    assert hall.running(ORDINARY) == ["LDXS"]
    phone.sends("Y")
    assert phone.texts == ["sv.cancel.ok"]


@pytest.mark.parametrize("word", ["不退了", "别退", "取消", "算了不退", "N", "否"])
def test_who_would_rather_keep_it_keeps_it(hall: HallWorld, word: str) -> None:
    phone = talk(hall, ORDINARY, "QXLDXS", word, "Y")
    assert phone.texts != ["sv.cancel.ok"]
    assert hall.running(ORDINARY) == ["LDXS"]


@pytest.mark.parametrize(
    ("order", "undo"),
    [
        ("KTEDU100", "QXEDU"),
        ("KTCL", "QXCL"),
        ("KTYX5", "QXYX"),
        ("KTYX20", "QXYX20"),
        ("KTHZ#13800138002#739204", "QXHZ"),
        ("KTTZ", "QXED"),
        ("TCBG#QQT188#739204", "QXBG"),
        ("KTGJCT#739204", "QXGJCT#739204"),
    ],
)
def test_the_code_that_would_undo_it_is_a_no(hall: HallWorld, order: str, undo: str) -> None:
    """Whatever it is that waits."""
    phone = talk(hall, ORDINARY, order, undo)
    assert phone.last is not None
    assert phone.last.result == "declined"
    assert phone.dialogue.pending == ()
    phone.sends("是")
    assert hall.running(ORDINARY) == ["LDXS"]


def test_the_code_of_something_else_undoes_nothing(hall: HallWorld) -> None:
    """It is a wish of its own, and the confirm goes on waiting."""
    phone = talk(hall, TWELVE, "KTDX20", "QXCL")
    assert phone.texts == ["sv.cancel.confirm", "confirm.besides"]


@pytest.mark.parametrize("word", ["N", "不退了", "算了", "0000", "KTCL", "好的"])
def test_who_keeps_a_service_is_told_that_it_stays(hall: HallWorld, word: str) -> None:
    """Not that it is not done, which reads as if it were off."""
    said = (phone := Phone(hall, TWELVE)).sends("QXCL") and phone.sends(word)
    assert "彩铃没有退订,仍为开通" in said
    assert "没有办理" not in said
    phone.sends("Y")
    assert "CL" in hall.running(TWELVE)


@pytest.mark.parametrize(
    ("texts", "stays"),
    [
        (("2010",), "原服务密码仍然有效"),
        (("TJ", "739204"), "没有停机"),
        (("CZ#13800138002#860000000000000001",), "充值卡仍可使用"),
        (("TCBG#QQT188#739204",), "仍使用原套餐"),
        (("BK", "739204"), "原SIM卡仍可使用"),
        (("0000", "QXYW#LDXS"), ""),
    ],
)
def test_after_a_no_it_is_said_what_stays(
    hall: HallWorld, texts: tuple[str, ...], stays: str
) -> None:
    """In a sentence of its own kind."""
    phone = talk(hall, ORDINARY, *texts)
    assert stays in phone.sends("算了")


# -- neither yes nor no --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["是?", "是？", "“是”?", "是吗", "是不是马上扣钱", "是谁让你开的", "多少钱一个月?",
     "YES?", "是~", "是…", "是;", "(是)?"],
)  # fmt: skip
def test_a_question_is_no_consent(hall: HallWorld, text: str) -> None:
    """It is answered with what is to be confirmed, which goes on waiting."""
    phone = talk(hall, ORDINARY, "KTLL10", text)
    assert phone.texts == ["sv.confirm"]
    assert hall.running(ORDINARY) == ["LDXS"]
    phone.sends("是")
    assert hall.running(ORDINARY) == ["LDXS", "LL10"]


@pytest.mark.parametrize(
    "text", ["不是", "等一下", "否定", "不是我要的", "可以不要吗", "能不能取消?", "别开"]
)
def test_what_is_no_yes_orders_nothing(hall: HallWorld, text: str) -> None:
    """However it begins."""
    phone = talk(hall, ORDINARY, "KTLL10", text)
    assert phone.texts == ["sv.not_ordered"]
    phone.sends("是")
    assert hall.running(ORDINARY) == ["LDXS"]


@given(
    st.sampled_from(["是", "YES", "Y", "1"]),
    st.text(st.sampled_from("?？吗呢~、;:…·-_¿谁,，是不 "), min_size=1, max_size=4),
)
def test_only_the_bare_word_is_a_yes(word: str, more: str) -> None:
    """C1.1 lists what may be dropped before it is compared; nothing else may."""
    register = own_conf().register
    if not more.strip():
        return
    for pending in (TWICE, ONCE):
        for text in (word + more, more + word):
            said = understand(text, Dialogue(pending=(pending,)), register)
            assert not (isinstance(said, ConfirmAnswer) and said.yes), text


@given(st.sampled_from(sorted(LEAVES)), st.text(st.sampled_from('。.!！?？ "”'), max_size=3))
def test_a_word_that_leaves_is_a_no_to_every_confirm(word: str, more: str) -> None:
    """With any ending."""
    for pending in (TWICE, ONCE):
        dialogue = Dialogue(pending=(pending,))
        assert understand(word + more, dialogue, own_conf().register) == ConfirmAnswer(
            pending, word, yes=False
        )


def test_a_number_with_a_question_mark_picks_no_order(hall: HallWorld) -> None:
    """Of those that wait: it is asked for once more."""
    phone = talk(hall, ORDINARY, "KTLL10", "KTCL", "是")
    assert phone.texts == ["confirm.which"]
    phone.sends("2?")
    assert phone.texts[0] == "sv.confirm"
    assert hall.running(ORDINARY) == ["LDXS"]


def test_a_question_about_what_is_gone_or_over_says_so(hall: HallWorld) -> None:
    phone = talk(hall, ORDINARY, "KTLL10")
    hall.orders.placed.clear()
    phone.sends("是?")
    assert phone.texts == ["confirm.gone"]
    phone = talk(hall, ORDINARY, "KTLL10")
    phone.now += 24 * 3600
    phone.sends("是?")
    assert phone.texts == ["sv.expired"]


# -- another command -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["YE", "查话费", "CXYL", "ZF#LL30", "YE#13800138002#123456", "MMXG 1"]
)
def test_another_command_is_served_and_what_waits_is_told(hall: HallWorld, text: str) -> None:
    """It has not answered anything; the confirm's own sentence says so too."""
    phone = Phone(hall, ORDINARY)
    assert "发送其他指令不影响本次确认" in phone.sends("KTLL10")
    assert "10元流量包仍待确认" in phone.sends(text)
    phone.sends("是")
    assert hall.running(ORDINARY) == ["LDXS", "LL10"]


def test_a_newer_order_in_its_place_is_told(hall: HallWorld) -> None:
    """The older is ordered by nothing any more; the same once more is not worth a word."""
    phone = Phone(hall, ORDINARY)
    phone.sends("KTLL10")
    assert "此前待确认的10元流量包不再办理" in phone.sends("KTLL30")
    phone.sends("KTLL30")
    assert phone.texts == ["sv.confirm"]
    phone.sends("是")
    assert hall.running(ORDINARY) == ["LDXS", "LL30"]


def test_after_a_no_to_one_of_two_the_other_is_told(hall: HallWorld) -> None:
    """And after a yes."""
    phone = talk(hall, ORDINARY, "KTLL10", "KTCL", "N")
    assert phone.texts == ["sv.not_ordered", "confirm.waiting"]
    phone = talk(hall, ORDINARY, "KTLL10", "2010", "是")
    assert phone.texts == ["sv.ok", "confirm.waiting"]


def test_what_waits_too_long_is_not_told_any_more(hall: HallWorld) -> None:
    """Its end is, when it is answered."""
    phone = talk(hall, ORDINARY, "KTLL10")
    phone.now += 24 * 3600
    phone.sends("YE")
    assert phone.texts == ["q.balance.pre.ok"]
    phone.sends("是")
    assert phone.texts == ["sv.expired"]


def test_00000_cancels_nothing(hall: HallWorld) -> None:
    """It shows what there is, or says no to what waits."""
    before = hall.running(TWELVE)
    talk(hall, TWELVE, "00000", "00000", "Y", "是", "0000", "1", "00000", "Y")
    assert hall.running(TWELVE) == before


# -- the network has not taken what asked ----------------------------------------------------------


@pytest.mark.parametrize(("order", "yes"), [("KTLL10", "是"), ("2010", "Y"), ("TJ#739204", "Y")])
def test_a_yes_to_what_nobody_was_shown_agrees_to_nothing(
    hall: HallWorld, order: str, yes: str
) -> None:
    """It is asked again, and that may be agreed to."""
    hall.random.draws = ["528461"]
    phone = Phone(hall, ORDINARY, reached=False)
    phone.sends(order)
    asked = phone.texts[0]
    phone.sends(yes)
    assert phone.texts == [asked]
    assert (hall.orders.answers, hall.accounts.charges) == ([], [])
    phone.reached = True
    phone.sends(yes)
    assert len(hall.orders.placed) == 1
    phone.sends(yes)
    assert phone.last is not None
    assert phone.last.changed


def test_a_no_needs_no_text_that_arrived(hall: HallWorld) -> None:
    """Nothing is done by it."""
    phone = Phone(hall, ORDINARY, reached=False)
    phone.sends("KTLL10")
    phone.sends("N")
    assert phone.texts == ["sv.not_ordered"]
    assert hall.orders.placed == {}


def test_what_cannot_be_done_any_more_is_not_asked_again(hall: HallWorld) -> None:
    """It is refused, and waits no longer."""
    phone = Phone(hall, ORDINARY)
    phone.sends("KTLL10")
    hall.alter(ORDINARY, balance_fen=0)
    phone.sends("是?")
    assert phone.texts == ["sv.err.balance"]
    assert (phone.dialogue.pending, hall.orders.placed) == ((), {})
