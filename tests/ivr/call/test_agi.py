"""AGI commands and results as they stand in AMI."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.ami.messages import Unsendable
from ivr.call.agi import (
    MOST_SOUNDS,
    AgiResult,
    parse_agi_result,
    quote_argument,
    sound_lists,
)


@pytest.mark.parametrize(
    ("encoded", "expected"),
    [
        ("200%20result%3D0%0A", AgiResult(200, "0", "")),
        ("200%20result%3D1%20(a%20b%25%E4%BD%99%E9%A2%9D)%0A", AgiResult(200, "1", "a b%余额")),
        ("200%20result%3D1%20()%0A", AgiResult(200, "1", "")),
        ("200%20result%3D-1%20endpos%3D0%0A", AgiResult(200, "-1", "")),
        ("200%20result%3D12%20(timeout)%0A", AgiResult(200, "12", "timeout")),
        ("510%20Invalid%20or%20unknown%20command%0A",
         AgiResult(510, "", "Invalid or unknown command")),
        ("", AgiResult(0, "", "")),
    ],
)  # fmt: skip
def test_results_of_a_real_asterisk(encoded, expected):
    """Golden: as Asterisk 22 wrote them."""
    assert parse_agi_result(encoded) == expected


@pytest.mark.parametrize(("value", "number"), [("0", 0), ("-1", -1), ("", -1), ("x", -1)])
def test_a_result_that_is_no_number_is_a_failure(value, number):
    """Nothing but a number says that it went well."""
    assert AgiResult(200, value, "").number == number


@given(st.text())
def test_any_text_comes_back(text):
    """Parentheses and percent signs in a variable are its own."""
    if "\n" not in text:
        assert parse_agi_result(quote(f"200 result=1 ({text})\n")).text == text


@given(st.text())
def test_no_result_breaks_us(text):
    """Whatever comes, it is read as something."""
    parse_agi_result(text)


def test_quotation_marks_in_an_argument():
    """AGI's own escapes."""
    assert quote_argument('say "hi" \\ bye') == '"say \\"hi\\" \\\\ bye"'


@given(st.lists(st.text("abc/余", min_size=1, max_size=40), max_size=80))
def test_long_announcements_are_divided(names):
    """Every sound is in one of the lists, in order, and each list can be sent."""
    lists = sound_lists(names)
    assert [name for each in lists for name in each.split("&")] == names
    assert all(len(each.encode()) <= MOST_SOUNDS for each in lists)


@pytest.mark.parametrize("name", ["a&b", "a,b", 'a"b', "a\nb", "${a}", ""])
def test_a_sound_that_would_be_several_is_refused(name):
    """A name is one name."""
    with pytest.raises(Unsendable):
        sound_lists([name])


def test_what_was_typed_is_not_shown():
    """A result may carry a password; whoever writes it into a log shows none."""
    assert "739204" not in repr(parse_agi_result("200 result=1 (OK:739204:739204)"))
