"""Stories of guessing by machine, with thousands of numbers: it gets slow, and nobody is locked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import pytest

from commands.auth import password_check, password_spraying
from commands.model.request import Secret
from commands.model.settings import SprayLimits
from tests.commands.fakes import HallWorld, an_account, world
from tests.commands.phone import Phone

ORDINARY = "13800138001"
VICTIMS = [str(13900000000 + n) for n in range(2000)]
ATTACKER = "13700000000"
HOUR = 3600


@pytest.fixture
def hall() -> HallWorld:
    """With two thousand subscribers more, every hundredth of them with the password 246813."""
    made = world()
    for n, number in enumerate(VICTIMS):
        made.accounts.by_number[number] = an_account(number)
        made.passwords.by_number[number] = Secret("246813" if n % 100 == 99 else f"{n:06}")
    return made


def tries(phone: Phone, number: str, password: str) -> str:
    phone.sends(f"YE#{number}#{password}")
    return phone.texts[0]


def spread(hall: HallWorld, phones: Iterable[str], password: str, every: int = 1) -> Counter[str]:
    """One password on one number after the other, from these phones."""
    answers: Counter[str] = Counter()
    for n, (victim, caller) in enumerate(zip(VICTIMS, phones, strict=False)):
        phone = Phone(hall, caller, now=Phone(hall, caller).now + n * every)
        answers[tries(phone, victim, password)] += 1
    return answers


def locked(hall: HallWorld) -> list[str]:
    """For strangers; no number was ever locked on its owner's phone."""
    assert not any(kept.locked_until for kept in hall.passwords.wrong.values())
    return [number for number in VICTIMS if hall.attempts.last(password_check.CLOSED, number)]


def test_one_password_on_many_numbers_from_many_phones_finds_nothing(hall: HallWorld) -> None:
    """Twenty looks, and then it is not looked at any more: one password in a hundred would have
    been right."""
    answers = spread(hall, (str(13700000000 + n) for n in range(2000)), "246813")
    assert answers["q.balance.pre.ok"] == 0
    assert answers["auth.pw_wrong"] == 20
    # resting 10, 20, 40 … minutes, it gets one look at the end of each
    assert answers["auth.resting"] == 1980
    assert locked(hall) == []


def test_slowly_it_finds_hardly_more(hall: HallWorld) -> None:
    """One try a minute for a day and a half: what a day's rest lets through can be counted on the
    fingers."""
    answers = spread(hall, (str(13700000000 + n) for n in range(2000)), "246813", every=60)
    assert answers["auth.resting"] > 1900
    assert answers["q.balance.pre.ok"] <= 1
    assert locked(hall) == []


def test_many_numbers_from_one_phone_are_slowed_whatever_is_tried(hall: HallWorld) -> None:
    """Another password each time, another number each time."""
    phone = Phone(hall, ATTACKER)
    answers = Counter(
        tries(phone, victim, f"{n + 500000}") for n, victim in enumerate(VICTIMS[:500])
    )
    assert answers["auth.pw_wrong"] == 5
    assert answers["auth.resting"] == 495
    assert locked(hall) == []


def test_many_passwords_from_one_phone_lock_two_at_most(hall: HallWorld) -> None:
    """Three wrong ones lock a number; the third number is spared, and all that follow."""
    phone = Phone(hall, ATTACKER)
    for n, victim in enumerate(VICTIMS[:50]):
        for guess in range(3):
            tries(phone, victim, f"{900000 + n * 3 + guess}")
    assert len(locked(hall)) == 2


def test_a_victim_notices_nothing(hall: HallWorld) -> None:
    """Neither their own phone nor their password rests, and no wrong try is counted for them."""
    spread(hall, (str(13700000000 + n) for n in range(500)), "246813")
    victim = VICTIMS[99]  # who has that very password
    phone = Phone(hall, victim)
    phone.sends("BK#246813")
    assert phone.texts[0] == "tk.sim.confirm"
    phone.sends("YE")
    assert phone.texts == ["q.balance.pre.ok", "confirm.waiting"]
    assert tries(Phone(hall, ORDINARY), victim, "000099") == "auth.pw_wrong"
    assert hall.attempts.count(password_check.ELSEWHERE, VICTIMS[148], 0) == 0


def test_resting_tells_nothing_of_the_password(hall: HallWorld) -> None:
    """Right and wrong are refused alike."""
    phone = Phone(hall, ATTACKER)
    for n in range(6):
        tries(phone, VICTIMS[n], f"{n + 500000}")
    assert tries(phone, VICTIMS[99], "246813") == "auth.resting"
    assert tries(phone, VICTIMS[99], "246814") == "auth.resting"
    assert tries(phone, "13111111111", "246814") == "auth.resting"  # which is no number of ours
    assert hall.attempts.count(password_check.ELSEWHERE, VICTIMS[99], 0) == 0


def test_each_rest_is_longer_than_the_last(hall: HallWorld) -> None:
    """Ten minutes, twenty, forty; a day at most. Who comes back early has gained nothing."""
    phone = Phone(hall, ATTACKER)
    for n in range(6):
        tries(phone, VICTIMS[n], f"{n + 500000}")
    for n, minutes in enumerate((10, 20, 40, 80, 160)):
        phone.now += minutes * 60 - 1
        assert tries(phone, VICTIMS[10 + n], "500099") == "auth.resting"
        phone.now += 1
        phone.sends(f"YE#{VICTIMS[10 + n]}#500099")  # looked at, and wrong: the next rest begins
        assert phone.texts[0] == "auth.resting"


def test_after_a_quiet_week_all_is_forgotten(hall: HallWorld) -> None:
    """The first rest is short again."""
    phone = Phone(hall, ATTACKER)
    for n in range(9):
        tries(phone, VICTIMS[n], f"{n + 500000}")
        phone.now += 30 * 60
    phone.now += 8 * 24 * HOUR
    assert tries(phone, VICTIMS[20], "500020") == "auth.pw_wrong"


def test_a_family_may_mistype(hall: HallWorld) -> None:
    """Two slips for each of three numbers, and then it is right."""
    phone = Phone(hall, ORDINARY)
    for victim in VICTIMS[:3]:
        for password in ("111222", "222111"):
            assert tries(phone, victim, password) == "auth.pw_wrong"
        assert tries(phone, victim, hall.passwords.by_number[victim].reveal()) != "auth.resting"


def test_ones_own_number_is_locked_and_not_slowed(hall: HallWorld) -> None:
    """Three wrong ones, as ever."""
    phone = Phone(hall, ORDINARY)
    answers = []
    for password in ("111222", "222111", "333444"):
        phone.sends(f"BK#{password}")
        answers.append(phone.texts[0])
    assert answers == ["auth.pw_wrong", "auth.pw_wrong", "auth.pw_locked"]


def test_a_forged_sender_cannot_make_its_owner_rest(hall: HallWorld) -> None:
    """Numbers that nobody vouches for are counted apart."""
    forged = Phone(hall, ORDINARY, asserted=False)
    for n in range(8):
        tries(forged, VICTIMS[n], f"{n + 500000}")
    assert forged.texts[0] == "auth.resting"
    assert tries(Phone(hall, ORDINARY), "13800138005", "615283") == "q.balance.pre.ok"


def test_no_password_and_no_mark_of_many_is_kept_in_the_open(hall: HallWorld) -> None:
    """Strikes hold keyed marks only."""
    spread(hall, (str(13700000000 + n) for n in range(30)), "246813")
    assert "246813" not in str(hall.attempts.struck)


def test_the_thresholds_are_data(hall: HallWorld) -> None:
    """As operations people set them."""
    limits = SprayLimits(numbers_per_phone=1, rest=60)
    hall.settings = replace(hall.settings, spray=limits)
    phone = Phone(hall, ATTACKER)
    assert tries(phone, VICTIMS[0], "111222") == "auth.pw_wrong"
    assert tries(phone, VICTIMS[1], "111222") == "auth.resting"
    phone.now += 61
    assert tries(phone, VICTIMS[2], hall.passwords.by_number[VICTIMS[2]].reveal()).startswith("q.")


def test_a_rest_never_grows_beyond_its_most() -> None:
    """However often."""
    limits = SprayLimits()
    rests = [password_spraying.rest_seconds(limits, times) for times in range(200)]
    assert rests[:4] == [600, 600, 1200, 2400]
    assert rests == sorted(rests)
    assert rests[-1] == limits.rest_at_most
