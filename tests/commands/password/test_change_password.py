"""Stories of service passwords: changed in one message, in a dialogue, or drawn at random."""

from __future__ import annotations

import pytest

from commands.model.credentials import PasswordState
from commands.model.request import Secret
from tests.commands.fakes import HallWorld
from tests.commands.phone import Phone

WEAK = "13800138002"  # has 123456
ORDINARY = "13800138001"  # has 739204


def holds(hall: HallWorld, number: str, password: str) -> bool:
    return hall.passwords.matches(number, Secret(password))


@pytest.mark.parametrize(
    "text", ["MMXG#123456#528461#528461", "xgmm 123456 528461", "BGMM*123456*528461*528461#"]
)
def test_a_password_is_changed_in_one_message(hall: HallWorld, text: str) -> None:
    """It is neither weak nor initial then, so nothing is reminded of."""
    phone = Phone(hall, WEAK)
    phone.sends(text)
    assert phone.texts[0] == "pw.changed"
    assert holds(hall, WEAK, "528461")
    assert hall.passwords.state(WEAK) == PasswordState(weak=False, initial=False)


def test_a_password_is_changed_step_by_step(hall: HallWorld) -> None:
    """Old, new, new again; a broken rule is told at once and only that step is repeated."""
    phone = Phone(hall, WEAK)
    story = [
        ("501", "pw.ask.old"),
        ("123456", "pw.ask.new"),
        ("111111", "pw.rule.same"),
        ("12345", "pw.rule.len"),
        ("123456", "pw.rule.run"),
        ("528461", "pw.ask.again"),
        ("528462", "pw.mismatch"),
        ("528461", "pw.changed"),
    ]
    for typed, answer in story:
        phone.sends(typed)
        assert phone.texts[0] == answer
        assert holds(hall, WEAK, "528461") == (answer == "pw.changed")


def test_no_step_of_the_dialogue_holds_a_password(hall: HallWorld) -> None:
    """Only marks: the dialogue is stored in the open."""
    phone = Phone(hall, WEAK)
    for typed in ("501", "123456", "528461"):
        phone.sends(typed)
        assert "123456" not in str(phone.dialogue)
        assert "528461" not in str(phone.dialogue)


@pytest.mark.parametrize(
    ("new", "rule"),
    [
        ("739204", "old"),
        ("888888", "same"),
        ("234567", "run"),
        ("334455", "pattern"),
        ("380013", "phone"),
        ("990030", "id"),
        ("520131", "listed"),
    ],
)
def test_a_password_that_breaks_a_rule_is_refused_by_its_name(
    hall: HallWorld, new: str, rule: str
) -> None:
    """And the old one stays."""
    phone = Phone(hall, ORDINARY)
    phone.sends(f"MMXG#739204#{new}#{new}")
    assert phone.texts[0] == f"pw.rule.{rule}"
    assert holds(hall, ORDINARY, "739204")


def test_two_new_passwords_that_differ_change_nothing(hall: HallWorld) -> None:
    """In one message too."""
    phone = Phone(hall, ORDINARY)
    phone.sends("MMXG#739204#528461#528462")
    assert phone.texts[0] == "pw.mismatch"
    assert holds(hall, ORDINARY, "739204")


def test_a_wrong_old_password_changes_nothing(hall: HallWorld) -> None:
    """It counts as a try."""
    phone = Phone(hall, ORDINARY)
    phone.sends("MMXG#111222#528461#528461")
    assert phone.texts[0] == "auth.pw_wrong"
    assert holds(hall, ORDINARY, "739204")


def test_a_random_password_is_drawn_after_a_confirm(hall: HallWorld) -> None:
    """It is flagged as initial; draws that break a rule, or draw the old one, are drawn again."""
    hall.random.draws = ["111111", "138001", "739204", "528461"]
    phone = Phone(hall, ORDINARY)
    phone.sends("2010")
    assert phone.texts == ["pw.random.confirm"]
    assert holds(hall, ORDINARY, "739204")
    assert "新服务密码为528461" in phone.sends("y")
    assert holds(hall, ORDINARY, "528461")
    assert hall.passwords.state(ORDINARY) == PasswordState(weak=False, initial=True)
    assert phone.last is not None
    assert phone.last.replies[0].secret


def test_without_a_yes_no_password_is_drawn(hall: HallWorld) -> None:
    """Nothing is drawn at all."""
    phone = Phone(hall, ORDINARY)
    for text in ("2010", "n"):
        phone.sends(text)
    assert phone.texts == ["pw.random.kept"]
    assert holds(hall, ORDINARY, "739204")


@pytest.mark.parametrize("number", ["13800138004", "13800138008"])
def test_a_stopped_number_gets_no_random_password(hall: HallWorld, number: str) -> None:
    """In arrears or suspended: whoever holds the phone may not be its owner."""
    phone = Phone(hall, number)
    phone.sends("2010")
    assert phone.texts == ["sv.err.status"]


def test_a_source_of_chance_that_is_stuck_is_not_asked_for_ever(hall: HallWorld) -> None:
    """The hall says that it is busy, and nothing has changed."""
    hall.random.draws = ["111111"] * 100
    phone = Phone(hall, ORDINARY)
    for text in ("2010", "Y"):
        phone.sends(text)
    assert phone.texts == ["sys.busy"]
    assert holds(hall, ORDINARY, "739204")
