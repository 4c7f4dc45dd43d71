"""Whatever is typed and however commands end: the walk stays in the book and never raises."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from menus import walk
from menus.book import Ending
from menus.position import from_json
from menus.steps import Answer, End, Outcome, Run, Show, Transfer
from menus.units import fits_ussd
from menus.when import Caller
from menus.wording import Channel
from tests.menus.books import own

KEYS = st.sampled_from([*"0123456789*#", "", "12", "1,2", "13800138002", "739204", "8" * 18])
INPUTS = st.lists(KEYS | st.text(max_size=30), max_size=25)
OUTCOMES = st.builds(Outcome, st.sampled_from(list(Ending)), st.text(max_size=300), st.booleans())
CALLERS = st.builds(
    Caller,
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
    start: tuple[Channel, str],
    language: str,
    caller: Caller,
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
            case Show(screen, text):
                assert screen in book.screens
                assert start[0] is not Channel.USSD or fits_ussd(text)
                walked = walk.step(book, position, typed, caller, walked.ahead)
            case Run() | Answer():
                outcome = data.draw(OUTCOMES)
                walked = walk.resume(book, position, outcome, caller, walked.ahead)
            case End(text):
                assert start[0] is not Channel.USSD or fits_ussd(text)
                break
            case Transfer(_, screen):
                assert screen in book.screens
                break
        assert len(walked.position.trail) <= book.limits.trail
