"""A session begins: bind, or outbind and bind."""

from __future__ import annotations

import pytest
from smpplib import consts

from smpp.pdu import Bind, BindKind, BindResp, EnquireLink, GenericNack, Outbind, Unbind, UnbindResp
from smpp.pdu_encoding import encode_pdu
from smpp.session import SmppSessionState
from smpp.session_events import (
    BindAccepted,
    BindRefused,
    MessageReceived,
    OutbindReceived,
    SmppSessionEnded,
)
from smpp.statuses import Treatment
from smpp.tlv import SC_INTERFACE_VERSION
from tests.smpp.session_under_test import MO, OUTBIND, SessionUnderTest, faults


@pytest.mark.parametrize("kind", BindKind)
def test_the_bind_says_who_we_are(kind):
    """Each kind of bind, with all that the credentials hold."""
    (asked,) = SessionUnderTest(kind).connect().sent()
    assert asked.pdu == Bind(kind, "hallgate", "secret", "VMA", 0x34, 1, 2, "^10086")


def test_a_bind_that_succeeds():
    """BindAccepted tells who the SMSC says it is."""
    talk = SessionUnderTest().connect()
    (asked,) = talk.sent()
    resp = BindResp(BindKind.TRANSCEIVER, "SMSC", ((SC_INTERFACE_VERSION, b"\x34"),))
    assert talk.hear(resp, asked.sequence) == [BindAccepted("SMSC", 0x34)]
    assert talk.session.state is SmppSessionState.BOUND


@pytest.mark.parametrize(
    ("status", "treatment"),
    [
        (consts.SMPP_ESME_RINVPASWD, Treatment.FAIL),
        (consts.SMPP_ESME_RALYBND, Treatment.LATER),
    ],
)
@pytest.mark.parametrize("answer", [BindResp(BindKind.TRANSCEIVER), GenericNack()])
def test_a_bind_that_is_refused_ends_the_session(answer, status, treatment):
    """Whether by bind_resp or by generic_nack, with what to do about it."""
    talk = SessionUnderTest().connect()
    (asked,) = talk.sent()
    refused, ended = talk.hear(answer, asked.sequence, status)
    assert isinstance(refused, BindRefused)
    assert (refused.command_status, refused.verdict.treatment) == (status, treatment)
    assert isinstance(ended, SmppSessionEnded)


def test_an_smsc_that_does_not_answer_the_bind_is_given_up():
    """Ten seconds, not for ever."""
    talk = SessionUnderTest().connect()
    assert talk.after(9.9) == []
    assert talk.after(0.1) == [SmppSessionEnded("the bind was not answered in time", (), ())]
    assert talk.session.deadline() is None


@pytest.mark.parametrize(
    ("answer", "sequence"),
    [(BindResp(BindKind.TRANSCEIVER), 77), (BindResp(BindKind.RECEIVER), 1), (UnbindResp(), 1)],
)
def test_only_the_answer_to_our_bind_binds(answer, sequence):
    """Another number, another kind, another response: the bind stays open."""
    talk = SessionUnderTest().connect()
    assert len(faults(talk.hear(answer, sequence))) == 1
    assert talk.session.state is SmppSessionState.BINDING


def test_outbind_makes_us_bind():
    """The SMSC connects, says outbind, and gets our bind (SMPP 3.4 §2.2.1)."""
    talk = SessionUnderTest(BindKind.RECEIVER).connect(awaiting=OUTBIND)
    assert talk.sent() == []
    assert talk.hear(OUTBIND) == [OutbindReceived("SMSC01")]
    (asked,) = talk.sent()
    assert isinstance(asked.pdu, Bind)
    talk.hear(BindResp(BindKind.RECEIVER, "SMSC01"), asked.sequence)
    assert talk.session.state is SmppSessionState.BOUND


STRANGERS = [Outbind("SMSC01", "wrong"), Outbind("other", "secret08"), Outbind("SMSC01", "")]


@pytest.mark.parametrize("stranger", STRANGERS)
def test_an_outbind_by_a_stranger_does_not_get_our_password(stranger):
    """Our bind would tell it to whoever connects."""
    talk = SessionUnderTest(BindKind.RECEIVER).connect(awaiting=OUTBIND)
    (ended,) = talk.hear(stranger)
    assert isinstance(ended, SmppSessionEnded)
    assert "stranger" in ended.reason
    assert talk.sent() == []
    assert talk.hear(OUTBIND) == []  # no second guess on the same connection


FIRST_WORDS = {
    "a question": encode_pdu(EnquireLink(), 1),
    "a message": encode_pdu(MO, 1),
    "a bind": encode_pdu(Bind(BindKind.RECEIVER, "x", "y"), 1),
    "goodbye": encode_pdu(Unbind(), 1),
    "an answer to our bind": encode_pdu(BindResp(BindKind.RECEIVER, "SMSC01"), 1),
    "an unknown command": bytes.fromhex("00000010 0000dead 00000000 00000007"),
    "a broken outbind": bytes.fromhex("00000012 0000000b 00000000 00000007 6161"),
    "no PDU": b"GET / HTTP/1.1\r\n\r\n",
    "a giant": bytes.fromhex("00010000 0000000b 00000000 00000001"),
}


@pytest.mark.parametrize("octets", FIRST_WORDS.values(), ids=FIRST_WORDS)
def test_before_a_right_outbind_nothing_of_ours_is_sent(octets):
    """No answer, no nack: whoever begins with anything else is sent away without a word."""
    talk = SessionUnderTest(BindKind.RECEIVER).connect(awaiting=OUTBIND)
    assert isinstance(talk.session.receive(octets, talk.now)[-1], SmppSessionEnded)
    assert talk.sent() == []


def test_an_outbind_that_does_not_come_is_not_awaited_for_ever():
    """Who only connects is sent away, also if octets trickle in."""
    talk = SessionUnderTest(BindKind.RECEIVER).connect(awaiting=OUTBIND)
    for octet in encode_pdu(OUTBIND, 1)[:9]:
        assert talk.session.receive(bytes([octet]), talk.now) == []
        assert talk.after(0.5) == []
    assert talk.after(0.5) == [SmppSessionEnded("no outbind came in time", (), ())]


def test_who_called_us_may_send_whole_messages():
    """The short measure is for strangers only."""
    talk = SessionUnderTest(BindKind.RECEIVER).connect(awaiting=OUTBIND)
    talk.hear(OUTBIND)
    (asked,) = talk.sent()
    talk.hear(BindResp(BindKind.RECEIVER, "SMSC01"), asked.sequence)
    long = MO._replace(tlvs=((0x0424, b"x" * 5_000),))
    assert talk.hear(long, 7) == [MessageReceived(7, long)]


def test_an_outbind_at_any_other_time_is_a_fault():
    """It does not bind us twice."""
    talk = SessionUnderTest().bind()
    assert faults(talk.hear(OUTBIND)) == ["outbind while BOUND"]
    assert talk.sent() == []
