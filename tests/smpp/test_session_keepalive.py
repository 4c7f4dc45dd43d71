"""Is anybody there: enquire_link, asked and answered."""

from __future__ import annotations

import pytest

from smpp.pdu import BindKind, BindResp, EnquireLink, EnquireLinkResp, GenericNack
from smpp.session_events import SmppSessionEnded
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
