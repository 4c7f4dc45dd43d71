"""Stories of points given for money: password, random code and a yes."""

from __future__ import annotations

import pytest

from tests.commands.fakes import HallWorld, world
from tests.commands.phone import Phone

EASY, ORDINARY, STUDENT = "13800138003", "13800138001", "13800138002"


@pytest.fixture
def hall() -> HallWorld:
    made = world()
    made.random.draws = ["482915", "604827"]
    return made


def talk(hall: HallWorld, number: str, *texts: str) -> Phone:
    phone = Phone(hall, number)
    for text in texts:
        phone.sends(text)
    return phone


def test_points_become_money(hall: HallWorld) -> None:
    """1800 福分 are 27 yuan, booked as a recharge."""
    phone = talk(hall, EASY, "DH#HF27#580317", "482915")
    assert phone.texts == ["pt.exchange.confirm"]
    assert hall.account(EASY).points == 1800
    assert "1800福分兑换27元话费,剩余0" in phone.sends("Y")
    assert (hall.account(EASY).points, hall.account(EASY).balance_fen) == (0, 3_000)
    assert [credit[:3] for credit in hall.accounts.credits] == [(EASY, 2_700, "points")]


@pytest.mark.parametrize(
    "texts",
    [
        ("DH#HF30", "Y"),
        ("DH#HF30#739204", "Y"),
        ("DH#HF30#739204", "111222", "Y"),
        ("DH#HF30#111222", "482915", "Y"),
        ("DH#HF30#739204", "482915", "N", "Y"),
        ("DH", "2", "Y"),
    ],
)
def test_nothing_less_gives_points_away(hall: HallWorld, texts: tuple[str, ...]) -> None:
    """No password, no code, a wrong one, or no yes."""
    talk(hall, ORDINARY, *texts)
    assert hall.account(ORDINARY).points == 3200
    assert hall.accounts.credits == []


def test_what_there_is_for_ones_points_is_picked_by_number(hall: HallWorld) -> None:
    """Each brand has its own."""
    phone = talk(hall, ORDINARY, "DH")
    assert phone.dialogue.choice is not None
    assert phone.dialogue.choice.items == ("DH#HF10", "DH#HF30")
    for text in ("2", "739204", "482915", "Y"):
        phone.sends(text)
    assert hall.account(ORDINARY).points == 1000


@pytest.mark.parametrize(
    ("number", "text", "answer"),
    [
        (STUDENT, "DH#HF30#123456", "pt.err.few"),
        (STUDENT, "DH#HF27#123456", "pt.err.unknown"),
        (ORDINARY, "DH#XX9#739204", "pt.err.unknown"),
        ("13800138004", "DH#HF10#904671", "sv.err.status"),
    ],
)
def test_no_code_is_sent_for_what_cannot_be_had(
    hall: HallWorld, number: str, text: str, answer: str
) -> None:
    """Too few points, nothing of that name, or a number out of service."""
    assert talk(hall, number, text).texts[0] == answer
    assert hall.codes.by_number == {}


def test_points_are_given_once(hall: HallWorld) -> None:
    """A second yes finds nothing to agree to, a second exchange too few points."""
    phone = talk(hall, EASY, "DH#HF27#580317", "482915", "Y", "Y")
    phone.now += 60
    phone.sends("DHJF#HF27#580317")
    assert phone.texts[0] == "pt.err.few"
    assert len(hall.accounts.credits) == 1


def test_a_short_number_is_asked_for_by_the_same_word(hall: HallWorld) -> None:
    """DH and a short number has nothing to do with points."""
    phone = talk(hall, "13800138010", "DH#6102")
    assert phone.last is not None
    assert phone.last.action == "q.short_number"
