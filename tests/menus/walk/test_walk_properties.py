"""Whatever is typed and however commands end: the walk stays in the book and never raises."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import combinations, islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands.model.numbered_list import row_numbers
from commands.model.request import Channel as Spoke
from menus.lint.screen_size import worst_view
from menus.model.book import CommandEnding, Option
from menus.model.conditions import MenuUser
from menus.model.position import Position, from_json
from menus.model.steps import (
    AnswerCommand,
    CommandResult,
    EndDialogue,
    RunCommand,
    ShowScreen,
    TransferCall,
)
from menus.model.text_size import fits_ussd
from menus.model.wording import MenuChannel
from menus.walk import walk
from menus.walk.screens import pages
from tests.menus.books import SOMEBODY, own, own_world

KEYS = st.sampled_from([*"0123456789*#", "", "12", "1,2", "13800138002", "739204", "8" * 18])
INPUTS = st.lists(KEYS | st.text(max_size=30), max_size=25)
OUTCOMES = st.builds(
    CommandResult, st.sampled_from(list(CommandEnding)), st.text(max_size=300), st.booleans()
)
_KEY = re.compile(r"^([0-9]{1,2})", re.MULTILINE)
CALLERS = st.builds(
    MenuUser,
    brand=st.sampled_from(["QQT", "MZ", "SZX", ""]),
    star=st.integers(0, 5),
    level=st.integers(0, 3),
    minute=st.integers(0, 1439),
    offers=st.booleans(),
)
ENTRIES = st.sampled_from(
    [(channel, entry) for channel, starts in own().entries.items() for entry in starts]
)


@settings(max_examples=300, deadline=None)
@given(ENTRIES, st.sampled_from(["zh", "en"]), CALLERS, INPUTS, st.data())
def test_no_input_leaves_the_book_or_raises(
    start: tuple[MenuChannel, str],
    language: str,
    caller: MenuUser,
    inputs: list[str],
    data: st.DataObject,
) -> None:
    """Every step is a screen that fits, a command, or the end; every position can be stored."""
    book = own()
    walked = walk.begin(book, *start, caller, language=language)
    for typed in inputs:
        position = from_json(json.loads(json.dumps(walked.position.as_json())))
        assert position == walked.position
        match walked.step:
            case ShowScreen(screen, text):
                assert screen in book.screens
                assert start[0] is not MenuChannel.USSD or fits_ussd(text)
                walked = walk.step(book, position, typed, caller, walked.ahead)
            case RunCommand() | AnswerCommand():
                outcome = data.draw(OUTCOMES)
                walked = walk.resume(book, position, outcome, caller, walked.ahead)
            case EndDialogue(text):
                assert start[0] is not MenuChannel.USSD or fits_ussd(text)
                break
            case TransferCall(_, screen):
                assert screen in book.screens
                break
        assert len(walked.position.trail) <= book.limits.trail


@settings(deadline=None)
@given(st.integers(1, 60), st.integers(1, 40), st.sampled_from(["zh", "en"]))
def test_each_key_of_a_list_means_one_thing(rows: int, longest: int, language: str) -> None:
    """However many rows there are and however long: on every page each key stands once, a row of
    it is chosen, and a row of another page is not."""
    book, told = own(), list(islice(row_numbers(Spoke.USSD), rows))
    label = "业务名称" * 10 if language == "zh" else "Name of it " * 4
    words = "\n".join([label[:2], *(f"{n} {label[: 1 + n * 7 % longest]}x" for n in told)])
    at = Position(
        book.version,
        MenuChannel.USSD,
        "*139#",
        "listed",
        language,
        command_at="hall/un.list",
        running=True,
    )
    shown = walk.resume(book, at, CommandResult(CommandEnding.LIST, words), SOMEBODY)
    seen: list[str] = []
    while isinstance(shown.step, ShowScreen):
        keys = _KEY.findall(shown.step.text)
        assert len(keys) == len(set(keys))
        here = [key for key in keys if int(key) in told]
        seen += here
        for number in told:
            step = walk.step(book, shown.position, str(number), SOMEBODY).step
            assert isinstance(step, AnswerCommand) is (str(number) in here)
        if shown.step.page + 1 == shown.step.pages:
            break
        shown = walk.step(book, shown.position, "9", SOMEBODY)
    assert seen == [str(n) for n in told]


@pytest.mark.parametrize("channel", list(MenuChannel))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_key_of_a_menu_means_one_thing(channel: MenuChannel, language: str) -> None:
    """Of what is shipped, at its longest: no key stands twice, and none is the hall's own."""
    book, world = own(), own_world()
    facts = dict(world.facts[language])
    for screen in book.screens.values():
        seen = worst_view(book, screen, channel, language, facts)
        pairs = _as_written(list(combinations(seen.live, 2)))
        assert all(a.key != b.key or not world.together(a.when, b.when) for a, b in pairs)
        if channel is MenuChannel.USSD and len(pages(seen)) > 1:
            assert "9" not in {option.key for option in seen.live}


def _as_written(pairs: list[tuple[Option, Option]]) -> list[tuple[Option, Option]]:
    """With the conditions that the worst view leaves out."""
    written = {o.place: o for screen in own().screens.values() for o in screen.options}
    return [(replace(written[a.place], key=a.key), replace(written[b.place], key=b.key))
            for a, b in pairs]  # fmt: skip
