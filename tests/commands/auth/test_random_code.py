"""Stories of random codes: password and code together are A3, and a code is good for one thing."""

from __future__ import annotations

import pytest

from commands.model.accounts import NumberState
from commands.model.request import Channel
from tests.commands.fakes import HallWorld, world
from tests.commands.phone import Phone

STOPPED = "13800138008"  # suspended by its owner, password 258096
CODE = "482915"


@pytest.fixture
def hall() -> HallWorld:
    made = world()
    made.random.draws = [CODE, "604827", "918273"] + [f"55{n:04}" for n in range(20)]
    return made


@pytest.fixture
def phone(hall: HallWorld) -> Phone:
    return Phone(hall, STOPPED)


def test_a_code_goes_to_the_phone_and_opens_what_it_was_sent_for(
    hall: HallWorld, phone: Phone
) -> None:
    """The password first, then six digits, then the confirm."""
    phone.sends("FJ")
    assert phone.texts == ["auth.ask_pw"]
    phone.sends("258096")
    assert phone.texts[:2] == ["auth.ask_otp", "auth.otp"]
    assert phone.last is not None
    letter = phone.last.replies[1]
    assert (letter.to, letter.secret) == (STOPPED, True)
    phone.sends(CODE)
    assert phone.texts == ["st.resume.confirm"]
    assert hall.account(STOPPED).state is NumberState.SUSPENDED
    phone.sends("Y")
    assert hall.account(STOPPED).state is NumberState.NORMAL


def test_a_code_without_the_password_is_worth_nothing(hall: HallWorld, phone: Phone) -> None:
    """It is asked for before any code is sent."""
    phone.sends("FJ")
    phone.sends(CODE)
    assert phone.texts[0] == "auth.pw_wrong"
    assert hall.codes.by_number == {}


def test_a_wrong_code_may_be_tried_three_times(hall: HallWorld, phone: Phone) -> None:
    """Then it is worth nothing, even if it comes right at last."""
    phone.sends("FJ#258096")
    for left in (2, 1):
        assert f"还可输入{left}次" in phone.sends("111222")
    phone.sends("111222")
    assert phone.texts == ["auth.otp_none"]
    for _ in range(2):
        phone.sends(CODE)
    assert hall.account(STOPPED).state is NumberState.SUSPENDED
    assert not phone.dialogue.pending


def test_too_few_digits_are_a_slip(phone: Phone) -> None:
    """They do not count as a try."""
    phone.sends("FJ#258096")
    for _ in range(5):
        phone.sends("48291")
        assert phone.texts == ["auth.otp_shape"]
    phone.sends(CODE)
    assert phone.texts == ["st.resume.confirm"]


def test_a_code_lasts_five_minutes(hall: HallWorld, phone: Phone) -> None:
    """And no second longer."""
    phone.sends("FJ#258096")
    phone.now += 5 * 60
    phone.sends(CODE)
    assert phone.texts == ["auth.otp_expired"]
    assert hall.codes.by_number == {}


def test_a_code_is_used_once(hall: HallWorld, phone: Phone) -> None:
    """Typed again it is an answer to the confirm, and not yes."""
    phone.sends("FJ#258096")
    for _ in range(2):
        phone.sends(CODE)
    assert phone.texts == ["st.resume.kept"]
    assert hall.account(STOPPED).state is NumberState.SUSPENDED


def test_a_code_is_bound_to_its_operation(hall: HallWorld) -> None:
    """Sent for an exchange of points, it resumes no number."""
    hall.alter(STOPPED, state=NumberState.NORMAL, points=5000)
    phone = Phone(hall, STOPPED)
    phone.sends("DH#HF10#258096")
    assert phone.texts[0] == "auth.ask_otp"
    hall.alter(STOPPED, state=NumberState.SUSPENDED)
    phone.sends("FJ#258096")  # too soon for a second code
    assert phone.texts[0] == "auth.otp_limit"
    phone.sends(CODE)
    assert hall.account(STOPPED).state is NumberState.SUSPENDED
    assert not phone.dialogue.pending


def test_a_code_for_another_thing_on_another_channel_proves_nothing_here(hall: HallWorld) -> None:
    """Two dialogues of one number: the newest code is the other one's."""
    hall.alter(STOPPED, points=5000)
    here, there = Phone(hall, STOPPED), Phone(hall, STOPPED, channel=Channel.USSD, interface="18")
    here.sends("FJ#258096")
    hall.alter(STOPPED, state=NumberState.NORMAL)
    here.now = there.now = here.now + 60
    there.sends("DH#HF10#258096")
    assert there.texts == ["auth.ask_otp", "auth.otp"]
    hall.alter(STOPPED, state=NumberState.SUSPENDED)
    here.sends("604827")
    assert here.texts == ["auth.otp_none"]
    assert not here.dialogue.pending


def test_a_code_is_bound_to_its_number(hall: HallWorld) -> None:
    """What was sent to one phone proves nothing for another."""
    other = Phone(hall, "13800138001")
    hall.alter("13800138001", state=NumberState.SUSPENDED)
    Phone(hall, STOPPED).sends("FJ#258096")
    other.sends("FJ#739204")
    other.sends(CODE)
    assert other.texts == ["auth.otp_wrong"]


def test_one_code_a_minute(phone: Phone) -> None:
    """Who asks again meanwhile is told so, and the first one still counts."""
    phone.sends("FJ#258096")
    phone.now += 59
    assert "请1分钟后再试;今日还可发送9次" in phone.sends("YZM")
    phone.sends("FJ#258096")
    assert phone.texts[0] == "auth.otp_limit"
    phone.sends(CODE)
    assert phone.texts == ["st.resume.confirm"]


def test_another_code_takes_the_first_ones_place(phone: Phone) -> None:
    """YZM sends it, for the operation that waits."""
    phone.sends("FJ#258096")
    phone.now += 60
    phone.sends("yzm")
    assert phone.texts == ["auth.ask_otp", "auth.otp"]
    phone.sends(CODE)
    assert phone.texts == ["auth.otp_wrong"]
    phone.sends("604827")
    assert phone.texts == ["st.resume.confirm"]


def test_ten_codes_a_day(phone: Phone) -> None:
    """A sliding day; the minute's wait is told apart from the day's."""
    phone.sends("FJ#258096")
    for _ in range(9):
        phone.now += 60
        phone.sends("SJM")
        assert phone.texts[0] == "auth.ask_otp"
    phone.now += 60
    assert "今日还可发送0次" in phone.sends("YZM")
    phone.now += 24 * 3600
    phone.sends("FJ#258096")
    assert phone.texts[0] == "auth.ask_otp"


@pytest.mark.parametrize("text", ["YZM", "SJM", "随机码", "sjm。"])
def test_no_code_is_sent_for_nothing(hall: HallWorld, text: str) -> None:
    """Only for what waits for one."""
    phone = Phone(hall, "13800138001")
    phone.sends(text)
    assert phone.texts == ["auth.otp_none"]
    phone.sends("TJ")
    phone.sends(text)
    assert phone.texts == ["auth.otp_none", "step.waiting"]
    assert hall.codes.by_number == {}


def test_no_dialogue_holds_a_code(phone: Phone) -> None:
    """Neither what was sent nor what was typed."""
    phone.sends("FJ#258096")
    assert CODE not in str(phone.dialogue)
    phone.sends(CODE)
    assert CODE not in str(phone.dialogue)
    assert CODE not in str(phone.last)
