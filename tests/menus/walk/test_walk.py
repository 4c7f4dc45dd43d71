"""Walking a small book: keys, commands, fields, questions, mistakes."""

from __future__ import annotations

import json

import pytest

from menus.model.book import CommandEnding
from menus.model.fields import StoredSecret, TypedSecret
from menus.model.steps import (
    AnswerCommand,
    EndDialogue,
    RunCommand,
    ShowScreen,
)
from menus.model.wording import MenuChannel
from tests.menus.books import Dialogue, book_of
from tests.menus.small_book import BOOK


def test_a_dialogue_begins_at_its_entry(ussd: Dialogue) -> None:
    """With the caller's facts in the words, and only the options that are for them."""
    assert ussd.text == "全球通营业厅\n1余额\n2充值\n3更多\n4英文\n6套餐\n0退出"


def test_a_key_runs_a_command_and_its_answer_is_shown(ussd: Dialogue) -> None:
    """The walk names the command; somebody else runs it."""
    assert ussd.type("1") == RunCommand("q.balance")
    ussd.answered(CommandEnding.OK, "余额86.50元。")
    assert ussd.text == "余额86.50元。\n0返回"
    ussd.type("0")
    assert ussd.screen == "hall"


@pytest.mark.parametrize("typed", ["3", " 3 ", "３", "3#"])
def test_a_key_may_be_typed_in_many_ways(ussd: Dialogue, typed: str) -> None:
    """Full width, with blanks, with the # that ends an input."""
    ussd.type(typed)
    assert ussd.screen == "more"


def test_back_at_the_root_and_a_bare_hash_end_the_dialogue(ussd: Dialogue) -> None:
    """Politely."""
    assert ussd.type("0") == EndDialogue("再见。")
    assert Dialogue(BOOK).type("3", "#") == EndDialogue("再见。")


def test_a_wrong_key_shows_the_same_page_and_the_third_ends(ussd: Dialogue) -> None:
    """With a note above it."""
    before = ussd.text
    ussd.type("8")
    assert ussd.text == f"输入有误,请重新输入。\n{before}"
    ussd.type("hello")
    assert ussd.type("8") == EndDialogue("错误过多。")


def test_a_right_key_forgives_the_wrong_ones(ussd: Dialogue) -> None:
    """Three in a row are counted, on one screen."""
    ussd.type("8", "8", "3", "8", "8")
    assert ussd.screen == "more"
    assert isinstance(ussd.step, ShowScreen)


def test_fields_are_collected_and_given_to_the_command(ussd: Dialogue) -> None:
    """A secret is handed on hidden, and is not in the position."""
    ussd.type("2", "138-0013-8002")
    assert ussd.text == "为13800138002输入卡密\n0返回"
    step = ussd.type("860000000000000001")
    assert step == RunCommand(
        "rc.other", {"subject": "13800138002", "card": TypedSecret("860000000000000001")}
    )
    assert ussd.walked.keep == {"card": TypedSecret("860000000000000001")}
    assert "8600000" not in repr(ussd.walked)
    assert "8600000" not in json.dumps(ussd.walked.position.as_json())


def test_the_key_for_ones_own_number_leaves_the_field_empty(call: Dialogue) -> None:
    """And the command gets no such argument."""
    call.type("2", "#")
    assert call.screen == "card"
    step = call.type("860000000000000001#")
    assert step == RunCommand("rc.other", {"card": TypedSecret("860000000000000001")})


def test_a_screens_own_tries_come_before_the_books(ussd: Dialogue) -> None:
    """Two wrong cards are enough."""
    ussd.type("2", "13800138002", "1234")
    assert ussd.type("1234") == EndDialogue("错误过多。")


def test_a_secret_typed_earlier_is_named_not_told() -> None:
    """Whoever keeps it fills it in."""
    book = book_of("""
entries: {ussd: {"*139#": old}}
fields: {old: {kind: password}, new: {kind: password}}
screens:
  old: {say: {zh: 旧密码, en: Old}, collect: old, to: new}
  new:
    say: {zh: 新密码, en: New}
    collect: new
    run: pw.change
    with: {old: "{old}", new: "{new}"}
""")
    dialogue = Dialogue(book)
    dialogue.type("123456")
    assert dialogue.walked.keep == {"old": TypedSecret("123456")}
    step = dialogue.type("739204")
    assert step == RunCommand(
        "pw.change", {"old": StoredSecret("old"), "new": TypedSecret("739204")}
    )
    assert dialogue.walked.position.kept == ("old", "new")


def test_an_order_is_asked_about_and_carried_out(ussd: Dialogue) -> None:
    """The command asks, the screen puts the question, the answer goes back to the command."""
    assert ussd.type("6") == RunCommand("sv.order", {"service": "EDU40"})
    ussd.answered(CommandEnding.CONFIRM, "开通40小时,10元。")
    assert ussd.text == "开通40小时,10元。\n1确认\n0放弃"
    assert ussd.type("1") == AnswerCommand("yes")
    assert not ussd.walked.dropped
    assert ussd.answered(CommandEnding.OK, "办理成功。") == EndDialogue("已受理。", sms=True)


def test_giving_up_is_an_answer_too(ussd: Dialogue) -> None:
    """The command hears the no, and says what became of it."""
    ussd.type("6")
    ussd.answered(CommandEnding.CONFIRM, "开通40小时,10元。")
    assert ussd.type("0") == AnswerCommand("no")
    ussd.answered(CommandEnding.REFUSED, "没有订购。")
    assert ussd.text == "没有订购。\n0返回"


def test_leaving_a_question_drops_it(ussd: Dialogue) -> None:
    """An order that nobody answered orders nothing: whoever walks is told."""
    ussd.type("6")
    ussd.answered(CommandEnding.CONFIRM, "开通40小时,10元。")
    assert isinstance(ussd.type("#"), EndDialogue)
    assert ussd.walked.dropped


def test_a_password_is_asked_for_and_handed_on_hidden(ussd: Dialogue) -> None:
    """A wrong shape never reaches the command."""
    ussd.type("1")
    ussd.answered(CommandEnding.PASSWORD, "请输入服务密码")
    assert isinstance(ussd.type("1234"), ShowScreen)
    assert ussd.type("739204") == AnswerCommand(TypedSecret("739204"))
    ussd.answered(CommandEnding.PASSWORD, "密码不正确,还可输入2次。")
    assert ussd.text == "密码不正确,还可输入2次。\n0返回"
    ussd.type("0")
    assert ussd.screen == "hall"
    assert ussd.walked.dropped


def test_numbers_of_a_list_go_to_the_command(ussd: Dialogue) -> None:
    """One, or several with commas of any kind."""
    ussd.type("3", "1")
    ussd.answered(CommandEnding.LIST, "1来电显示5元\n2彩铃5元\n回复序号退订")
    assert ussd.type("1，2") == AnswerCommand("1,2")
    ussd.answered(CommandEnding.CONFIRM, "退订两项?")
    assert ussd.screen == "confirm"


def test_a_long_answer_is_begun_here_and_sent_by_sms(ussd: Dialogue) -> None:
    """Once: turning back to it sends nothing again."""
    ussd.type("1")
    step = ussd.answered(CommandEnding.OK, "账单" * 100)
    assert isinstance(step, ShowScreen)
    assert step.sms
    assert step.text.endswith("全文将以短信发送。\n0返回")
    step = ussd.type("7")
    assert isinstance(step, ShowScreen)
    assert not step.sms


def test_a_secret_answer_is_shown_and_forgotten(ussd: Dialogue) -> None:
    """It is in no position."""
    ussd.type("1")
    ussd.answered(CommandEnding.OK, "PUK码12345678", secret=True)
    assert "12345678" in ussd.text
    assert "12345678" not in json.dumps(ussd.walked.position.as_json())


def test_a_language_is_chosen_for_the_rest_of_the_dialogue(ussd: Dialogue) -> None:
    """Words, keys and mistakes are in it."""
    ussd.type("4")
    assert ussd.walked.position.language == "en"
    assert ussd.text.startswith("GoTone hall\n1 Balance\n")


def test_on_sms_the_answer_of_a_command_is_the_end() -> None:
    """A message is answered by a message."""
    dialogue = Dialogue(BOOK, MenuChannel.SMS, "CD")
    assert dialogue.text == "全球通营业厅1余额 2充值 3更多 4英文 6套餐 0退出"
    assert dialogue.type("1") == RunCommand("q.balance")
    assert dialogue.answered(CommandEnding.OK, "余额86.50元。") == EndDialogue("余额86.50元。")


def test_an_input_while_a_command_runs_goes_to_the_screen_before(ussd: Dialogue) -> None:
    """Its outcome was lost: nothing hangs."""
    ussd.type("1", "3")
    assert ussd.screen == "more"


def test_a_late_outcome_is_not_mistaken_for_another(ussd: Dialogue) -> None:
    """Nothing runs: where one stands is shown again."""
    ussd.type("3")
    step = ussd.answered(CommandEnding.OK, "余额86.50元。")
    assert isinstance(step, ShowScreen)
    assert step.screen == "more"
