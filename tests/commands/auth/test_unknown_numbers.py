"""Whether a number exists is told to nobody who asks about it from another phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from commands.model.command_register import CommandCode, CommandRegister
from commands.model.request import SELF_SERVICE, Channel
from tests.commands.fakes import HallWorld, own_conf, world
from tests.commands.phone import Phone

ASKER, OURS, NOBODYS = "13800138005", "13800138001", "13700000001"
VALUES = {"password": "605193", "month": "202610", "month_of_year": "10", "amount": "50",
          "day": "1105", "short": "6101", "ticket": "59659800000", "card": "860000000000000009",
          "old": "605193", "new": "528461", "again": "528461"}  # fmt: skip


def about_another(register: CommandRegister) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every command, in every form, that takes a number it is about."""
    for codes in register.firsts.values():
        for code in codes[:1]:
            yield from _forms(code)


def _forms(code: CommandCode) -> Iterator[tuple[str, tuple[str, ...]]]:
    for form in code.forms:
        names = tuple(parameter.names[0] for parameter in form)
        if "subject" in names:
            yield code.word, names


FORMS = list(about_another(own_conf().register))


def asked(word: str, names: tuple[str, ...], number: str) -> str:
    return "#".join([word, *(VALUES.get(name, number) for name in names)])


def story(
    hall: HallWorld, text: str, channel: Channel, *, asserted: bool
) -> list[tuple[str, object]]:
    """What a phone is told that asks four times over, and what is typed when it is asked. The
    number itself may be read back."""
    told: list[tuple[str, object]] = []
    interface = {Channel.SMS: "10", Channel.USSD: "18", Channel.VOICE: "15"}[channel]
    phone = Phone(hall, ASKER, channel=channel, interface=interface, asserted=asserted)
    for _ in range(4):
        for sent in (text, "605193"):
            phone.sends(sent)
            assert phone.last is not None
            for reply in phone.last.replies:
                facts = {k: v for k, v in reply.facts.items() if v not in (OURS, NOBODYS)}
                told.append((reply.text, sorted(facts.items(), key=str)))
    return told


def test_there_are_such_commands() -> None:
    """Else the next test asks nothing."""
    assert len(FORMS) > 30
    assert {"CXYE", "CXZD", "CZ", "TJ", "CXPUK", "CXDH"} <= {word for word, _ in FORMS}


@pytest.mark.parametrize("asserted", [True, False])
@pytest.mark.parametrize("channel", list(SELF_SERVICE))
@pytest.mark.parametrize(("word", "names"), FORMS)
def test_a_number_that_exists_is_answered_like_one_that_does_not(
    word: str, names: tuple[str, ...], channel: Channel, asserted: bool
) -> None:
    """The same words, the same tries left, the same lock, the same rest."""
    ours, theirs = world(), world()
    one = story(ours, asked(word, names, OURS), channel, asserted=asserted)
    other = story(theirs, asked(word, names, NOBODYS), channel, asserted=asserted)
    assert one == other
    kinds = [[kind for kind, *_ in hall.attempts.struck] for hall in (ours, theirs)]
    assert kinds[0] == kinds[1]


def test_a_phone_that_rests_hears_of_its_rest_only() -> None:
    """Whatever number it asks about."""
    phone = Phone(world(), ASKER)
    for n in range(6):
        phone.sends(f"YE#{13700000000 + n}#605193")
    assert phone.texts[0] == "auth.resting"
    for number in (OURS, NOBODYS):
        phone.sends(f"YE#{number}#605193")
        assert phone.texts[0] == "auth.resting"


def test_a_call_asks_both_for_their_password() -> None:
    """Who shows no number is asked for one first."""
    for number in (OURS, NOBODYS):
        phone = Phone(world(), "", channel=Channel.VOICE, interface="15", asserted=False)
        told = [phone.sends(text) and phone.texts[0] for text in ("YE", number, "605193")]
        assert told == ["auth.ask_number", "auth.ask_pw", "auth.pw_wrong"]


def test_ones_own_phone_hears_that_it_is_no_customer_of_ours() -> None:
    """It has a right to know."""
    phone = Phone(world(), NOBODYS)
    phone.sends("YE")
    assert phone.texts == ["sys.no_account"]
