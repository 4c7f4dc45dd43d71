"""Stories of detailed records: password, random code, confirm, and then a link, never a text."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from commands.model.command_register import CommandRegister
from commands.model.one_time_links import OneTimeLink
from commands.model.request import Channel, Secret
from tests.commands import phone as phones
from tests.commands.fakes import LINK_BASE, NOW, HallWorld, built_conf, world

ORDINARY = "13800138001"  # has 739204
OTHER = "13800138009"
CODE, TOKEN = "402718", "123456789012345678901234"


@dataclass
class Phone(phones.Phone):
    """Where detailed records can be had."""

    register: CommandRegister = field(default_factory=lambda: built_conf().register)


@pytest.fixture
def hall() -> HallWorld:
    made = world()
    made.random.draws = [CODE, TOKEN]
    return made


def proven(phone: Phone, text: str = "CXXD") -> None:
    """As far as the confirm."""
    for said in (text, "739204", CODE):
        phone.sends(said)


def test_a_link_after_password_code_and_confirm(hall: HallWorld) -> None:
    """Each step is asked for; the link opens once, for half an hour."""
    phone = Phone(hall, ORDINARY)
    steps = [
        ("CXXD", "auth.ask_pw"),
        ("739204", "auth.ask_otp"),
        (CODE, "q.detail.confirm"),
        ("Y", "q.detail.sent"),
    ]
    for said, answer in steps:
        assert not hall.links.by_token
        words = phone.sends(said)
        assert phone.texts[0] == answer
    assert f"2026年11月详单链接:{LINK_BASE}{TOKEN} 。30分钟内有效,仅可使用一次。" in words
    assert hall.links.use(Secret(TOKEN), NOW + 1799) == OneTimeLink("detail", ORDINARY, 202611)
    assert hall.links.use(Secret(TOKEN), NOW + 1799) is None


def test_after_half_an_hour_the_link_opens_nothing(hall: HallWorld) -> None:
    """Whoever finds the message later finds no records."""
    phone = Phone(hall, ORDINARY)
    proven(phone)
    phone.sends("Y")
    assert hall.links.use(Secret(TOKEN), NOW + 1800) is None


def test_the_message_with_the_link_is_a_secret(hall: HallWorld) -> None:
    """Sealed while it waits, wiped when it has left."""
    phone = Phone(hall, ORDINARY)
    proven(phone)
    phone.sends("Y")
    assert phone.last is not None
    assert phone.last.replies[0].secret
    assert TOKEN not in str(phone.last)


@pytest.mark.parametrize("answer", ["N", "随便"])
def test_without_a_yes_there_is_no_link(hall: HallWorld, answer: str) -> None:
    """Anything else ends it."""
    phone = Phone(hall, ORDINARY)
    proven(phone)
    phone.sends(answer)
    phone.sends("Y")
    assert not hall.links.by_token


def test_a_yes_that_comes_too_late(hall: HallWorld) -> None:
    """Ten minutes."""
    phone = Phone(hall, ORDINARY)
    proven(phone)
    phone.now = NOW + 600
    phone.sends("Y")
    assert phone.texts == ["confirm.expired"]
    assert not hall.links.by_token


def test_a_wrong_code_is_told_and_three_end_it(hall: HallWorld) -> None:
    """Then nothing waits any more."""
    phone = Phone(hall, ORDINARY)
    phone.sends("CXXD#739204")
    for answer in ("auth.otp_wrong", "auth.otp_wrong", "auth.otp_none"):
        phone.sends("402719")
        assert phone.texts[0] == answer
    phone.sends(CODE)
    assert not hall.links.by_token
    assert phone.dialogue.step is None


def test_the_month_that_was_told_is_the_one_that_is_sent(hall: HallWorld) -> None:
    """Named or not, also when the month ends before the yes."""
    phone = Phone(hall, ORDINARY, now=1_796_054_300)  # 30 November, two minutes to midnight
    proven(phone)
    assert hall.links.by_token == {}
    phone.now += 300
    assert "2026年11月详单链接" in phone.sends("Y")


def test_a_month_out_of_reach_is_refused(hall: HallWorld) -> None:
    """Before anything is confirmed."""
    phone = Phone(hall, ORDINARY)
    proven(phone, "CXXD#202604")
    assert phone.texts[0] == "q.bill.range"


def test_anothers_records_go_to_their_own_phone(hall: HallWorld) -> None:
    """Code and link: who asks from elsewhere holds neither, unless that phone is at hand."""
    phone = Phone(hall, OTHER)
    phone.sends(f"CXXD#{ORDINARY}#739204")
    assert phone.last is not None
    assert [reply.to for reply in phone.last.replies if reply.secret] == [ORDINARY]
    phone.sends(CODE)
    phone.sends("Y")
    assert phone.texts[:2] == ["q.detail.by_sms", "q.detail.sent"]
    assert [reply.to for reply in phone.last.replies if reply.secret] == [ORDINARY]


def test_on_a_screen_the_link_comes_by_sms(hall: HallWorld) -> None:
    """A USSD session leaves nothing behind to open."""
    phone = Phone(hall, ORDINARY, channel=Channel.USSD)
    proven(phone)
    phone.sends("Y")
    assert phone.last is not None
    first, letter = phone.last.replies[:2]
    assert (first.text, first.secret) == ("q.detail.by_sms", False)
    assert (letter.text, letter.to) == ("q.detail.sent", ORDINARY)
