"""Screens of several pages, and which keys and numbers count on a page."""

from __future__ import annotations

from menus.model.book import CommandEnding
from menus.model.steps import AnswerCommand, RunCommand, ShowScreen
from menus.model.wording import MenuChannel
from menus.walk import walk
from tests.menus.books import SOMEBODY, Dialogue, book_of

PAGES = book_of("""
entries: {ussd: {"*139#": hall}}
endings: {list: listed, confirm: sure}
screens:
  hall:
    say: {zh: 一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十, en: The hall}
    pages: 2
    options:
      - {key: 1, label: {zh: 一一一一一一一一一一一一一一一一一一一一, en: One}, to: one}
      - {key: 2, label: {zh: 二二二二二二二二二二二二二二二二二二二二, en: Two}, to: two}
      - {key: 9, label: {zh: 九九九九九九九九九九九九九九九九九九九九, en: Nine}, run: un.list}
  one: {say: {zh: 一, en: One}}
  two: {say: {zh: 二, en: Two}}
  listed: {say: "{result}", pick: true}
  sure:
    say: "{result}"
    options:
      - {key: 1, label: {zh: 确认, en: Yes}, answer: "yes"}
      - {key: 0, label: {zh: 放弃, en: No}, answer: "no"}
""")


def test_pages_are_turned_with_nine_and_zero(ussd: Dialogue) -> None:
    """Next, back to the first, and back out of the screen."""
    ussd.type("1")
    ussd.answered(CommandEnding.OK, "余额" * 50)
    first = ussd.text
    assert first.endswith("\n9下一页\n0返回")
    ussd.type("9")
    assert ussd.text.endswith("余额\n0返回")
    ussd.type("0")
    assert ussd.text == first
    ussd.type("0")
    assert ussd.screen == "hall"


def test_nine_is_an_option_where_there_is_no_next_page(ussd: Dialogue) -> None:
    """It leads where the screen says."""
    ussd.type("3", "9")
    assert ussd.screen == "tariff"


def test_a_key_chooses_only_what_its_page_shows() -> None:
    """The key of an option on another page is wrong there, and the page is shown again."""
    ussd = Dialogue(PAGES)
    first = ussd.text
    assert "2二" not in first
    ussd.type("2")
    assert ussd.text.endswith(first)
    ussd.type("9")
    assert "1一" not in ussd.text
    second = ussd.text
    ussd.type("1")
    assert ussd.text.endswith(second)
    ussd.type("2")
    assert ussd.screen == "two"


def test_where_pages_are_turned_no_option_has_the_key_that_turns_them() -> None:
    """It gets the first that is free; in English, on one page, it keeps its own."""
    ussd = Dialogue(PAGES)
    assert "9下一页" in ussd.text
    ussd.type("9")
    assert "3九" in ussd.text
    ussd.type("9")
    assert "输入有误" in ussd.text
    assert ussd.type("3") == RunCommand("un.list")
    english = walk.begin(PAGES, MenuChannel.USSD, "*139#", SOMEBODY, language="en")
    assert isinstance(english.step, ShowScreen)
    assert "9 Nine" in english.step.text
    assert walk.step(PAGES, english.position, "9", SOMEBODY).step == RunCommand("un.list")


def test_a_number_of_a_list_counts_on_its_own_page() -> None:
    """Numbers of other pages are wrong; one that no page has is for the command to refuse."""
    ussd = Dialogue(PAGES)
    ussd.type("9", "3")
    rows = "\n".join(f"{n}业务名称很长很长很长很长" for n in (1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12))
    ussd.answered(CommandEnding.LIST, f"已订业务:\n{rows}\n回复序号退订")
    first = ussd.text
    assert "\n10业务" not in first
    for elsewhere in ("10", "1,10", "010"):
        ussd.type(elsewhere)
        assert ussd.text.endswith(first)
        assert isinstance(ussd.step, ShowScreen)
        ussd.type("9", "0")  # mistakes in a row are counted: turn the page between them
    assert ussd.type("99") == AnswerCommand("99")
    ussd.answered(CommandEnding.LIST, f"已订业务:\n{rows}\n回复序号退订")
    ussd.type("9", "9")
    last = ussd.text
    ussd.type("9")
    assert ussd.text.endswith(last)


def test_a_key_means_what_it_did_in_the_language_that_was_shown() -> None:
    """Whatever was chosen since; what follows is in that, from its first page."""
    english = walk.begin(PAGES, MenuChannel.USSD, "*139#", SOMEBODY, language="en")
    pressed = walk.step(PAGES, english.position, "9", SOMEBODY, language="zh")
    assert pressed.step == RunCommand("un.list")
    assert pressed.position.language == "zh"
    chinese = walk.begin(PAGES, MenuChannel.USSD, "*139#", SOMEBODY)
    assert "9 Nine" not in str(chinese.step)
    turned = walk.step(PAGES, chinese.position, "9", SOMEBODY, language="en")
    assert isinstance(turned.step, ShowScreen)
    assert turned.step.text.startswith("The hall\n1 One")


def test_giving_up_stands_on_every_page_of_a_question() -> None:
    """Nobody has to guess what 0 does before the price is read to its end."""
    ussd = Dialogue(PAGES)
    ussd.type("9", "3")
    ussd.answered(CommandEnding.CONFIRM, "价格说明" * 30)
    assert ussd.text.endswith("\n9下一页\n0放弃")
    assert isinstance(ussd.type("1"), ShowScreen)
    assert ussd.type("0") == AnswerCommand("no")
