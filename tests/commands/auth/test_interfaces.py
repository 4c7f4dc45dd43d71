"""Stories of doors: who may come in where, for what, at which hour; and weak passwords."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.model.credentials import PasswordState
from commands.model.daily_hours import (
    ALWAYS,
    DailyHours,
    daily_hours,
    minute_of_day,
    not_before_opening,
)
from commands.model.interfaces import Interface
from commands.model.request import Channel
from tariffs.bilingual_name import BilingualName
from tariffs.catalogue import SHANGHAI
from tests.commands.fakes import NOW, HallWorld, own_conf
from tests.commands.phone import Phone

ORDINARY = "13800138001"
WEAK = "13800138002"
HALL = Interface(
    "2001",
    "hall",
    BilingualName("西单营业厅"),
    "北京",
    DailyHours(480, 1080),
    operators=frozenset({"8001"}),
)
AGENT = Interface(
    "3001", "agent", BilingualName("代办点"), operations=frozenset({"query", "suspend"})
)
MORNING = NOW - 12 * 3600  # 9:30 in Shanghai; NOW is 21:30


def at(hall: HallWorld, interface: str, now: int = NOW, operator: str = "") -> Phone:
    """Somebody who comes in by this interface."""
    own = own_conf().register
    register = replace(own, registry={**own.registry, "2001": HALL, "3001": AGENT})
    return Phone(hall, ORDINARY, now=now, interface=interface, operator=operator, register=register)


@pytest.mark.parametrize("interface", ["", "99", "sms"])
def test_a_request_without_an_origin_is_refused(hall: HallWorld, interface: str) -> None:
    """Even a question."""
    phone = at(hall, interface)
    for text in ("YE", "CD", "TJ#739204", "what"):
        phone.sends(text)
        assert phone.texts == ["sys.origin"]


@pytest.mark.parametrize("operator", ["", "8002"])
def test_a_hall_answers_for_its_staff(hall: HallWorld, operator: str) -> None:
    """Who acts there names themselves, and is known there."""
    phone = at(hall, "2001", MORNING, operator)
    phone.sends("YE")
    assert phone.texts == ["sys.operator"]
    at(hall, "2001", MORNING, "8001").sends("YE")


def test_a_hall_acts_in_office_hours(hall: HallWorld) -> None:
    """So that a stolen password is of no use there at night."""
    phone = at(hall, "2001", MORNING, "8001")
    phone.sends("YE")
    assert phone.texts == ["q.balance.pre.ok"]
    phone = at(hall, "2001", NOW, "8001")
    assert "可办理时间8:00-18:00" in phone.sends("YE")
    assert phone.texts == ["sys.window"]
    assert phone.last is not None
    assert phone.last.result == "refused"


def test_self_service_is_open_at_night(hall: HallWorld) -> None:
    """A machine does not sleep."""
    phone = at(hall, "10")
    phone.sends("YE")
    assert phone.texts == ["q.balance.pre.ok"]


def test_an_agent_does_what_is_listed(hall: HallWorld) -> None:
    """And nothing else."""
    phone = at(hall, "3001")
    phone.sends("YE")
    assert phone.texts == ["q.balance.pre.ok"]
    phone.sends("KTEDU40")
    assert phone.texts == ["sys.channel"]


def test_an_operation_has_hours_of_its_own(hall: HallWorld) -> None:
    """On every interface; one that is open day and night is so in a hall that is closed."""
    hall.settings = replace(
        hall.settings, windows={"query": DailyHours(480, 1080), "information": ALWAYS}
    )
    phone = at(hall, "10")
    phone.sends("YE")
    assert phone.texts == ["sys.window"]
    phone = at(hall, "2001", NOW, "8001")
    phone.sends("GH")
    assert phone.texts == ["hall_only.transfer"]


def test_what_was_ordered_in_time_may_be_confirmed_later(hall: HallWorld) -> None:
    """The order was placed while the door was open."""
    phone = at(hall, "2001", MORNING, "8001")
    phone.sends("KTEDU40")
    phone.now = NOW
    phone.sends("是")
    assert phone.texts == ["sv.ok"]


# -- hours of the day ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "minute", "open_"),
    [
        ("8:00-18:00", 479, False),
        ("8:00-18:00", 480, True),
        ("8:00-18:00", 1079, True),
        ("8:00-18:00", 1080, False),
        ("22:00-6:00", 1439, True),
        ("22:00-6:00", 0, True),
        ("22:00-6:00", 360, False),
        ("0:00-24:00", 0, True),
    ],
)
def test_hours_end_before_their_last_minute(written: str, minute: int, open_: bool) -> None:
    """And may go over midnight."""
    assert daily_hours(written).at(minute) is open_
    assert str(daily_hours(written)) == written


@pytest.mark.parametrize("written", ["8-18", "8:00", "25:00-26:00", "8:00-24:30", "8:00-8:00", ""])
def test_hours_that_are_none(written: str) -> None:
    """Told when they are read."""
    with pytest.raises(ValueError, match="hours"):
        daily_hours(written)


@given(
    moment=st.integers(0, 4_000_000_000),
    opens=st.integers(0, 1439),
    length=st.integers(1, 1439),
)
def test_the_next_opening_is_open_and_within_a_day(moment: int, opens: int, length: int) -> None:
    """And not before the moment itself."""
    door = DailyHours(opens, (opens + length) % 1440 or 1440)
    if door.opens == door.closes:
        return
    then = not_before_opening(moment, door, SHANGHAI)
    offsets = {datetime.fromtimestamp(m, SHANGHAI).utcoffset() for m in (moment, then)}
    if len(offsets) == 1:  # clocks were put forward in Shanghai until 1991
        assert moment <= then < moment + 86400
        assert door.at(minute_of_day(then, SHANGHAI))


# -- the same counts behind every door -------------------------------------------------------------


def test_wrong_passwords_count_over_all_channels(hall: HallWorld) -> None:
    """One at each door locks the number at all of them."""
    doors = [(Channel.SMS, "10"), (Channel.USSD, "18"), (Channel.VOICE, "15")]
    texts = []
    for channel, interface in doors:
        phone = Phone(hall, ORDINARY, channel=channel, interface=interface)
        phone.sends("YE#13800138005#111222")
        texts.append(phone.texts[0])
    assert texts == ["auth.pw_wrong", "auth.pw_wrong", "auth.pw_locked"]
    for channel, interface in doors:
        phone = Phone(hall, ORDINARY, channel=channel, interface=interface)
        phone.sends("YE#13800138005#615283")
        assert phone.texts[0] == "auth.pw_locked"


def test_a_machine_rests_at_every_door(hall: HallWorld) -> None:
    """It is the phone that rests, not its channel."""
    phone = Phone(hall, ORDINARY)
    for n in range(2, 9):
        phone.sends(f"YE#1380013800{n}#11122{n}")
    assert phone.texts[0] == "auth.resting"
    screen = Phone(hall, ORDINARY, channel=Channel.USSD, interface="18")
    screen.sends("YE#13800138010#917350")
    assert screen.texts[0] == "auth.resting"


# -- weak passwords --------------------------------------------------------------------------------


def test_a_weak_password_is_served_and_reminded_of(hall: HallWorld) -> None:
    """Where nothing else is written: first what was asked for is done."""
    phone = Phone(hall, WEAK)
    phone.sends("BK#123456")
    assert phone.texts == ["tk.sim.confirm", "auth.delete_tip"]
    phone.sends("Y")
    assert phone.texts == ["tk.sim.ok", "auth.initial_tip"]


def test_where_it_is_written_a_weak_password_proves_nothing(hall: HallWorld) -> None:
    """For the operations that are listed; others are served."""
    hall.settings = replace(hall.settings, weak_blocks=frozenset({"new_card"}))
    phone = Phone(hall, WEAK)
    phone.sends("BK#123456")
    assert phone.texts[0] == "auth.weak_blocks"
    phone.sends("YE#13800138002#123456")
    assert phone.texts[0] == "q.balance.pre.ok"
    hall.passwords.states[WEAK] = PasswordState(weak=False, initial=False)
    phone.sends("BK#123456")
    assert phone.texts[0] == "tk.sim.confirm"


def test_a_weak_password_can_always_be_changed(hall: HallWorld) -> None:
    """Else nobody would get out."""
    hall.settings = replace(hall.settings, weak_blocks=frozenset({"new_card", "query"}))
    phone = Phone(hall, WEAK)
    phone.sends("MMXG#123456#528461#528461")
    assert phone.texts[0] == "pw.changed"


def test_the_operator_who_placed_an_order_is_kept_with_it(hall: HallWorld) -> None:
    """Nobody sits between where subscribers serve themselves."""
    at(hall, "2001", MORNING, "8001").sends("KTEDU40")
    Phone(hall, ORDINARY).sends("KTLL10")
    assert [order.operator for order in hall.orders.placed.values()] == ["8001", ""]
