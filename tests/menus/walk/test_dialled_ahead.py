"""Keys dialled ahead: typed at once, but for what must be seen first."""

from __future__ import annotations

import pytest

from menus.model.book import CommandEnding
from menus.model.fields import TypedSecret
from menus.model.steps import CommandResult, RunCommand, ShowScreen
from menus.model.wording import MenuChannel
from menus.walk import walk
from tests.menus.books import SOMEBODY, book_of, own
from tests.menus.small_book import BOOK

PROOFS = book_of("""
entries: {ussd: {"*139#": hall}, voice: {"10086": hall}}
fields: {old: {kind: password}, card: {kind: card}}
screens:
  hall:
    say: {zh: 营业厅, en: Hall}
    options:
      - {key: 1, label: {zh: 密码, en: Password}, to: old}
      - {key: 2, label: {zh: 充值, en: Recharge}, to: card}
  old: {say: {zh: 旧密码, en: Old}, collect: old, run: pw.change, with: {old: "{old}"}}
  card: {say: {zh: 卡密, en: Card}, collect: card, to: sure}
  sure:
    say: {zh: 充值?, en: Sure?}
    options:
      - {key: 1, label: {zh: 确认, en: yes}, run: rc.self, with: {card: "{card}"}}
""")


def ahead(*keys: str) -> list[TypedSecret]:
    return [TypedSecret(key) for key in keys]


def test_what_was_dialled_ahead_is_typed_at_once() -> None:
    """Up to a command, and on behind its answer."""
    walked = walk.begin(BOOK, MenuChannel.USSD, "*139#", SOMEBODY, ahead=ahead("1", "0", "3"))
    assert walked.step == RunCommand("q.balance")
    assert walked.ahead == (TypedSecret("0"), TypedSecret("3"))
    done = walk.resume(
        BOOK, walked.position, CommandResult(CommandEnding.OK, "86元"), SOMEBODY, walked.ahead
    )
    assert isinstance(done.step, ShowScreen)
    assert done.step.screen == "more"


@pytest.mark.parametrize(
    ("keys", "ending", "screen"),
    [
        (("6", "1"), CommandEnding.CONFIRM, "confirm"),
        (("6", "1", "1"), CommandEnding.PASSWORD, "ask"),
        (("6", "739204"), CommandEnding.PASSWORD, "ask"),
        (("3", "1", "2", "1"), CommandEnding.LIST, "listed"),
        (("6", "0", "1"), CommandEnding.REFUSED, "shown"),
    ],
)
def test_nothing_dialled_ahead_answers_a_question(
    keys: tuple[str, ...], ending: CommandEnding, screen: str
) -> None:
    """Nor anything behind it; the question is shown as it is, without a note of a mistake."""
    walked = walk.begin(BOOK, MenuChannel.USSD, "*139#", SOMEBODY, ahead=ahead(*keys))
    asked = walk.resume(
        BOOK, walked.position, CommandResult(ending, "10元。"), SOMEBODY, walked.ahead
    )
    assert isinstance(asked.step, ShowScreen)
    assert (asked.step.screen, asked.ahead, asked.position.wrong) == (screen, (), 0)
    assert asked.step.text.startswith("10元。")


@pytest.mark.parametrize(
    ("keys", "screen"), [(("1", "123456"), "old"), (("2", "8" * 18, "1"), "sure")]
)
def test_whatever_the_author_writes_must_be_seen_first(keys: tuple[str, ...], screen: str) -> None:
    """A password asked for by the menu itself, and a yes that is an option like any other."""
    walked = walk.begin(PROOFS, MenuChannel.USSD, "*139#", SOMEBODY, ahead=ahead(*keys))
    assert isinstance(walked.step, ShowScreen)
    assert (walked.step.screen, walked.ahead) == (screen, ())


def test_which_of_our_screens_must_be_seen() -> None:
    """All that ask for a yes, a proof or a row, and those that pass on a card or a recording."""
    must = {name for name, screen in own().screens.items() if own().must_be_seen(screen)}
    assert must == {
        "ask_checked",
        "confirm", "ask_password", "ask_code", "ask_input", "listed", "recharge_sure",
        "heard_complaint", "heard_suggestion", "heard_fault",
    }  # fmt: skip


def test_a_mistake_ends_what_was_dialled_ahead() -> None:
    """The rest would be typed at the wrong screen."""
    walked = walk.begin(BOOK, MenuChannel.USSD, "*139#", ahead=[TypedSecret("8"), TypedSecret("1")])
    assert isinstance(walked.step, ShowScreen)
    assert walked.position.screen == "hall"
