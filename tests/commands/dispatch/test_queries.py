"""What holds for every query: the proof it takes, the language and the form of its answer."""

from __future__ import annotations

import pytest

from commands.model.request import Channel, Secret
from tests.commands.fakes import HallWorld
from tests.commands.phone import Phone

STUDENT = "13800138002"  # 动感地带, has 123456
UNNAMED = "13800138003"  # 神州行, not real-named, has 580317
VIP = "13800138006"  # on the red list
PLAIN = [
    "CXHF", "CXZD", "CXLL", "CXWLAN", "CXJF", "CXXJ", "CXXY", "CXZT", "CXZL", "CXDSF", "CXFH",
    "CXZQ", "CXVW", "CXGD", "CXYE", "CXTC", "CXYL", "CXYW",
]  # fmt: skip
ORDINARY = "13800138001"


def test_english_for_who_wants_it(hall: HallWorld) -> None:
    """Names too are said in English."""
    phone = Phone(hall, ORDINARY, language="en")
    assert phone.sends("YE").startswith(
        "Balance at 21:00 on 21 Nov: 56.80 yuan. Used this month: 71.20 yuan."
    )
    assert "GoTone Business 128, 128 yuan a month, with 600 min calls, 400MB data" in phone.sends(
        "CXTC"
    )
    assert phone.sends("CD").startswith("Welcome, GoTone customer.")


def test_ussd_has_its_own_form_and_no_signature(hall: HallWorld) -> None:
    """A screen is short, and everybody knows whose it is."""
    phone = Phone(hall, ORDINARY, channel=Channel.USSD)
    assert phone.sends("CXYL") == "余量:通话364分钟,流量212MB,短信59条。"


@pytest.mark.parametrize("code", PLAIN)
def test_every_query_asks_others_for_the_password(hall: HallWorld, code: str) -> None:
    """Refused without, counted when wrong, answered when right, locked after three."""
    own, other = Phone(hall, ORDINARY), Phone(hall, STUDENT)
    right = own.sends(code)
    other.sends(f"{code}#{ORDINARY}")
    assert other.texts == ["q.refuse.nopw"]
    other.sends(f"{code}#{ORDINARY}#739205")
    assert other.texts[0] == "auth.pw_wrong"
    assert right.removesuffix("【中国移动】") in other.sends(f"{code}#{ORDINARY}#739204")
    for _ in range(3):
        other.sends(f"{code}#{ORDINARY}#739205")
    other.sends(f"{code}#{ORDINARY}#739204")
    assert other.texts[0] == "auth.pw_locked"


@pytest.mark.parametrize("code", PLAIN)
def test_every_query_of_a_number_that_is_not_ours(hall: HallWorld, code: str) -> None:
    """Says so, and invents nothing."""
    phone = Phone(hall, "13912345678")
    phone.sends(code)
    assert phone.texts == ["sys.no_account"]


@pytest.mark.parametrize("code", [*PLAIN, "CXSSZD", "CXJFJL", "CXPUK"])
def test_the_untrusted_and_unregistered_prove_it_first(hall: HallWorld, code: str) -> None:
    """A number without a name in the register is answered after its password."""
    phone = Phone(hall, UNNAMED)
    phone.sends(code)
    assert phone.texts[0].startswith("auth.")
    phone.sends("580317")
    assert not phone.texts[0].startswith("auth.")


def test_a_subscriber_of_whom_nothing_is_known_but_the_account(hall: HallWorld) -> None:
    """No query makes a figure up, and none falls over."""
    hall.records.by_number.clear()
    hall.bills.lines.clear()
    hall.bills.paid.clear()
    hall.owners.puks = {"13900000000": Secret("11111111")}
    for code in [*PLAIN, "CXSSZD#739204", "CXJFJL#739204", "CXPUK#739204", "CXDZ#1#0101"]:
        phone = Phone(hall, ORDINARY)
        assert phone.sends(code)


def test_who_calls_types_the_password_of_another_number(hall: HallWorld) -> None:
    """A call goes on until it is typed; what is wrong counts against that number."""
    caller = Phone(hall, VIP, channel=Channel.VOICE)
    told = []
    for text in (f"CXPUK#{ORDINARY}", "111222", "739204"):
        caller.sends(text)
        told.append(caller.texts[0])
    assert told == ["auth.ask_pw", "auth.pw_wrong", "q.puk"]
