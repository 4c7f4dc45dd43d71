"""Screens cut into pages: every page fits, and nothing is lost between them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menus.model.text_size import fits_ussd
from menus.walk.screens import View, abridged, corrected, pages

LINES = st.text(st.sampled_from("汉字,。 a{1😀"), min_size=1, max_size=120)
NEXT, BACK = "9下一页", "0返回"


def seen(body: str, *options: str) -> View:
    return View(body, options, "", NEXT, BACK)


@given(LINES, st.lists(LINES, max_size=8))
def test_every_page_fits_and_has_its_keys(body: str, options: list[str]) -> None:
    """Back on every page, next on all but the last."""
    found = pages(seen(body, *options))
    assert all(map(fits_ussd, found))
    assert all(page.split("\n")[-1] == BACK for page in found)
    assert all(page.split("\n")[-2] == NEXT for page in found[:-1])


@given(LINES, st.lists(LINES, max_size=8))
def test_nothing_is_lost_between_pages(body: str, options: list[str]) -> None:
    """All the words are there, in their order; blanks at a cut are not missed."""
    found = pages(seen(body, *options))
    said = [line for page in found for line in page.split("\n") if line not in (NEXT, BACK)]
    assert "".join(said).replace(" ", "") == "".join([body, *options]).replace(" ", "")


def test_a_page_that_just_fits_is_one_page() -> None:
    """Seventy-nine units with its back line; one more makes two pages."""
    body = "汉" * (79 - len(f"\n{BACK}"))
    assert pages(seen(body)) == (f"{body}\n{BACK}",)
    assert len(pages(seen(body + "字"))) == 2


def test_a_character_outside_the_plane_is_never_halved() -> None:
    """It takes two units: with one unit left it goes to the next page."""
    room = 79 - len(f"\n{NEXT}\n{BACK}")
    first, second = pages(seen("汉" * (room - 1) + "😀" * 6))
    assert first == "汉" * (room - 1) + f"\n{NEXT}\n{BACK}"
    assert second == "😀" * 6 + f"\n{BACK}"


def test_options_are_not_cut() -> None:
    """What does not fit beside the others goes to the next page whole."""
    options = [f"{n}套餐变更资费说明{n}" for n in range(1, 9)]
    found = pages(seen("请选择", *options))
    assert len(found) == 2
    lines = [line for page in found for line in page.split("\n")]
    assert set(options) <= set(lines)


def test_a_long_text_is_cut_behind_a_stop() -> None:
    """If there is one near the end of the page."""
    body = "一" * 60 + "。" + "二" * 60
    assert pages(seen(body))[0].startswith("一" * 60 + "。\n")


def test_a_list_is_cut_between_its_lines() -> None:
    """Nobody has to put a price together from two pages."""
    lines = [f"{n}全球通商务{n}28元套餐{n}28元" for n in range(1, 9)]
    found = pages(seen("\n".join(lines)))
    assert len(found) > 1
    shown = [line for page in found for line in page.split("\n")]
    assert [line for line in shown if line not in (NEXT, BACK)] == lines


@pytest.mark.parametrize("before", range(62, 72))
def test_an_amount_is_not_cut(before: int) -> None:
    """Wherever it stands; its point ends nothing."""
    found = pages(seen("一" * before + "1000.05元" + "二" * 60))
    assert any("1000.05" in page for page in found)


def test_what_is_too_long_for_a_phone_is_begun_on_one_page() -> None:
    """With all its keys, and a note where the rest is."""
    page = abridged(seen("很长" * 200, "1确认"), "全文将以短信发送。")
    assert fits_ussd(page)
    assert page.endswith("\n全文将以短信发送。\n1确认\n0返回")


def test_a_correction_takes_the_longest_note_that_fits() -> None:
    """The page itself is never cut for it."""
    assert corrected("汉" * 60, "输入有误,请重新输入。", "输入有误。").startswith("输入有误,请")
    assert corrected("汉" * 72, "输入有误,请重新输入。", "输入有误。").startswith("输入有误。")
    assert corrected("汉" * 79, "输入有误。") == "汉" * 79
