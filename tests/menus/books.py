"""Books of menus for tests: written as an operations person would, bound as the gateway does."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from gateway.config import business
from gateway.config.checked_yaml import fit, parse
from gateway.config.menu_files import read_menus
from gateway.config.menu_world import world_of
from gateway.wording.tariff_references import values_of
from menus.load.binding import bind
from menus.load.menu_file import MenuFile
from menus.model.book import Book, BookProblem, CommandEnding
from menus.model.conditions import MenuUser
from menus.model.steps import CommandResult, ShowScreen, WalkResult, WalkStep
from menus.model.surroundings import BookSurroundings
from menus.model.wording import MenuChannel
from menus.tools.scripts import ScriptUser
from menus.walk import walk
from tests.commands.fakes import OWN_CONF, SIGNATURE

OWN = OWN_CONF / "menus"
SOMEBODY = MenuUser(
    brand="QQT", star=3, facts={"zh": {"brand": "全球通"}, "en": {"brand": "GoTone"}}
)

# What every small book of a test leans on.
PHRASES = """
phrases:
  option:
    zh: "{key}{label}"
    en: "{key} {label}"
    voice: {zh: "{label}请按{key}。", en: "For {label}, press {key}."}
  next: {zh: 9下一页, en: 9 Next}
  back: {zh: 0返回, en: 0 Back, voice: {zh: 返回请按星号键。, en: "To go back, press star."}}
  exit: {zh: 0退出, en: 0 Exit, voice: ""}
  again: {zh: "", en: "", voice: {zh: 重听请按9。, en: "To hear this again, press 9."}}
  human: {zh: "", en: "", voice: {zh: 人工请按0。, en: "For a person, press 0."}}
  wrong: {zh: "输入有误,请重新输入。", en: "Not understood, please try again."}
  wrong_short: {zh: 输入有误。, en: Try again.}
  too_many: {zh: 错误过多。, en: Too many wrong inputs.}
  too_long: {zh: 时间过长。, en: Too long.}
  goodbye: {zh: 再见。, en: Goodbye.}
  by_sms: {zh: 全文将以短信发送。, en: The rest follows by SMS.}
  late: {zh: 结果将以短信发送。, en: The result follows by SMS.}
  sorry: {zh: 系统正忙。, en: Sorry.}
"""


@cache
def own_conf() -> business.BusinessConfiguration:
    return business.load(OWN_CONF, signature=SIGNATURE)


@cache
def own_world() -> BookSurroundings:
    """What the shipped menus may lean on."""
    return world_of(own_conf(), SIGNATURE)


def own_tariff(caller: ScriptUser, language: str) -> Mapping[str, str]:
    """The shipped prices."""
    return values_of(own().references, own_conf().catalogue, language, caller.brand)


@cache
def own() -> Book:
    """The book that is shipped."""
    return read_menus(OWN).book


def bound(text: str) -> tuple[Book, list[BookProblem]]:
    files = {
        name: fit(parse(content, name), MenuFile)
        for name, content in (("phrases.yaml", PHRASES), ("menu.yaml", text))
    }
    return bind(files)


def book_of(text: str) -> Book:
    """The book of one file beside the phrases. It must be a sound one."""
    book, flaws = bound(text)
    assert flaws == []
    return book


class Dialogue:
    """Somebody walking a book, with the outcomes that their commands will have."""

    def __init__(
        self,
        book: Book,
        channel: MenuChannel = MenuChannel.USSD,
        entry: str = "*139#",
        caller: MenuUser = SOMEBODY,
        language: str = "zh",
    ) -> None:
        self.book, self.caller = book, caller
        self.walked: WalkResult = walk.begin(book, channel, entry, caller, language=language)

    @property
    def step(self) -> WalkStep:
        return self.walked.step

    @property
    def text(self) -> str:
        assert isinstance(self.step, ShowScreen), self.step
        return self.step.text

    @property
    def screen(self) -> str:
        return self.walked.position.screen

    def type(self, *keys: str) -> WalkStep:
        for key in keys:
            self.walked = walk.step(
                self.book, self.walked.position, key, self.caller, self.walked.ahead
            )
        return self.step

    def answered(self, ending: CommandEnding, words: str = "", *, secret: bool = False) -> WalkStep:
        outcome = CommandResult(ending, words, secret)
        self.walked = walk.resume(
            self.book, self.walked.position, outcome, self.caller, self.walked.ahead
        )
        return self.step
