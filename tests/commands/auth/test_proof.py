"""Proof: whose phone, whose number, and passwords typed over several messages."""

from __future__ import annotations

import pytest

from commands.model.credentials import PasswordState
from commands.model.request import SELF_SERVICE, Channel
from tests.commands.fakes import HallWorld
from tests.commands.phone import Phone, story

ZHANG, LI, UNNAMED = "13800138001", "13800138002", "13800138003"
PASSWORD = {ZHANG: "739204", LI: "123456", UNNAMED: "580317"}
MINUTE, HOUR, DAY = 60, 3600, 24 * 3600


def test_ones_own_phone_is_proof_enough_for_a_question(phone: Phone) -> None:
    """R2: the network vouches for it."""
    assert "56.80" in phone.sends("YE")


def test_a_right_password_serves_any_number_from_any_phone(phone: Phone) -> None:
    """R1, on every channel; the password is advised to be deleted where it stays on the screen."""
    for channel in SELF_SERVICE:
        phone.channel = channel
        assert "12.50" in phone.sends(f"CXYE#{LI}#{PASSWORD[LI]}")
    phone.channel = Channel.SMS
    phone.sends(f"CXYE#{LI}#{PASSWORD[LI]}")
    assert phone.texts == ["q.balance.pre.ok", "auth.initial_tip", "auth.delete_tip"]


def test_another_number_without_its_password_is_refused(phone: Phone) -> None:
    """And not asked for: whoever types it next may be anybody."""
    story(phone, (f"CXYE#{LI}", "q.refuse.nopw"), ("123456", "help.lost"))
    assert phone.dialogue.step is None


def test_another_number_with_a_wrong_password_is_refused(phone: Phone) -> None:
    """And says nothing of the number."""
    answer = phone.sends(f"CXYE#{LI}#{PASSWORD[ZHANG]}")
    assert phone.texts == ["auth.pw_wrong", "auth.delete_tip"]
    assert "12.50" not in answer


def test_a_number_that_is_not_ours_has_no_right_password(phone: Phone) -> None:
    """It is told apart from no other: nobody finds out which numbers there are."""
    for text in ("auth.pw_wrong", "auth.pw_wrong", "auth.pw_locked", "auth.pw_locked"):
        story(phone, ("CXYE#13700000000#123456", text))


def test_ones_own_number_spelt_out_is_ones_own(phone: Phone) -> None:
    """With the country before it or not."""
    story(phone, (f"CXYE#{ZHANG}", "q.balance.pre.ok"), (f"YE 86{ZHANG}", "q.balance.pre.ok"))


def test_who_is_not_real_named_is_asked_for_the_password(hall: HallWorld) -> None:
    """R3: with the advice to register; typed, the question is answered."""
    phone = Phone(hall, UNNAMED)
    asked = phone.sends("YE")
    assert phone.texts == ["auth.not_realname"]
    assert "登记" in asked
    assert "3.00" in phone.sends(PASSWORD[UNNAMED])


def test_a_phone_that_nobody_vouches_for_is_no_proof(hall: HallWorld) -> None:
    """R2 holds for links that are trusted."""
    phone = Phone(hall, ZHANG, asserted=False)
    story(phone, ("YE", "auth.ask_pw"), (PASSWORD[ZHANG], "q.balance.pre.ok"))


def test_what_anybody_may_know_takes_no_proof(hall: HallWorld) -> None:
    """Not even a number of ours."""
    story(Phone(hall, "13700000000"), ("CD", "menu.main"))
    story(Phone(hall, UNNAMED), ("CD", "menu.main"))


@pytest.mark.parametrize(
    ("state", "tips"),
    [
        (PasswordState(weak=True, initial=False), ["auth.weak_tip"]),
        (PasswordState(weak=True, initial=True), ["auth.initial_tip"]),
        (PasswordState(weak=False, initial=False), []),
    ],
)
def test_a_weak_password_is_served_first_and_reminded_of_afterwards(
    hall: HallWorld, state: PasswordState, tips: list[str]
) -> None:
    """R4: only to who has given it."""
    hall.passwords.states[LI] = state
    phone = Phone(hall, LI)
    phone.sends(f"YE#{PASSWORD[LI]}")
    assert phone.texts[0].startswith("q.balance")
    phone.sends("YE")
    assert phone.texts == ["q.balance.pre.ok"]
    other = Phone(hall, ZHANG)
    other.sends(f"CXYE#{LI}#{PASSWORD[LI]}")
    assert [text for text in other.texts[1:] if text != "auth.delete_tip"] == tips


def test_a_wrong_password_may_be_typed_again_until_it_locks(hall: HallWorld) -> None:
    """R5: the lock ends the dialogue, so that the next digits are no password."""
    phone = Phone(hall, UNNAMED)
    story(
        phone,
        ("YE", "auth.not_realname"),
        ("111222", "auth.pw_wrong"),
        ("111333", "auth.pw_wrong"),
        ("111444", "auth.pw_locked"),
    )
    assert phone.dialogue.step is None


def test_a_slip_of_the_finger_is_no_guess(hall: HallWorld) -> None:
    """Five digits, or seven: it is said what is wanted, and not counted."""
    phone = Phone(hall, UNNAMED)
    story(phone, ("YE", "auth.not_realname"))
    for slip in ("58031", "5803177", "5") * 2:
        story(phone, (slip, "auth.pw_shape"))
    assert hall.passwords.tries(UNNAMED).wrong == 0
    story(phone, (PASSWORD[UNNAMED], "q.balance.pre.ok"))


def test_a_lock_closes_what_takes_a_password_and_nothing_else(hall: HallWorld) -> None:
    """One's own phone goes on asking, and no password is changed."""
    owner, friend = Phone(hall, ZHANG), Phone(hall, LI)
    for guess in ("111222", "111333", "111444"):
        owner.sends(f"BK#{guess}")
    assert owner.texts[0] == "auth.pw_locked"
    story(owner, ("YE", "q.balance.pre.ok"), ("MMXG#739204#528461#528461", "auth.pw_locked"))
    story(friend, (f"CXYE#{ZHANG}#{PASSWORD[ZHANG]}", "q.balance.pre.ok"))
    owner.now += DAY
    story(owner, ("MMXG#739204#528461#528461", "pw.changed"))


def test_a_stranger_closes_the_password_for_strangers(hall: HallWorld) -> None:
    """The owner does on his own phone whatever he did before."""
    guesser, owner = Phone(hall, LI), Phone(hall, ZHANG)
    for guess in ("111222", "111333", "111444"):
        guesser.sends(f"CXYE#{ZHANG}#{guess}")
    assert guesser.texts[0] == "auth.pw_locked"
    story(guesser, (f"CXYE#{ZHANG}#{PASSWORD[ZHANG]}", "auth.pw_locked"))
    story(owner, ("YE", "q.balance.pre.ok"), ("MMXG#739204#528461#528461", "pw.changed"))
    story(owner, ("TJ#528461", "st.suspend.confirm"), ("Y", "st.suspend.ok"))
    guesser.now += DAY
    story(guesser, (f"CXYE#{ZHANG}#528461", "q.balance.pre.ok"))


def test_a_right_password_forgives_the_wrong_ones(hall: HallWorld) -> None:
    """On the phone that gave it."""
    phone = Phone(hall, UNNAMED)
    for _ in range(3):
        story(phone, ("YE#111222", "auth.pw_wrong"), ("YE#111333", "auth.pw_wrong"))
        story(phone, (f"YE#{PASSWORD[UNNAMED]}", "q.balance.pre.ok"))
