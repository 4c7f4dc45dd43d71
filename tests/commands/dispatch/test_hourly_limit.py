"""How much a phone may say in an hour, and what a message counts as."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commands.dispatch import hourly_limit
from commands.model.dialogue import Dialogue
from commands.model.request import Channel
from commands.model.request_quota import QuotaCategory, QuotaDecision
from commands.parser.understanding import understand
from tests.commands.fakes import NOW, FakeQuota, HallWorld, own_conf
from tests.commands.phone import Phone, result, story

ZHANG, LI, UNNAMED = "13800138001", "13800138002", "13800138003"
SAID = [
    ("YE", QuotaCategory.QUESTION),
    ("CXXD", QuotaCategory.QUESTION),
    ("ZF#LL30", QuotaCategory.QUESTION),
    ("0000", QuotaCategory.QUESTION),
    ("CD", QuotaCategory.QUESTION),
    ("我的余额还有多少", QuotaCategory.UNCLEAR),  # guessed
    ("怎么没有这样的业务", QuotaCategory.UNCLEAR),
    ("MMXG#123", QuotaCategory.UNCLEAR),  # does not fit
    ("是", QuotaCategory.UNCLEAR),  # to nothing
    ("KTLL10", QuotaCategory.CHANGE),
    ("KQYX", QuotaCategory.CHANGE),
    ("YZM", QuotaCategory.CHANGE),
    ("TJ", QuotaCategory.SAFETY),
    ("GS#13800138002#123456", QuotaCategory.SAFETY),
    ("QXCL", QuotaCategory.SAFETY),
    ("501", QuotaCategory.SAFETY),
    ("JSYX", QuotaCategory.SAFETY),
    ("RG", QuotaCategory.SAFETY),
]


class StrictQuota(FakeQuota):
    """Allows what it is told to."""

    verdict = QuotaDecision(allowed=True)

    def take(self, msisdn: str, now: int, matter: QuotaCategory) -> QuotaDecision:
        return self.verdict


def test_who_asks_too_often_is_told_once_and_then_left_alone(
    hall: HallWorld, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On every channel's count; a menu that is not understood is none."""
    quota = StrictQuota()
    monkeypatch.setattr(hall, "hall", lambda: replace(HallWorld.hall(hall), quota=quota))
    story(phone, ("YE", "q.balance.pre.ok"))
    quota.verdict = QuotaDecision(allowed=False, tell=True, minutes=12)
    assert "12" in phone.sends("YE")
    quota.verdict = QuotaDecision(allowed=False)
    assert phone.sends("YE") == ""
    assert result(phone) == "limited"
    assert phone.now == NOW


@pytest.mark.parametrize(("text", "matter"), SAID)
def test_what_a_message_takes_of_its_hour(text: str, matter: QuotaCategory) -> None:
    """What only answers, what changes something, and what protects are counted apart."""
    register = own_conf().register
    assert hourly_limit.quota_category(understand(text, Dialogue(), register)) is matter


def test_answers_to_what_we_asked_are_never_mere_questions(hall: HallWorld) -> None:
    """A yes, a no, a password: whoever is silenced can still finish what was begun."""
    phone, register = Phone(hall, ZHANG), own_conf().register
    phone.sends("KTLL10")
    for word in ("是", "N", "0"):
        assert (
            hourly_limit.quota_category(understand(word, phone.dialogue, register))
            is QuotaCategory.SAFETY
        )
    phone.sends("TJ")
    assert (
        hourly_limit.quota_category(understand("739204", phone.dialogue, register))
        is QuotaCategory.SAFETY
    )


@pytest.mark.parametrize("channel", [Channel.USSD, Channel.VOICE])
def test_only_questions_are_counted_on_screens_and_calls(
    hall: HallWorld, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is left before a silent screen."""
    quota = StrictQuota()
    quota.verdict = QuotaDecision(allowed=False, minutes=12)
    monkeypatch.setattr(hall, "hall", lambda: replace(HallWorld.hall(hall), quota=quota))
    interface = {Channel.USSD: "18", Channel.VOICE: "15"}[channel]
    phone = Phone(hall, ZHANG, channel=channel, interface=interface)
    phone.sends("YE")
    assert phone.texts == ["help.many"]
    for text in ("怎么没有这样的业务", "QXCL", "KTLL10"):
        assert phone.sends(text)
        assert phone.texts != ["help.many"]


def test_a_forged_sender_takes_nothing_from_its_owners_hour(
    hall: HallWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Numbers that nobody vouches for have an hour of their own."""
    asked: list[str] = []

    class Listening(FakeQuota):
        def take(self, msisdn: str, now: int, matter: QuotaCategory) -> QuotaDecision:
            asked.append(msisdn)
            return QuotaDecision(allowed=True)

    monkeypatch.setattr(hall, "hall", lambda: replace(HallWorld.hall(hall), quota=Listening()))
    Phone(hall, ZHANG, asserted=False).sends("YE")
    Phone(hall, ZHANG).sends("YE")
    assert len(set(asked)) == 2
    assert asked[1] == ZHANG
