"""Stories of numbers that are stopped and come back."""

from __future__ import annotations

import pytest

from commands.model.accounts import NumberState
from tests.commands.fakes import NOW, HallWorld, world
from tests.commands.phone import Phone

ORDINARY, OTHER, OWES, STOPPED = (f"1380013800{n}" for n in (1, 2, 4, 8))


@pytest.fixture
def hall() -> HallWorld:
    made = world()
    made.random.draws = ["482915", "604827"]
    return made


@pytest.mark.parametrize(
    "text", ["TJ#739204", "GS#739204", "BT 739204", "停机#739204", "挂失739204"]
)
def test_ones_own_number_is_stopped_after_a_yes(hall: HallWorld, text: str) -> None:
    """Keeping it costs five yuan from the second month; nothing is charged now."""
    phone = Phone(hall, ORDINARY)
    assert "保号费5元/月,最长6个月" in phone.sends(text)
    assert hall.account(ORDINARY).state is NumberState.NORMAL
    assert "138****8001已于11月21日21时停机" in phone.sends("Y")
    assert hall.account(ORDINARY).state is NumberState.SUSPENDED
    assert "TJBH" in hall.running(ORDINARY)
    assert hall.account(ORDINARY).balance_fen == 5_680


def test_another_number_is_stopped_with_its_password(hall: HallWorld) -> None:
    """The phone is lost: it is done from any other."""
    phone = Phone(hall, OTHER)
    phone.sends(f"GS#{ORDINARY}#739204")
    assert phone.texts[0] == "st.suspend.confirm"
    phone.sends("y")
    assert hall.account(ORDINARY).state is NumberState.SUSPENDED
    assert hall.account(OTHER).state is NumberState.NORMAL


@pytest.mark.parametrize("text", ["TJ#739205", f"GS#{OTHER}#739204"])
def test_a_wrong_password_stops_nothing(hall: HallWorld, text: str) -> None:
    """It counts for the number it was tried for."""
    phone = Phone(hall, ORDINARY)
    for word in (text, "Y"):
        phone.sends(word)
    assert not phone.dialogue.pending
    assert {hall.account(n).state for n in (ORDINARY, OTHER)} == {NumberState.NORMAL}


def test_without_a_password_nothing_is_stopped(hall: HallWorld) -> None:
    """It is asked for, also for another number."""
    phone = Phone(hall, ORDINARY)
    phone.sends("TJ")
    assert phone.texts == ["auth.ask_pw"]
    phone.sends("739204")
    assert phone.texts[0] == "st.suspend.confirm"
    phone.sends(f"GS#{OTHER}")
    assert phone.texts[0] == "auth.ask_pw.other"
    phone.sends("739204")
    assert phone.texts[0] == "auth.pw_wrong"


@pytest.mark.parametrize("answer", ["N", "不", "好的"])
def test_without_a_yes_nothing_is_stopped(hall: HallWorld, answer: str) -> None:
    """Whatever else is said."""
    phone = Phone(hall, ORDINARY)
    phone.sends("TJ#739204")
    phone.sends(answer)
    assert phone.texts == ["st.suspend.kept"]
    assert hall.account(ORDINARY).state is NumberState.NORMAL


def test_it_is_done_day_and_night(hall: HallWorld) -> None:
    """Hour by hour."""
    for hour in range(24):
        phone = Phone(hall, ORDINARY, now=NOW + hour * 3600)
        phone.sends("TJ#739204")
        assert phone.texts[0] == "st.suspend.confirm"


def test_what_is_stopped_is_not_stopped_again(hall: HallWorld) -> None:
    """And keeping it is not charged twice."""
    phone = Phone(hall, STOPPED)
    phone.sends("TJ#258096")
    assert phone.texts[0] == "st.suspend.already"
    assert hall.running(STOPPED).count("TJBH") == 1


def test_a_number_in_arrears_can_be_reported_lost(hall: HallWorld) -> None:
    """Recharging does not bring it back then."""
    phone = Phone(hall, OWES)
    for text in ("GS#904671", "Y", "CZ#860000000000000001"):
        phone.sends(text)
    assert hall.account(OWES).state is NumberState.SUSPENDED


@pytest.mark.parametrize(
    "state", [NumberState.PRE_CANCELLED, NumberState.TO_CANCEL, NumberState.CANCELLED]
)
def test_what_is_given_up_cannot_be_stopped_or_resumed(hall: HallWorld, state: NumberState) -> None:
    """It is told in which state it is."""
    hall.alter(ORDINARY, state=state)
    phone = Phone(hall, ORDINARY)
    for text in ("TJ#739204", "FJ#739204"):
        phone.sends(text)
        assert phone.texts[0] == "sv.err.status"


@pytest.mark.parametrize("text", ["FJ#258096", "KJ#258096", "复机 258096"])
def test_a_stopped_number_comes_back_by_password_and_code(hall: HallWorld, text: str) -> None:
    """And a yes. Keeping it is not charged any more."""
    phone = Phone(hall, STOPPED)
    phone.sends(text)
    assert hall.account(STOPPED).state is NumberState.SUSPENDED
    phone.sends("482915")
    assert hall.account(STOPPED).state is NumberState.SUSPENDED
    assert "138****8008已恢复使用" in phone.sends("Y")
    assert hall.account(STOPPED).state is NumberState.NORMAL
    assert "TJBH" not in hall.running(STOPPED)


def test_who_owes_recharges_instead(hall: HallWorld) -> None:
    """No code is sent for it."""
    phone = Phone(hall, OWES)
    assert "因欠费20.00元停机" in phone.sends("FJ#904671")
    assert hall.codes.by_number == {}
    hall.alter(STOPPED, balance_fen=-100)
    phone = Phone(hall, STOPPED)
    phone.sends("FJ#258096")
    assert phone.texts[0] == "st.resume.owe"


def test_what_works_need_not_come_back(hall: HallWorld) -> None:
    """No code is sent for that either."""
    phone = Phone(hall, ORDINARY)
    phone.sends("FJ#739204")
    assert phone.texts[0] == "st.resume.normal"
    assert hall.codes.by_number == {}


def test_a_stopped_number_orders_nothing_and_still_asks(hall: HallWorld) -> None:
    """Until it is back."""
    phone = Phone(hall, ORDINARY)
    for text in ("KTLL10", "TJ#739204", "Y", "是"):
        phone.sends(text)
    assert "LL10" not in hall.running(ORDINARY)
    phone.sends("YE")
    assert phone.texts == ["q.balance.pre.ok"]
