"""Calls and screens begin with a notice while it lasts, for those whom it concerns."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.model.address import Address
from gateway.model.messages import CallInput, ScreenAct
from gateway.model.notices.notice import EVERYBODY, NoticeTarget, SaidNotice
from gateway.serving.work import Served
from gateway.store.store import Store
from tests.gateway.hall import Office
from tests.gateway.messages import LI, NOON, ZHANG

WORKS = SaidNotice("今晚割接", "Works tonight.", EVERYBODY, int(NOON) - 10, int(NOON) + 10)
MZ = replace(WORKS, target=NoticeTarget(brands=("MZ",)))  # LI's brand
SHANGHAI = replace(WORKS, target=NoticeTarget(regions=("上海",)))
BEIJING = replace(WORKS, target=NoticeTarget(regions=("北京",)))


@pytest.fixture
def office(sqlite_store: Store) -> Office:
    return Office(sqlite_store)


def saying(office: Office, *said: SaidNotice) -> Office:
    office.counter.book = replace(office.counter.book, said=said)
    return office


def hears(office: Office, phone: str = ZHANG) -> str:
    """The first words of a call."""
    number = Address.service("10086")
    id = office.bag.id()
    call = CallInput(id, "pbx-a", f"call {id}", ScreenAct.BEGIN, phone, number)
    (served,) = office.serve(call)
    assert isinstance(served, Served)
    assert served.cue is not None
    return served.cue.text


def sees(office: Office, phone: str = ZHANG) -> str:
    """The first screen."""
    (screen,) = office.answers(office.bag.dialled(ScreenAct.BEGIN, "1", "*139#", phone))
    return screen.text


def test_a_call_begins_with_it(office: Office) -> None:
    """And then with what it began with before; it does not run into that."""
    plain = hears(office)
    assert hears(saying(office, WORKS)) == f"今晚割接。{plain}"


def test_a_screen_has_it_on_top(office: Office) -> None:
    plain = sees(office, LI)
    assert sees(saying(office, WORKS)) == f"今晚割接\n{plain}"


def test_a_screen_without_room_goes_without(office: Office) -> None:
    """Whoever dialled wants the menu."""
    plain = sees(office, LI)
    assert sees(saying(office, replace(WORKS, zh="今晚割接" * 15))) == plain


@pytest.mark.parametrize(
    ("notice", "phone", "said"),
    [
        (MZ, LI, True),
        (MZ, ZHANG, False),
        (BEIJING, ZHANG, True),
        (SHANGHAI, ZHANG, False),
        (replace(WORKS, begins_at=int(NOON) + 5), ZHANG, False),
        (replace(WORKS, ends_at=int(NOON) - 5), ZHANG, False),
        (replace(WORKS, target=NoticeTarget(services=("LDXS",))), ZHANG, False),
        (WORKS, "", True),
        (BEIJING, "", False),
        (MZ, "13999999999", False),
    ],
)
def test_it_is_said_to_whom_it_concerns(
    office: Office, notice: SaidNotice, phone: str, said: bool
) -> None:
    """At its time; who withholds their number hears what concerns everybody."""
    assert hears(saying(office, notice), phone).startswith("今晚割接") is said


def test_the_next_words_of_a_call_are_without_it(office: Office) -> None:
    """It is said once."""
    saying(office, WORKS)
    number, id = Address.service("10086"), office.bag.id()
    begun = CallInput(id, "pbx-a", "call", ScreenAct.BEGIN, ZHANG, number)
    office.serve(begun)
    again = CallInput(office.bag.id(), "pbx-a", "call", ScreenAct.ON, ZHANG, number, "9")
    (served,) = office.serve(again)
    assert isinstance(served, Served)
    assert served.cue is not None
    assert "今晚割接" not in served.cue.text
