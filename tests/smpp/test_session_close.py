"""A session ends: unbind from either side, and lost connections."""

from __future__ import annotations

import pytest

from smpp.pdu import DecodedPdu, GenericNack, SubmitSmResp, Unbind, UnbindResp
from smpp.pdu_encoding import encode_pdu
from smpp.session import SmppSessionState
from smpp.session_events import AnswersSeen, SmppSessionEnded, SubmitAnswered
from tests.smpp.session_under_test import MO, OK, OUTBIND, SessionUnderTest, faults


def test_unbind_and_its_answer():
    """What was in flight and not answered before comes back."""
    talk = SessionUnderTest().bind()
    talk.submit("answered in time")
    talk.submit("key")
    talk.sent()
    talk.session.unbind(talk.now)
    (asked,) = talk.sent()
    assert asked.pdu == Unbind()
    assert talk.session.free == 0
    assert talk.hear(SubmitSmResp("0e99"), 2) == [SubmitAnswered("answered in time", OK, "0e99")]
    assert talk.hear(UnbindResp(), asked.sequence) == [SmppSessionEnded("unbound", ("key",), ())]


@pytest.mark.parametrize(("answer", "status"), [(UnbindResp(), OK), (GenericNack(), 3)])
def test_who_answers_our_unbind_has_read_what_we_answered_before_it(answer, status):
    """What we answer behind it may never be read: the peer may go as soon as it has said so."""
    talk = SessionUnderTest().bind()
    talk.hear(MO, 7)
    talk.hear(MO, 8)
    talk.session.answer(7, OK, "seven")
    talk.session.unbind(talk.now)
    talk.session.answer(8, OK, "eight")
    sequence = next(pdu.sequence for pdu in talk.sent() if pdu.pdu == Unbind())
    assert talk.hear(answer, sequence, status) == [
        AnswersSeen(("seven",)),
        SmppSessionEnded("unbound", (), ("eight",)),
    ]


@pytest.mark.parametrize("answer", [UnbindResp(), GenericNack()])
def test_unbind_answered_by_another_number_goes_on(answer):
    """Only its own answer ends it."""
    talk = SessionUnderTest().bind()
    talk.session.unbind(talk.now)
    assert len(faults(talk.hear(answer, 999, 0 if answer == UnbindResp() else 3))) == 1
    assert talk.session.state is SmppSessionState.UNBINDING


def test_an_unbind_that_is_nacked_is_over_too():
    """It did not understand, but we are leaving."""
    talk = SessionUnderTest().bind()
    talk.session.unbind(talk.now)
    sequence = talk.sent()[-1].sequence
    assert talk.hear(GenericNack(), sequence, 3) == [SmppSessionEnded("unbound", (), ())]


def test_an_unbind_that_is_not_answered_is_over_at_its_deadline():
    """Five seconds."""
    talk = SessionUnderTest().bind()
    talk.session.unbind(talk.now)
    assert talk.after(4.9) == []
    assert talk.after(0.1) == [SmppSessionEnded("unbound without an answer", (), ())]


@pytest.mark.parametrize("awaiting", [None, OUTBIND])
def test_unbind_before_the_bind_ends_at_once(awaiting):
    """There is nothing to say goodbye to."""
    talk = SessionUnderTest().connect(awaiting)
    talk.sent()
    talk.session.unbind(talk.now)
    assert talk.session.deadline() == talk.now
    assert talk.after(0.0) == [SmppSessionEnded("unbound without an answer", (), ())]
    assert talk.sent() == []


def test_the_peers_unbind_is_answered_and_ends_it():
    """With all that was in flight, oldest first."""
    talk = SessionUnderTest().bind()
    for key in ("first", "second"):
        talk.submit(key)
    talk.hear(MO, 7)
    talk.session.answer(7, OK, "seven")
    talk.sent()
    events = talk.hear(Unbind(), 44)
    assert events == [SmppSessionEnded("the peer unbound", ("first", "second"), ("seven",))]
    assert talk.sent() == [DecodedPdu(44, OK, UnbindResp())]


def test_what_follows_the_end_in_the_same_segment_is_not_served():
    """After unbind there is no session to serve it in."""
    talk = SessionUnderTest().bind()
    events = talk.session.receive(encode_pdu(Unbind(), 1) + encode_pdu(MO, 2), talk.now)
    assert [type(event) for event in events] == [SmppSessionEnded]


def test_a_lost_connection_ends_it_once():
    """One SmppSessionEnded, whatever is tried afterwards."""
    talk = SessionUnderTest().bind()
    talk.submit("key")
    assert talk.session.lost("reset by peer", talk.now) == [
        SmppSessionEnded("reset by peer", ("key",), ())
    ]
    assert talk.session.lost("again", talk.now) == []
    assert talk.hear(MO) == []
    assert talk.after(1000.0) == []
    assert talk.session.deadline() is None
    talk.session.unbind(talk.now)
    assert talk.session.state is SmppSessionState.ENDED


def test_seen_answers_are_told_before_the_end():
    """What was proven read in the last turn is not told as unseen."""
    talk = SessionUnderTest().bind()
    talk.hear(MO, 7)
    talk.session.answer(7, OK, "seven")
    sequence = talk.submit("key")
    octets = encode_pdu(SubmitSmResp("0e99"), sequence) + encode_pdu(Unbind(), 1)
    assert talk.session.receive(octets, talk.now) == [
        SubmitAnswered("key", OK, "0e99"),
        AnswersSeen(("seven",)),
        SmppSessionEnded("the peer unbound", (), ()),
    ]
