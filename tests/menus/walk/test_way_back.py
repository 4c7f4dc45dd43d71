"""Ways back: circles, ends, and going on where a dialogue broke off."""

from __future__ import annotations

from menus.model.book import CommandEnding
from menus.model.position import Position
from menus.model.steps import EndDialogue
from menus.model.wording import MenuChannel
from menus.walk import walk
from tests.menus.books import SOMEBODY, Dialogue, book_of
from tests.menus.small_book import BOOK

ROUND = """
entries:
  ussd: {"*1#": one}
screens:
  one:
    say: {zh: 一, en: One}
    options: [{key: 1, label: {zh: 二, en: two}, to: two}]
  two:
    say: {zh: 二, en: Two}
    options: [{key: 1, label: {zh: 一, en: one}, to: one}]
"""


def test_going_in_circles_does_not_pile_up_ways_back(ussd: Dialogue) -> None:
    """A screen is come back to once."""
    ussd.type("4", "4", "4", "3")
    assert ussd.walked.position.trail == ("hall",)


def test_a_dialogue_has_an_end(ussd: Dialogue) -> None:
    """Sixty inputs; then it is over, whatever is typed."""
    for _ in range(60):
        ussd.type("4")
    assert ussd.type("4") == EndDialogue("Too long.")


def test_whoever_dials_again_may_go_on(ussd: Dialogue) -> None:
    """Where they stood, with what they had typed."""
    ussd.type("2", "13800138002")
    assert walk.may_go_on(BOOK, ussd.walked.position)
    ussd.walked = walk.redial(BOOK, ussd.walked.position, SOMEBODY)
    assert ussd.screen == "go_on"
    ussd.type("1")
    assert ussd.text == "为13800138002输入卡密\n0返回"


def test_an_interrupted_question_is_not_asked_again(ussd: Dialogue) -> None:
    """Nor is anybody asked whether to go on to where dialling leads anyway: who dials again then
    begins anew."""
    ussd.type("6")
    ussd.answered(CommandEnding.CONFIRM, "开通40小时,10元。")
    assert not walk.may_go_on(BOOK, ussd.walked.position)


def test_an_answer_that_was_read_is_not_gone_on_with(ussd: Dialogue) -> None:
    ussd.type("1")
    ussd.answered(CommandEnding.OK, "余额56.80元。")
    assert not walk.may_go_on(BOOK, ussd.walked.position)


def test_a_screen_that_is_gone_ends_the_dialogue() -> None:
    """The book has changed under a position that nobody should have given it."""
    lost = Position("old", MenuChannel.USSD, "*139#", "gone")
    assert walk.step(BOOK, lost, "1").step == EndDialogue("系统正忙。")


def test_coming_round_again_forgets_what_lay_between() -> None:
    """Back leads out of the first screen, however often it was come to."""
    walker = Dialogue(book_of(ROUND), entry="*1#")
    walker.type("1", "1")
    assert walker.screen == "one"
    assert isinstance(walker.type("0"), EndDialogue)
