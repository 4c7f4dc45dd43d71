"""Messages to us, and which of our answers have been read."""

from __future__ import annotations

import pytest
from smpplib import consts

from smpp.pdu import (
    AlertNotification,
    BindKind,
    DataSm,
    DataSmResp,
    DecodedPdu,
    DeliverSmResp,
    EnquireLink,
    EnquireLinkResp,
    SubmitSmResp,
)
from smpp.pdu_encoding import encode_pdu
from smpp.session_events import AnswersSeen, MessageReceived, SmppSessionEnded, SubmitAnswered
from tests.smpp.session_under_test import MO, OK, SessionUnderTest, faults


def test_a_message_is_answered_when_the_user_says_so():
    """Not before, and with the status that the user gives."""
    talk = SessionUnderTest().bind()
    assert talk.hear(MO, 7) == [MessageReceived(7, MO)]
    assert talk.sent() == []
    assert talk.session.answer(7, consts.SMPP_ESME_RMSGQFUL)
    assert talk.sent() == [DecodedPdu(7, consts.SMPP_ESME_RMSGQFUL, DeliverSmResp())]


def test_data_sm_is_served_like_deliver_sm():
    """And answered by its own response."""
    talk = SessionUnderTest().bind()
    message = DataSm(source_addr="8613800138001", tlvs=((0x0424, b"YE"),))
    (delivered,) = talk.hear(message, 7)
    assert delivered == MessageReceived(7, message)
    assert delivered.pdu.payload == b"YE"
    talk.session.answer(7, OK)
    talk.hear(MO, 7)
    talk.session.answer(7, OK)
    assert [frame.pdu for frame in talk.sent()] == [DataSmResp(), DeliverSmResp()]


BOTH_KINDS = pytest.mark.parametrize(
    ("message", "answer"),
    [(MO, DeliverSmResp()), (DataSm(source_addr="8613800138001"), DataSmResp())],
)


@BOTH_KINDS
def test_a_transmitter_takes_no_messages(message, answer):
    """The SMSC is told that this bind does not receive."""
    talk = SessionUnderTest(BindKind.TRANSMITTER).bind()
    assert len(faults(talk.hear(message, 7))) == 1
    assert talk.sent() == [DecodedPdu(7, consts.SMPP_ESME_RINVBNDSTS, answer)]


@BOTH_KINDS
def test_a_message_while_we_say_goodbye_is_to_be_kept(message, answer):
    """It would not be served any more: a temporary refusal leaves it with the SMSC."""
    talk = SessionUnderTest().bind()
    talk.session.unbind(talk.now)
    talk.sent()
    assert talk.hear(message, 7) == []
    assert talk.sent() == [DecodedPdu(7, consts.SMPP_ESME_RMSGQFUL, answer)]


def test_an_answer_after_the_end_is_told_to_be_in_vain():
    """There is nobody to hear it."""
    talk = SessionUnderTest().bind()
    talk.hear(MO, 7)
    talk.session.lost("gone", talk.now)
    assert not talk.session.answer(7, OK, "token")
    assert talk.sent() == []


def test_an_alert_is_taken_silently():
    """alert_notification has no response (SMPP 3.4 §4.12)."""
    talk = SessionUnderTest().bind()
    assert talk.hear(AlertNotification(1, 1, "8613800138001", 0, 0, "10086")) == []
    assert talk.sent() == []


# ---- which answers have been read ----


def test_an_answer_to_a_later_request_proves_that_ours_were_read():
    """The peer reads in order: what we wrote before the request, it has read."""
    talk = SessionUnderTest().bind()
    talk.hear(MO, 7)
    talk.hear(MO, 8)
    talk.session.answer(7, OK, "seven")
    sequence = talk.submit("key")
    talk.session.answer(8, OK, "eight")
    events = talk.hear(SubmitSmResp("0e99"), sequence)
    assert events == [SubmitAnswered("key", OK, "0e99"), AnswersSeen(("seven",))]
    assert talk.session.lost("gone", talk.now) == [SmppSessionEnded("gone", (), ("eight",))]


def test_answers_seen_are_told_once_a_turn_in_order():
    """Three responses in one segment, out of order: one batch, oldest first."""
    talk = SessionUnderTest().bind()
    sequences = []
    for number in range(3):
        talk.hear(MO, number)
        talk.session.answer(number, OK, number)
        sequences.append(talk.submit(number))
    octets = b"".join(encode_pdu(SubmitSmResp(), s) for s in reversed(sequences))
    events = talk.session.receive(octets, talk.now)
    assert [e for e in events if isinstance(e, AnswersSeen)] == [AnswersSeen((0, 1, 2))]


@pytest.mark.parametrize("kind", [BindKind.RECEIVER, BindKind.TRANSCEIVER])
def test_answers_that_nothing_proves_are_asked_about(kind):
    """A second of quiet later an enquire_link asks; its answer proves them read."""
    talk = SessionUnderTest(kind).bind()
    talk.hear(MO, 7)
    talk.session.answer(7, OK, "seven")
    talk.sent()
    assert talk.session.deadline() == talk.now + 1.0
    assert talk.after(0.9) == []
    assert talk.sent() == []
    talk.after(0.1)
    (probe,) = talk.sent()
    assert isinstance(probe.pdu, EnquireLink)
    assert talk.hear(EnquireLinkResp(), probe.sequence) == [AnswersSeen(("seven",))]


def test_a_request_on_its_way_is_probe_enough():
    """While something of ours is unanswered no other question is put."""
    talk = SessionUnderTest().bind()
    talk.hear(MO, 7)
    talk.session.answer(7, OK, "seven")
    talk.submit("key")
    talk.sent()
    talk.after(5.0)
    assert talk.sent() == []


def test_answers_after_the_last_request_are_asked_about_too():
    """The request's answer proves only what was written before it."""
    talk = SessionUnderTest().bind()
    sequence = talk.submit("key")
    talk.hear(MO, 7)
    talk.session.answer(7, OK, "seven")
    talk.hear(SubmitSmResp(), sequence)
    talk.sent()
    talk.after(1.0)
    (probe,) = talk.sent()
    assert talk.hear(EnquireLinkResp(), probe.sequence) == [AnswersSeen(("seven",))]


def test_answers_without_a_token_are_not_asked_about():
    """A refusal needs no proof."""
    talk = SessionUnderTest().bind()
    talk.hear(MO, 7)
    talk.session.answer(7, consts.SMPP_ESME_RMSGQFUL)
    talk.sent()
    talk.after(5.0)
    assert talk.sent() == []
