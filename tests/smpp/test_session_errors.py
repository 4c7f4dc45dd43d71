"""What a session does not understand, or what is not for it to serve."""

from __future__ import annotations

import pytest
from smpplib import consts

from smpp.pdu import Bind, BindKind, DecodedPdu, DeliverSmResp, GenericNack
from smpp.session import SmppSessionState
from smpp.session_events import MessageReceived, SmppSessionEnded
from tests.smpp.golden_pdus import golden_pdus
from tests.smpp.session_under_test import MO, MT, OUTBIND, SessionUnderTest, faults

GOLDEN = [vector.octets for vector in golden_pdus()]


def raw(command_id: int, body: bytes = b"", sequence: int = 9) -> bytes:
    numbers = (16 + len(body), command_id, 0, sequence)
    return b"".join(number.to_bytes(4, "big") for number in numbers) + body


@pytest.mark.parametrize("command_id", [0x0000DEAD, 0x00010200, 0x00000021])
def test_an_unknown_command_gets_a_nack_and_the_session_goes_on(command_id):
    """A vendor's own PDU does not cost us the link."""
    talk = SessionUnderTest().bind()
    assert len(faults(talk.session.receive(raw(command_id), talk.now))) == 1
    assert talk.sent() == [DecodedPdu(9, consts.SMPP_ESME_RINVCMDID, GenericNack())]
    assert talk.hear(MO, 10) == [MessageReceived(10, MO)]


@pytest.mark.parametrize("command_id", [0x8000DEAD, 0x80000021, 0x80000103, 0x80000005])
def test_a_response_is_never_answered(command_id):
    """Nack for nack would never end."""
    talk = SessionUnderTest().bind()
    assert len(faults(talk.session.receive(raw(command_id), talk.now))) == 1
    assert talk.sent() == []


def test_a_malformed_message_gets_its_own_response():
    """One bad PDU is refused by name, and the next is served."""
    talk = SessionUnderTest().bind()
    assert len(faults(talk.session.receive(raw(5, b"\0\1\1"), talk.now))) == 1
    assert talk.sent() == [DecodedPdu(9, consts.SMPP_ESME_RINVCMDLEN, DeliverSmResp())]
    assert talk.hear(MO, 10) == [MessageReceived(10, MO)]


@pytest.mark.parametrize("request_pdu", [MT, Bind(BindKind.RECEIVER, "x", "y")])
def test_what_only_an_smsc_serves_is_refused(request_pdu):
    """We are an ESME."""
    talk = SessionUnderTest().bind()
    assert len(faults(talk.hear(request_pdu, 9))) == 1
    assert talk.sent() == [DecodedPdu(9, consts.SMPP_ESME_RINVCMDID, GenericNack())]


@pytest.mark.parametrize("stream", [b"HTTP/1.1 400", b"\0\0\0\x0f" + b"x" * 12, b"\0\1\0\1"])
def test_framing_lost_ends_the_session_with_a_nack(stream):
    """Where a PDU begins is not known any more."""
    talk = SessionUnderTest().bind()
    talk.submit("key")
    talk.sent()
    (ended,) = talk.session.receive(stream, talk.now)
    assert isinstance(ended, SmppSessionEnded)
    assert ended.keys == ("key",)
    assert talk.sent() == [DecodedPdu(0, consts.SMPP_ESME_RINVCMDLEN, GenericNack())]


@pytest.mark.parametrize(
    "state", [state for state in SmppSessionState if state is not SmppSessionState.FRESH]
)
@pytest.mark.parametrize("octets", GOLDEN)
def test_every_pdu_may_come_at_any_time(octets, state):
    """Whatever the moment, it is served, answered or noted; nothing breaks."""
    talk = SessionUnderTest(BindKind.TRANSCEIVER)
    match state:
        case SmppSessionState.LISTENING:
            talk.connect(OUTBIND)
        case SmppSessionState.BINDING:
            talk.connect()
        case _:
            talk.bind()
    if state is SmppSessionState.UNBINDING:
        talk.session.unbind(talk.now)
    elif state is SmppSessionState.ENDED:
        talk.session.lost("gone", talk.now)
    assert talk.session.state is state
    talk.session.receive(octets, talk.now)
    talk.after(1.0)
