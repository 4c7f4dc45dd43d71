"""Our messages: the window, answers in time, late and never."""

from __future__ import annotations

import pytest
from smpplib import consts

from smpp.pdu import (
    BindKind,
    DeliverSmResp,
    EnquireLink,
    EnquireLinkResp,
    GenericNack,
    SubmitSm,
    SubmitSmResp,
)
from smpp.session import NotBound, SmppLimits, SmppSessionState, WindowFull
from smpp.session_events import (
    AnswersSeen,
    MessageReceived,
    SubmitAnswered,
    SubmitAnsweredLate,
    SubmitTimedOut,
)
from tests.smpp.session_under_test import MO, MT, OK, SessionUnderTest, faults


def test_a_message_and_its_answer():
    """SubmitAnswered comes with the caller's key and the SMSC's id."""
    talk = SessionUnderTest().bind()
    sequence = talk.submit("key")
    (sent,) = talk.sent()
    assert (sent.sequence, sent.pdu) == (sequence, MT)
    assert talk.hear(SubmitSmResp("0e99"), sequence) == [SubmitAnswered("key", OK, "0e99")]


def test_the_window_opens_with_each_answer():
    """Sixteen unanswered and no more; any answer makes room for one."""
    talk = SessionUnderTest(limits=SmppLimits(window=16)).bind()
    sequences = [talk.submit(n) for n in range(16)]
    assert talk.session.free == 0
    with pytest.raises(WindowFull):
        talk.submit("one too many")
    talk.hear(SubmitSmResp(), sequences[5])
    assert talk.session.free == 1
    talk.submit("fits")


@pytest.mark.parametrize("kind", BindKind)
def test_only_a_bind_that_sends_has_room(kind):
    """A receiver never; the others once they are bound."""
    talk = SessionUnderTest(kind)
    assert talk.session.free == 0
    talk.bind()
    assert (talk.session.free > 0) == kind.sends
    if not kind.sends:
        with pytest.raises(NotBound):
            talk.submit("key")


def test_nothing_is_sent_before_the_bind():
    """There is no one to send to yet."""
    talk = SessionUnderTest().connect()
    with pytest.raises(NotBound):
        talk.submit("key")


def test_a_message_that_cannot_be_written_takes_no_room():
    """The caller's mistake is the caller's; the window is as before."""
    talk = SessionUnderTest().bind()
    with pytest.raises(ValueError, match="destination_addr"):
        talk.session.submit(SubmitSm(destination_addr="1" * 30), "key", talk.now)
    assert talk.session.free == 16


def test_generic_nack_settles_the_message_it_names():
    """A nack is an answer too, though it says nothing of an id."""
    talk = SessionUnderTest().bind()
    sequence = talk.submit("key")
    throttled = consts.SMPP_ESME_RTHROTTLED
    assert talk.hear(GenericNack(), sequence, throttled) == [SubmitAnswered("key", throttled, "")]


def test_a_nack_that_says_all_is_well_is_still_a_refusal():
    """The message was not taken; it must not be taken for sent."""
    talk = SessionUnderTest().bind()
    (settled,) = talk.hear(GenericNack(), talk.submit("key"), OK)
    assert settled == SubmitAnswered("key", consts.SMPP_ESME_RUNKNOWNERR, "")


@pytest.mark.parametrize("sequence", [0, 4711])
def test_a_nack_for_nothing_of_ours_is_noted(sequence):
    """Without a number, or with a strange one, it settles nothing."""
    talk = SessionUnderTest().bind()
    talk.submit("key")
    assert len(faults(talk.hear(GenericNack(), sequence, 3))) == 1
    assert talk.session.free == 15


def test_a_message_that_is_not_answered_times_out():
    """After a minute its key comes back, and its place is free."""
    talk = SessionUnderTest(limits=SmppLimits(enquire_interval=1000.0)).bind()
    talk.submit("old")
    talk.after(30.0)
    talk.submit("young")
    assert talk.after(29.9) == []
    assert talk.after(0.1) == [SubmitTimedOut("old")]
    assert talk.session.free == 15


def test_an_answer_that_comes_too_late_is_told_once():
    """The key was given back already; its place in the window is free, and stays so."""
    talk = SessionUnderTest().bind()
    sequence = talk.submit("key")
    for _ in range(3):
        talk.hear(EnquireLink())
        events = talk.after(20.0)
    assert events == [SubmitTimedOut("key")]
    assert talk.hear(SubmitSmResp("0e99"), sequence) == [SubmitAnsweredLate("key", OK, "0e99")]
    assert len(faults(talk.hear(SubmitSmResp("0e99"), sequence))) == 1
    assert talk.session.free == 16


@pytest.mark.parametrize("answer", [SubmitSmResp(), GenericNack()])
def test_a_late_refusal_is_told_as_well(answer):
    """It says that the message was not taken; and it proves what we wrote before."""
    talk = SessionUnderTest(limits=SmppLimits(response_timeout=2.0)).bind()
    talk.hear(MO, 7)
    talk.session.answer(7, OK, "seven")
    sequence = talk.submit("key")
    assert talk.after(2.0) == [SubmitTimedOut("key")]
    status = consts.SMPP_ESME_RTHROTTLED
    late, seen = talk.hear(answer, sequence, status)
    assert (late, seen) == (SubmitAnsweredLate("key", status, ""), AnswersSeen(("seven",)))


def test_who_answers_everything_late_is_alive():
    """Two seconds are little for a message, and for a question too; ten are silence."""
    talk = SessionUnderTest(limits=SmppLimits(response_timeout=2.0)).bind()
    talk.after(30.0)
    (asked,) = talk.sent()
    talk.submit("key")
    assert talk.after(6.0) == [SubmitTimedOut("key")]
    talk.hear(EnquireLinkResp(), asked.sequence)
    assert talk.session.state is SmppSessionState.BOUND


def test_a_number_that_comes_round_is_the_new_messages():
    """A late answer to the old one can no longer be told from it."""
    talk = SessionUnderTest(
        limits=SmppLimits(response_timeout=2.0), first_sequence=0x7FFFFFFF
    ).bind()
    sequence = talk.submit("old")
    talk.after(2.0)
    talk.session._requests._sequence = sequence - 1
    assert talk.submit("new") == sequence
    assert talk.hear(SubmitSmResp("1"), sequence) == [SubmitAnswered("new", OK, "1")]
    assert len(faults(talk.hear(SubmitSmResp("1"), sequence))) == 1


def test_messages_that_were_never_answered_are_not_kept_for_ever():
    """An SMSC may stay silent for weeks: the oldest are forgotten."""
    talk = SessionUnderTest(limits=SmppLimits(window=1, response_timeout=2.0)).bind()
    sequences = []
    for n in range(1_001):
        sequences.append(talk.submit(n))
        talk.hear(EnquireLink())
        talk.after(2.0)
    assert len(faults(talk.hear(SubmitSmResp(), sequences[0]))) == 1
    assert talk.hear(SubmitSmResp(), sequences[1]) == [SubmitAnsweredLate(1, OK, "")]


def test_the_smscs_own_numbers_do_not_settle_ours():
    """Peers number their requests separately: a deliver_sm of the same number is no answer."""
    talk = SessionUnderTest().bind()
    sequence = talk.submit("key")
    assert talk.hear(MO, sequence) == [MessageReceived(sequence, MO)]
    talk.hear(EnquireLink(), sequence)
    talk.hear(EnquireLinkResp(), sequence)
    talk.hear(DeliverSmResp(), sequence)
    assert talk.session.free == 15


def test_sequence_numbers_wrap_where_the_specification_ends_them():
    """0x7FFFFFFF is followed by 1 (SMPP 3.4 §5.1.4)."""
    talk = SessionUnderTest(first_sequence=0x7FFFFFFE).bind()  # the bind takes the first
    assert [talk.submit("a"), talk.submit("b")] == [0x7FFFFFFF, 1]
