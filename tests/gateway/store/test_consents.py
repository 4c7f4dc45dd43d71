"""Consent: what was shown and what was answered can be shown again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from commands.model.request import Channel
from gateway.cli import main
from gateway.model.messages import OutgoingMessage, SendOutcome, SendOutcomes
from gateway.serving.work import DeskWork, Served
from gateway.store.consents import Consent, lines
from gateway.store.consents import consents as kept_consents
from gateway.store.store import Store
from tariffs.catalogue import SHANGHAI
from tests.gateway.dialogue.handset import Handset
from tests.gateway.hall import Office
from tests.gateway.messages import NOON
from tests.gateway.store.test_orders import ORDER

CAMPUS = "13800138005"


def consents(store: Store, msisdn: str) -> list[Consent]:
    with store.reading() as connection:
        return kept_consents(connection, store.seal, msisdn)


@pytest.fixture
def office(store: Store) -> Office:
    """On both kinds of store."""
    return Office(store)


def test_a_confirmed_order_keeps_the_words_and_the_answer(office: Office) -> None:
    """With time, channel and interface."""
    shown = office.hears("KTEDU40", CAMPUS)
    office.hears("是", CAMPUS)
    (found,) = consents(office.store, CAMPUS)
    assert (found.action, found.state, found.answer) == ("sv.order", "done", "是")
    assert (found.channel, found.interface) == ("sms", "10")
    assert found.shown == shown
    assert found.proposed_at <= found.answered_at
    told = "\n".join(lines([found], int(NOON), SHANGHAI))
    assert "confirmed" in told
    assert "operator" not in told
    staffed = "\n".join(lines([replace(found, operator="8001")], int(NOON), SHANGHAI))
    assert "interface 10, operator 8001" in staffed
    assert shown in told


def test_a_declined_order_and_one_that_waits(office: Office) -> None:
    """Newest first; what was never answered says so."""
    for text in ("KTEDU40", "不要", "KTEDU100"):
        office.hears(text, CAMPUS)
    waiting, declined = consents(office.store, CAMPUS)
    assert (waiting.state, waiting.answered_at) == ("waiting", 0)
    assert (declined.state, declined.answer) == ("declined", "不要")
    (outcome, *_) = lines([waiting], waiting.expires_at - 1, SHANGHAI)
    assert outcome.endswith("waiting for an answer")
    (outcome, *_) = lines([waiting], waiting.expires_at, SHANGHAI)
    assert outcome.endswith("expired unanswered")


def test_what_was_confirmed_from_another_phone_is_found_for_both(office: Office) -> None:
    """Whose number it was, and who said yes."""
    for text in ("BK#13800138001#739204", "Y"):
        office.hears(text, CAMPUS)
    (found,) = consents(office.store, "13800138001")
    assert (found.phone, found.subject, found.state) == (CAMPUS, "13800138001", "done")
    assert [found] == consents(office.store, CAMPUS)
    assert "asked from 138****8005" in "\n".join(lines([found], int(NOON), SHANGHAI))


def test_who_confirmed_nothing_has_none(office: Office) -> None:
    """A question is no order."""
    office.hears("YE")
    assert consents(office.store, "13800138001") == []


def test_the_command_line_shows_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of an empty store, none; of what is no number, nothing."""
    url = f"store.url=sqlite:///{tmp_path}/hall.db"
    assert main(["consent", "13800138001", "--set", url]) == 0
    assert capsys.readouterr().out == "0 orders\n"
    with pytest.raises(SystemExit):
        main(["consent", "10086", "--set", url])
    assert "is no mobile number" in capsys.readouterr().err


# -- only what the network took ------------------------------------------------------------------


def asked(office: Office, text: str = "KTLL10") -> OutgoingMessage:
    """What asks for the confirm; the network has not said anything of it yet."""
    (answer,) = office.answers(office.arrived(text, CAMPUS))
    return answer


def settled(office: Office, message: OutgoingMessage, *, accepted: bool = True) -> SendOutcomes:
    at_ms = int(office.bag.now * 1000)
    return SendOutcomes(
        (SendOutcome(message.id, accepted, at_ms, message.link, asks_for=message.asks_for),)
    )


def test_a_yes_before_the_text_was_taken_agrees_to_nothing(office: Office) -> None:
    """It is asked again; what the network then took, and when, is the consent."""
    asked(office)
    (again,) = office.answers(office.arrived("是", CAMPUS))
    assert "请在24小时内回复“是”" in again.text
    (waiting,) = consents(office.store, CAMPUS)
    assert (waiting.state, waiting.shown, waiting.shown_at) == ("waiting", "", 0)
    assert "never" in "\n".join(lines([waiting], int(NOON), SHANGHAI))
    office.bag.now += 7
    office.serve(settled(office, again))
    assert "【办理成功】" in office.hears("是", CAMPUS)
    (given,) = consents(office.store, CAMPUS)
    assert (given.state, given.shown, given.shown_at) == ("done", again.text, int(office.bag.now))


def test_a_text_that_was_refused_is_no_consent(office: Office) -> None:
    """Nobody has read it."""
    office.serve(settled(office, asked(office), accepted=False))
    assert "请在24小时内回复“是”" in office.hears("是", CAMPUS)
    (waiting,) = consents(office.store, CAMPUS)
    assert waiting.state == "waiting"


@pytest.mark.parametrize("order", [0, 1])
def test_what_was_taken_is_known_to_what_comes_in_the_same_batch(
    office: Office, order: int
) -> None:
    """In whatever order they stand there."""
    works: list[DeskWork] = [settled(office, asked(office)), office.arrived("是", CAMPUS)]
    results = office.serve(*(works[::-1] if order else works))
    (served,) = (result for result in results if isinstance(result, Served))
    assert "【办理成功】" in served.answers[0].text


def test_after_a_restart_what_waits_still_asks_for_its_order(office: Office) -> None:
    """The outbox remembers what for."""
    asked(office)
    office.crash()
    office.deliver()
    assert "【办理成功】" in office.hears("是", CAMPUS)


def test_an_answer_that_is_repeated_asks_for_the_same_order(office: Office) -> None:
    """The SMSC had not seen it acknowledged, and took the repetition only."""
    message = office.arrived("KTLL10", CAMPUS)
    office.answers(message)
    office.lose()
    (again,) = office.answers(office.again(message)) or office.deliver()
    office.serve(settled(office, again))
    assert "【办理成功】" in office.hears("是", CAMPUS)


def test_on_a_screen_it_is_the_screens_that_were_taken(office: Office) -> None:
    """All pages of a price, in their order."""
    phone = Handset(office, CAMPUS)
    pages = [phone.walks("5", "2", "1")]
    while "1确认" not in pages[-1]:
        pages.append(phone.types("9"))
    phone.types("1")
    (given,) = consents(office.store, CAMPUS)
    assert (given.state, given.shown) == ("done", "\n".join(pages))


def test_a_key_before_the_screen_was_taken_agrees_to_nothing(office: Office) -> None:
    """The price is shown again."""
    phone = Handset(office, CAMPUS)
    phone.walks("5", "1")
    phone.seen = False
    price = phone.types("1")
    while "1确认" not in price:
        price = phone.types("9")
    assert "10元/月" in phone.types("1")
    assert [one.state for one in consents(office.store, CAMPUS)] == ["waiting"]
    assert phone.open


def test_a_price_that_is_read_aloud_counts_from_then(office: Office) -> None:
    """A caller has no network between the words and his ear."""
    with office.store.transaction() as connection:
        orders = office.store.ports(connection).orders
        orders.propose(replace(ORDER, channel=Channel.VOICE))
        orders.shown(ORDER.id, "开通10元流量包", ORDER.proposed_at + 1)
        assert orders.consume(ORDER.id, "YES", ORDER.proposed_at + 5) is not None
    (given,) = consents(office.store, ORDER.phone)
    assert (given.shown, given.shown_at) == ("开通10元流量包", ORDER.proposed_at + 1)


@pytest.mark.parametrize("dialled", ["*139*5*1*1*1#", "*139*5*2*1*1*1#", "*139*5*3*1#"])
def test_digits_dialled_ahead_agree_to_nothing(office: Office, dialled: str) -> None:
    """They were typed before anybody could be shown a price."""
    Handset(office, CAMPUS).dials(dialled)
    assert {one.state for one in consents(office.store, CAMPUS)} <= {"waiting", "declined"}
    assert [one.answer for one in consents(office.store, CAMPUS) if one.answer] == []
