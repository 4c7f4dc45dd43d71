"""Is anybody there: enquire_link, asked and answered."""

from __future__ import annotations

import pytest

from smpp.pdu import BindKind, BindResp, EnquireLink, EnquireLinkResp, GenericNack
from smpp.session_events import ConnectionStoodStill, MessageReceived, SmppSessionEnded
from smpp.session_limits import SmppLimits
from tests.smpp.session_under_test import MO, SessionUnderTest


def test_silence_makes_us_ask_and_more_silence_ends_it():
    """Thirty seconds of nothing, ten more without an answer."""
    talk = SessionUnderTest().bind()
    talk.submit("key")
    talk.sent()
    talk.after(30.0)
    (asked,) = talk.sent()
    assert isinstance(asked.pdu, EnquireLink)
    assert talk.after(9.9) == []
    assert talk.after(0.1) == [
        SmppSessionEnded("enquire_link was not answered in time", ("key",), ())
    ]


@pytest.mark.parametrize("answer", [EnquireLinkResp(), GenericNack()])
def test_any_answer_to_enquire_link_is_life(answer):
    """Even that it is not understood."""
    talk = SessionUnderTest().bind()
    talk.after(30.0)
    (asked,) = talk.sent()
    talk.hear(answer, asked.sequence, 0 if isinstance(answer, EnquireLinkResp) else 3)
    assert talk.after(29.9) == []
    assert talk.sent() == []


def test_a_peer_that_talks_is_not_asked():
    """Whatever it says."""
    talk = SessionUnderTest().bind()
    for _ in range(10):
        talk.after(20.0)
        talk.hear(MO)
    assert talk.sent() == []


def test_a_peer_that_talks_without_answering_is_given_up_in_the_end():
    """It may be behind with its queue, but not for a minute."""
    talk = SessionUnderTest().bind()
    talk.after(30.0)
    talk.sent()
    for _ in range(11):
        assert talk.after(5.0) == []
        talk.hear(MO)
    (ended,) = talk.after(5.0)
    assert isinstance(ended, SmppSessionEnded)


# -- a connection that stands still ----------------------------------------------------------------

BEAT = SmppLimits(beat=2.0)


def old(events) -> list[bool]:
    return [event.may_be_old for event in events if isinstance(event, MessageReceived)]


def silent_until_asked() -> tuple[SessionUnderTest, int]:
    """Nothing comes for two seconds; the sequence of what we ask then."""
    talk = SessionUnderTest(limits=BEAT).bind()
    talk.sent()
    talk.after(1.9)
    assert talk.sent() == []
    talk.after(0.1)
    (asked,) = talk.sent()
    assert isinstance(asked.pdu, EnquireLink)
    return talk, asked.sequence


def test_what_comes_after_a_silence_in_which_our_question_waited_may_be_old():
    """All of it, until a question is answered that was put since: we ask at once."""
    talk, asked = silent_until_asked()
    talk.now += 8.0
    assert old(talk.hear(MO, 7)) == [True]
    talk.hear(EnquireLinkResp(), asked)
    talk.after(0.0)
    (again,) = talk.sent()
    assert old(talk.hear(MO, 8)) == [True]
    talk.hear(EnquireLinkResp(), again.sequence)
    assert old(talk.hear(MO, 9)) == [False]


def test_that_a_connection_stood_still_is_told_once():
    talk, _ = silent_until_asked()
    talk.now += 8.0
    stood_still = [
        event
        for sequence in (7, 8)
        for event in talk.hear(MO, sequence)
        if isinstance(event, ConnectionStoodStill)
    ]
    assert stood_still == [ConnectionStoodStill(10.0)]


def test_a_second_later_nothing_is_old_even_if_nobody_answers():
    """A peer that does not answer enquire_link delivers all the same."""
    talk, _ = silent_until_asked()
    talk.now += 8.0
    assert old(talk.hear(MO, 7)) == [True]
    talk.now += 1.0
    assert old(talk.hear(MO, 8)) == [False]


def test_who_is_silent_for_less_than_three_seconds_is_in_time():
    """No peer delivers again so soon."""
    talk, _ = silent_until_asked()
    talk.now += 0.9
    assert old(talk.hear(MO, 7)) == [False]


def test_an_idle_connection_is_asked_every_two_seconds_and_nothing_on_it_is_old():
    talk = SessionUnderTest(limits=BEAT).bind()
    talk.sent()
    for _ in range(5):
        talk.after(2.0)
        (asked,) = talk.sent()
        talk.hear(EnquireLinkResp(), asked.sequence)
    talk.now += 1.9
    assert old(talk.hear(MO, 7)) == [False]


def test_who_is_asked_early_is_not_given_up_sooner():
    """Thirty seconds of silence, and ten without an answer, as ever."""
    talk, _ = silent_until_asked()
    talk.now += 37.9
    assert talk.session.tick(talk.now) == []
    assert len(talk.after(0.1)) == 1


def test_we_answer_enquire_link_at_any_time():
    """Before the bind, bound, and while saying goodbye."""
    talk = SessionUnderTest().connect()
    (asked,) = talk.sent()
    talk.hear(EnquireLink(), 5)
    talk.hear(BindResp(BindKind.TRANSCEIVER), asked.sequence)
    talk.hear(EnquireLink(), 6)
    talk.session.unbind(talk.now)
    talk.hear(EnquireLink(), 7)
    answers = [f.sequence for f in talk.sent() if f.pdu == EnquireLinkResp()]
    assert answers[:2] + answers[-1:] == [5, 6, 7]
