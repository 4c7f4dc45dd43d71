"""What changes for a subscriber between two books."""

from __future__ import annotations

from pathlib import Path

from menus.tools.diff import changes, replayed, walked_through
from menus.tools.scripts import MenuScript, ScriptBeat
from tests.menus.books import book_of

SOUND = (Path(__file__).parents[1] / "sound.yaml").read_text(encoding="utf-8")
OLD = book_of(SOUND)
RECORDED = MenuScript(
    name="138****8001 at 10:05",
    channel="ussd",  # type: ignore[arg-type]
    dial="*139#",
    steps=[
        ScriptBeat(type="2"),
        ScriptBeat(type="1"),
        ScriptBeat(type="***"),
        ScriptBeat(ends={"ok": "充值成功。"}),  # type: ignore[dict-item]
    ],
)


def test_nothing_changes_between_a_book_and_itself() -> None:
    """Nothing is told."""
    assert changes(OLD, book_of(SOUND)) == []


def test_a_key_that_does_something_else_is_told_by_its_way() -> None:
    """As a subscriber would press it."""
    new = book_of(SOUND.replace("service: EDU40", "service: EDU100"))
    told = [str(change) for change in changes(OLD, new)]
    was, now = "run sv.order with service=EDU40", "run sv.order with service=EDU100"
    assert f"~ ussd *139# 3: {was} → {now}" in told
    assert f"~ voice 10086 3: {was} → {now}" in told


def test_new_words_are_told_by_screen_channel_and_language() -> None:
    """Only those that change."""
    new = book_of(SOUND.replace("en: Enter the card", "en: Card please"))
    told = [str(change) for change in changes(OLD, new)]
    assert "~ own_card on ussd in en: Enter the card → Card please" in told
    assert all("in en" in line for line in told)


def test_what_comes_and_goes_is_told() -> None:
    """With a sign before it."""
    line = "- {key: 2, label: {zh: 其他号码, en: Another number}, to: other_number}\n"
    told = [str(change) for change in changes(OLD, book_of(SOUND.replace(f"      {line}", "")))]
    assert "- ussd *139# 2 2: go other_number" in told
    assert "- ussd *139# 2 2 <number>: go other_card" in told


def test_a_recorded_dialogue_is_walked_again() -> None:
    """Its secrets are masked: something of the right shape is typed for them."""
    assert walked_through(OLD, RECORDED) == [
        "runs 'rc.self', args {'card': '***'}", "at shown",
    ]  # fmt: skip
    assert list(replayed(OLD, OLD, [RECORDED])) == []


def test_a_dialogue_that_ends_differently_is_told() -> None:
    """What it did and where it ended, before and now."""
    new = book_of(SOUND.replace("run: rc.self\n", "run: rc.self\n    on: {ok: done}\n"))
    (found,) = replayed(OLD, new, [RECORDED])
    assert found.was.endswith("at shown")
    assert found.now.endswith("end: 已受理。")
