"""Sub-ports, recommendations, ratings and refusals as the desk serves and counts them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commands.marketing.offers import Recommendations
from gateway.dialogue.responder import Responder
from gateway.store.store import Store
from gateway.store.tables import inbox, preferences, strikes, tickets
from tests.commands.fakes import own_conf
from tests.commands.marketing.test_offers import CAMPUS as CAMPUS_OFFER
from tests.gateway.hall import Office, own_book

CAMPUS = "13800138005"
LATER = 1800


@pytest.fixture
def office(store: Store) -> Office:
    """On both kinds of store."""
    return Office(store)


def test_a_report_to_its_port_is_answered_from_there(office: Office) -> None:
    """So that the answer stands in the same thread on the handset."""
    message = office.arrived("10655123*低价买房", port="0.0.10086999")
    (answer,) = office.answers(message)
    assert "举报已收到" in answer.text
    assert str(answer.source) == "0.0.10086999"
    (ticket,) = office.rows(tickets)
    sealed = ticket["content_sealed"]
    assert isinstance(sealed, bytes)
    assert (ticket["kind"], office.store.seal.open(sealed)) == ("spam", "10655123 低价买房")


def test_the_journal_of_a_port_hides_numbers(office: Office) -> None:
    """There too somebody may write a password by mistake."""
    office.answers(office.arrived("10655123*我的密码739204", port="0.0.10086999"))
    (entry,) = office.rows(inbox)
    sealed = entry["text_sealed"]
    assert isinstance(sealed, bytes)
    assert office.store.seal.open(sealed) == "****我的密码***"  # the fourth star separates


def test_a_service_is_asked_about_from_the_rating_port_later(office: Office) -> None:
    """To the number that ordered, once; its answer there is a rating."""
    office.hears("KTEDU40", CAMPUS)
    ok, asked = office.answers(office.arrived("是", CAMPUS, port="0.9.10086"))
    assert str(ok.source) == "0.9.10086"
    assert (str(asked.source), str(asked.destination)) == ("0.9.10086003", f"1.1.{CAMPUS}")
    assert asked.after_ms // 1000 == int(office.bag.now) + LATER
    assert "满意回复10" in asked.text
    (thanks,) = office.answers(office.arrived("10", CAMPUS, port="0.9.10086003"))
    assert "感谢您的评价" in thanks.text
    (kept,) = office.rows(preferences)
    assert (kept["name"], kept["value"], kept["interface"]) == ("rating.score", "10", "10")


def test_what_is_sent_again_is_not_asked_about_twice(office: Office) -> None:
    """The yes came, the link was lost, the yes came again."""
    office.hears("KTEDU40", CAMPUS)
    message = office.arrived("是", CAMPUS)
    office.answers(message)
    office.lose()
    office.answers(office.again(message))
    assert len(office.rows(strikes, strikes.c.kind == "rating.asked")) == 1


def test_a_recommendation_is_the_days_only_if_it_was_shown(office: Office) -> None:
    """In the same transaction as the answer that it stood in."""
    own = own_conf()
    desk = Responder(own.register, own.words, Recommendations((CAMPUS_OFFER,)))
    office.counter.book = replace(own_book(), conversation=desk)
    assert "推荐" not in office.hears("YE")
    assert office.rows(strikes) == []
    assert "推荐" in office.hears("CXTC")
    assert len(office.rows(strikes, strikes.c.kind == "offer.shown")) == 1
    assert "推荐" not in office.hears("CXTC")
    assert office.counts.offers == {("KTEDU40", "shown"): 1}
    office.hears("KTEDU40")
    office.hears("是")
    assert b'hallgate_offers_total{offer="KTEDU40",result="taken"} 1.0' in office.counts.text()


def test_refusals_are_counted_by_interface_and_reason(office: Office) -> None:
    """For who watches for thieves."""
    for text in ("YE#13800138005", "YE#13800138005#111222", "YE#13800138005#111222", "YE"):
        office.hears(text)
    assert office.counts.denied == {("10", "q.refuse.nopw"): 1, ("10", "auth.pw_wrong"): 2}
    assert b'hallgate_denied_total{interface="10",reason="auth.pw_wrong"} 2.0' in (
        office.counts.text()
    )


def test_english_from_the_next_answer_to_the_next_year(office: Office) -> None:
    """It is kept with the subscriber."""
    assert office.hears("EN").startswith("You will get")
    office.crash()
    assert office.hears("YE").startswith("Balance at")
