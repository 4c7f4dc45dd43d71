"""Stories of a group that asks, and a member who says yes."""

from __future__ import annotations

import pytest

from commands.number import vnet_join
from tests.commands.fakes import NOW, HallWorld, world
from tests.commands.phone import Phone

ORDINARY, MEMBER = "13800138001", "13800138010"


@pytest.fixture
def hall() -> HallWorld:
    made = world()  # where nobody is asked yet
    made.orders.propose(vnet_join.invitation(7, NOW, "60", "兴达集团", ORDINARY, "6103"))
    return made


def talk(hall: HallWorld, number: str, *texts: str, now: int = NOW) -> Phone:
    phone = Phone(hall, number, now=now)
    for text in texts:
        phone.sends(text)
    return phone


def test_who_agrees_is_a_member(hall: HallWorld) -> None:
    """Under the group's name and the short number it gives; the invitation is used up."""
    phone = Phone(hall, ORDINARY)
    assert "兴达集团邀请您加入V网,短号6103" in phone.sends("JRVW")
    assert "VW" not in hall.running(ORDINARY)
    phone.sends("是")
    assert phone.texts == ["vw.joined"]
    assert "VW" in hall.running(ORDINARY)
    joined = hall.records.of(ORDINARY)
    assert (joined.group, joined.short_number) == ("兴达集团", "6103")
    assert hall.records.by_short_number("兴达集团", "6103") == ORDINARY
    assert hall.orders.find(7) is None
    assert talk(hall, ORDINARY, "JRVW").texts == ["vw.member"]


@pytest.mark.parametrize("answer", ["Y", "1", "否", "不加入"])
def test_who_does_not_say_yes_is_none(hall: HallWorld, answer: str) -> None:
    """And may think again while the invitation waits."""
    talk(hall, ORDINARY, "JRVW", answer)
    assert "VW" not in hall.running(ORDINARY)
    assert talk(hall, ORDINARY, "JRVW").texts == ["vw.confirm"]


def test_a_yes_out_of_the_blue_joins_nothing(hall: HallWorld) -> None:
    """The words that it would agree to have not been read."""
    talk(hall, ORDINARY, "是")
    assert "VW" not in hall.running(ORDINARY)


def test_nobody_joins_without_being_asked(hall: HallWorld) -> None:
    """Nor with somebody else's invitation, nor an old one's."""
    assert talk(hall, "13800138002", "JRVW").texts == ["vw.none"]
    assert talk(hall, ORDINARY, "JRVW", now=NOW + 31 * 24 * 3600).texts == ["vw.none"]
    assert talk(hall, MEMBER, "JRVW").texts == ["vw.member"]


def test_a_short_number_that_is_taken_meanwhile_is_not_given_twice(hall: HallWorld) -> None:
    """The group must name another."""
    phone = talk(hall, ORDINARY, "JRVW")
    hall.records.join("13800138002", "兴达集团", "6103")
    phone.sends("是")
    assert phone.texts == ["vw.taken"]
    assert "VW" not in hall.running(ORDINARY)


def test_an_answered_invitation_is_not_answered_again(hall: HallWorld) -> None:
    """By another door, between the question and the yes."""
    phone = talk(hall, ORDINARY, "JRVW")
    hall.orders.decline(7, "", NOW)
    phone.sends("是")
    assert phone.texts == ["vw.none"]
