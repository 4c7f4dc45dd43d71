"""The walk on a call: spoken in one piece, star and zero, silence."""

from __future__ import annotations

import pytest

from menus.model.steps import EndDialogue, ShowScreen, TransferCall
from menus.model.wording import MenuChannel
from menus.walk import walk
from tests.menus.books import SOMEBODY, Dialogue, own
from tests.menus.small_book import BOOK, by_day_only


def test_on_a_call_everything_is_said_in_one_piece(call: Dialogue) -> None:
    """With the keys that work everywhere."""
    assert call.text == (
        "全球通营业厅余额请按1。充值请按2。更多请按3。英文请按4。套餐请按6。重听请按9。人工请按0。"
    )
    assert call.type("9") == call.step
    assert call.screen == "hall"


def test_on_a_call_star_is_back_and_zero_a_person(call: Dialogue) -> None:
    """If they are at work."""
    call.type("3", "*")
    assert call.screen == "hall"
    assert call.type("0") == TransferCall("转人工。", "desk")


def test_at_night_nobody_is_there() -> None:
    """The screen that stands in is shown."""
    night = SOMEBODY.__class__(minute=23 * 60)
    assert Dialogue(BOOK, MenuChannel.VOICE, "10086", night).type("0") == EndDialogue("已下班。")


def test_silence_is_no_mistake_and_the_third_leads_to_a_person(call: Dialogue) -> None:
    """Nobody is hung up on, or corrected, for being slow."""
    call.type("3", "", "")
    assert call.text.startswith("更多")
    assert call.type("") == TransferCall("转人工。", "desk")


def test_who_never_presses_a_key_is_not_there(call: Dialogue) -> None:
    """No person is kept waiting for a line that is dead."""
    call.type("", "")
    assert call.text.startswith("全球通营业厅")
    assert call.type("") == EndDialogue("再见。")


@pytest.mark.parametrize(("seconds", "heard"), [(6, 3), (20, 3), (27, 2), (45, 1), (300, 1)])
def test_a_silent_call_is_over_in_time(seconds: int, heard: int) -> None:
    """However long its screens are: none is begun again that could not be heard to its end."""
    call = Dialogue(own(), MenuChannel.VOICE, "10086")
    call.type("1")
    at = call.walked.position
    for _ in range(heard - 1):
        said = walk.step(own(), at, "", seconds=seconds)
        assert isinstance(said.step, ShowScreen)
        at = said.position
    assert not isinstance(walk.step(own(), at, "", seconds=seconds).step, ShowScreen)


def test_a_minute_of_silence_ends_a_call() -> None:
    """Thirteen times six seconds, on whatever screens; any key begins the time anew."""
    night = SOMEBODY.__class__(minute=23 * 60)
    call = Dialogue(by_day_only(own()), MenuChannel.VOICE, "10086", night)
    call.type("1", *[""] * 12)
    assert call.screen == "closed"
    call.type("9", *[""] * 12)
    assert "预约回拨" in call.text
    assert call.type("") == EndDialogue("感谢使用,再见。")


def test_a_hash_behind_a_key_is_nothing(call: Dialogue) -> None:
    """People end every input with it: the menu is said again, and no mistake is counted."""
    call.type("3", "#", "#", "#")
    assert call.text.startswith("更多")
    call.type("*", "2", "#")  # which is this very number
    call.type("#")  # which is no card
    assert call.text.startswith("输入有误")


def test_silence_and_wrong_keys_are_counted_apart(call: Dialogue) -> None:
    """Who types again is not close to the end because he was slow before."""
    call.type("", "", "7", "7")
    assert call.text.startswith("输入有误,请重新输入。")
    assert call.type("7") == TransferCall("转人工。", "desk")


def test_nine_says_a_screen_again_on_a_call() -> None:
    """The same words, and no fault of the caller's."""
    caller = Dialogue(own(), MenuChannel.VOICE, "10086")
    caller.type("1", "2")
    heard = caller.text
    caller.type("9")
    assert caller.text == heard
    assert caller.walked.position.wrong == 0
