"""One spelling for all the ways a text can be written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.parser.normalising import LONGEST, normalise


@pytest.mark.parametrize(
    ("text", "upper"),
    [
        ("ye", "YE"),
        ("ＫＴＥＤＵ４０。", "KTEDU40"),
        ("  kt \t edu40 \r\n", "KT EDU40"),
        ("ＣＸＹＥ＃１３８", "CXYE#138"),
        ("ye，138", "YE,138"),
        ("“是”！", "是"),
        ("'CXYE'", "CXYE"),
        ("「余额」", "余额"),
        ("cx\u200bye\ufeff", "CXYE"),
        ("cxye\u00a0\u3000\u2003", "CXYE"),
        ("cxye\x00\x1a", "CXYE"),
        ("CXYE?!.…", "CXYE"),
        ("？", "?"),
        ("。。。", "。。。"),
        ("", ""),
        (" \u3000 ", ""),
        ("straße", "STRAßE"),  # only ASCII has upper case here
    ],
)
def test_a_text_is_spelt_in_one_way(text: str, upper: str) -> None:
    """Full width, odd blanks, unseen characters, case, quotes and endings all go."""
    assert normalise(text).upper == upper


@given(st.text())
def test_spelling_twice_changes_nothing_more(text: str) -> None:
    """What is spelt is spelt."""
    once = normalise(text)
    assert normalise(once.clean).clean == once.clean
    assert normalise(once.upper).upper == once.upper


@given(st.text())
def test_upper_case_keeps_every_place(text: str) -> None:
    """So a place found in one is a place in the other."""
    spelt = normalise(text)
    assert len(spelt.clean) == len(spelt.upper)


def test_only_so_much_of_a_text_is_looked_at() -> None:
    """A thousand characters; no command is near it."""
    assert len(normalise("x" * 100_000).clean) == LONGEST
