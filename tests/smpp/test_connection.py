"""The Twisted shell round a session, on a clock and a transport in memory."""

from __future__ import annotations

import pytest
from smpplib import consts

from smpp.connection import CLOSING_TIMEOUT, MOST_UNSENT
from smpp.pdu import (
    BindKind,
    BindResp,
    DeliverSm,
    DeliverSmResp,
    EnquireLink,
    EnquireLinkResp,
    Outbind,
    SubmitSm,
    SubmitSmResp,
    Unbind,
    UnbindResp,
)
from smpp.pdu_encoding import encode_pdu
from smpp.session_events import BindAccepted, MessageReceived, SmppSessionEnded, SubmitAnswered
from tests.smpp.connection_in_memory import Listener, Shell, frames

MO = DeliverSm(source_addr="8613800138001", destination_addr="10086", short_message=b"YE")
MT = SubmitSm(source_addr="10086", destination_addr="8613800138001", short_message=b"56.80")


class Answering(Listener):
    """Answers each message as it comes."""

    def events(self, connection, events):
        super().events(connection, events)
        for event in events:
            if isinstance(event, MessageReceived):
                connection.answer(event.sequence, 0)


@pytest.fixture
def shells():
    """Makes connections; when all is over none of them has a timer left."""
    made: list[Shell] = []

    def make(**kwargs) -> Shell:
        made.append(Shell(**kwargs))
        return made[-1]

    yield make
    for shell in made:
        if not shell.gone:
            shell.hang_up()
        assert shell.clock.getDelayedCalls() == []


def test_it_binds_as_soon_as_it_is_connected(shells):
    """The bind leaves at once, without Nagle's delay, and the user hears of its success."""
    shell = shells()
    assert shell.wire.no_delay
    (bind,) = shell.sent()
    shell.say(BindResp(BindKind.TRANSCEIVER, "SMSC"), bind.sequence)
    assert shell.user.calls == [[BindAccepted("SMSC", None)]]


# ---- turns ----


def test_a_turns_events_come_in_one_call(shells):
    """However many PDUs a segment holds, the user is called once."""
    shell = shells().bound()
    shell.connection.dataReceived(b"".join(encode_pdu(MO, number) for number in range(1, 6)))
    assert [len(call) for call in shell.user.calls] == [5]


def test_a_segment_without_events_is_no_call(shells):
    """Half a PDU is nobody's business."""
    shell = shells().bound()
    shell.connection.dataReceived(encode_pdu(MO, 1)[:20])
    assert shell.user.calls == []


def test_answers_and_messages_of_one_turn_leave_in_one_write(shells):
    """The desk answers a batch from outside a turn: one write when the reactor turns."""
    shell = shells().bound()
    shell.connection.dataReceived(b"".join(encode_pdu(MO, number) for number in range(1, 6)))
    for number in range(1, 6):
        shell.connection.answer(number, 0)
        shell.connection.submit(MT, number)
    shell.turn()
    (written,) = shell.wire.writes
    kinds = [type(frame.pdu).__name__ for frame in frames(written)]
    assert kinds == ["DeliverSmResp", "SubmitSm"] * 5


def test_answers_given_at_once_leave_at_the_end_of_the_call(shells):
    """A user that answers within `events` costs one write and no further turn."""
    shell = shells(user=Answering()).bound()
    shell.connection.dataReceived(b"".join(encode_pdu(MO, number) for number in range(1, 4)))
    assert [len(frames(written)) for written in shell.wire.writes] == [3]


def test_submitted_messages_are_settled_by_key(shells):
    """From submit to SubmitAnswered through the transport."""
    shell = shells().bound()
    sequence = shell.connection.submit(MT, "key")
    shell.say(SubmitSmResp("0e99"), sequence)
    assert shell.user.all == [SubmitAnswered("key", consts.SMPP_ESME_ROK, "0e99")]


# ---- time ----


def test_silence_is_answered_on_the_clock(shells):
    """The session's deadlines become timers: ask, then give up and close."""
    shell = shells().bound()
    shell.clock.advance(30)
    (asked,) = shell.sent()
    assert isinstance(asked.pdu, EnquireLink)
    shell.clock.advance(10)
    assert [type(event) for event in shell.user.all] == [SmppSessionEnded]
    assert shell.wire.disconnecting


def test_one_timer_serves_however_much_is_said(shells):
    """Each turn moves the deadline; the timer is not moved with it."""
    shell = shells().bound()
    for number in range(1, 50):
        shell.clock.advance(20)
        shell.say(MO, number)
        assert len(shell.clock.getDelayedCalls()) == 1
    assert shell.sent() == []


def test_an_earlier_deadline_moves_the_timer(shells):
    """Answers to be proven are asked about after a second, not at the next enquiry."""
    shell = shells().bound()
    shell.say(MO, 7)
    shell.connection.answer(7, 0, "token")
    shell.turn()
    shell.sent()
    shell.clock.advance(1)
    (probe,) = shell.sent()
    shell.say(EnquireLinkResp(), probe.sequence)
    assert shell.user.all[-1] == (("token",),)


# ---- endings ----


def test_unbind_fires_when_the_connection_is_gone(shells):
    """Goodbye, its answer, the close."""
    shell = shells().bound()
    gone: list[object] = []
    shell.connection.unbind().addCallback(gone.append)
    shell.turn()
    (asked,) = shell.sent()
    assert asked.pdu == Unbind()
    shell.say(UnbindResp(), asked.sequence)
    assert shell.wire.disconnecting
    assert gone == []
    shell.hang_up()
    assert gone == [None]
    assert shell.user.all == [SmppSessionEnded("unbound", (), ())]


def test_unbind_is_bounded_when_nobody_answers(shells):
    """Five seconds for the answer, five for the close, then the cord is cut."""
    shell = shells().bound()
    shell.connection.unbind()
    shell.clock.pump([0, 5])
    assert shell.wire.disconnecting
    assert not shell.wire.aborted
    shell.clock.advance(CLOSING_TIMEOUT)
    assert shell.wire.aborted


@pytest.mark.parametrize("awaiting", [None, Outbind("SMSC01", "secret08")])
def test_unbind_before_the_bind_closes_at_once(shells, awaiting):
    """Nobody to say goodbye to, nothing to wait for."""
    shell = shells(awaiting=awaiting)
    shell.connection.unbind()
    shell.clock.pump([0, 0])
    assert shell.wire.disconnecting


def test_unbind_of_what_is_gone_fires_at_once(shells):
    """Whoever waits for the end need not know whether it came."""
    shell = shells().bound()
    shell.hang_up()
    gone: list[object] = []
    shell.connection.unbind().addCallback(gone.append)
    assert gone == [None]


def test_a_refused_bind_closes_the_connection(shells):
    """No socket is left open behind a refusal."""
    shell = shells()
    (bind,) = shell.sent()
    shell.say(BindResp(BindKind.TRANSCEIVER), bind.sequence, consts.SMPP_ESME_RINVPASWD)
    assert shell.wire.disconnecting
    assert [type(event).__name__ for event in shell.user.all] == ["BindRefused", "SmppSessionEnded"]


def test_the_last_words_leave_before_the_close(shells):
    """The peer's unbind is answered."""
    shell = shells().bound()
    shell.say(Unbind(), 9)
    assert [frame.pdu for frame in shell.sent()] == [UnbindResp()]
    assert shell.wire.disconnecting


def test_a_lost_connection_settles_what_was_in_flight(shells):
    """Once, with the keys."""
    shell = shells().bound()
    shell.connection.submit(MT, "key")
    shell.turn()
    shell.hang_up()
    (ended,) = shell.user.all
    assert isinstance(ended, SmppSessionEnded)
    assert ended.keys == ("key",)


def test_drop_cuts_the_connection_now(shells):
    """With a reason of ours, told once."""
    shell = shells().bound()
    shell.connection.submit(MT, "key")
    shell.connection.drop("the operator said so")
    assert shell.wire.aborted
    shell.hang_up()
    assert shell.user.all == [SmppSessionEnded("the operator said so", ("key",), ())]


def test_drop_within_a_turn_is_safe(shells):
    """A user may drop the connection while it is being told of events."""

    class Dropping(Listener):
        def events(self, connection, events):
            super().events(connection, events)
            connection.drop("enough")

    shell = shells(user=Dropping())
    (bind,) = shell.sent()
    shell.say(BindResp(BindKind.TRANSCEIVER), bind.sequence)
    assert shell.user.all == [BindAccepted("", None), SmppSessionEnded("enough", (), ())]
    assert shell.wire.aborted


def test_answers_and_messages_after_the_end_go_nowhere(shells):
    """The desk may be late; nothing is written and no timer is started."""
    shell = shells().bound()
    shell.say(MO, 7)
    shell.hang_up()
    assert not shell.connection.answer(7, 0, "token")
    assert shell.connection.free == 0
    assert shell.clock.getDelayedCalls() == []


# ---- a peer that does not read ----


def test_a_peer_that_does_not_read_leaves_nothing_free(shells):
    """When the transport is full we neither write nor offer room, and say when there is room."""
    shell = shells().bound()
    shell.wire.producer.pauseProducing()
    assert shell.connection.free == 0
    shell.say(MO, 7)
    shell.connection.answer(7, 0)
    shell.turn()
    assert shell.sent() == []
    shell.user.calls.clear()
    shell.wire.producer.resumeProducing()
    assert [frame.pdu for frame in shell.sent()] == [DeliverSmResp()]
    assert shell.user.calls == [[]]
    assert shell.connection.free == 16


def test_we_stop_reading_from_a_peer_that_never_reads(shells):
    """Its flood would fill our memory with answers."""
    shell = shells(user=Answering()).bound()
    shell.wire.producer.pauseProducing()
    flood = b"".join(encode_pdu(MO, number) for number in range(1, 1001))
    while shell.wire.producerState == "producing":
        assert shell.connection.session.unsent <= MOST_UNSENT + 17_000
        shell.connection.dataReceived(flood)
    shell.wire.producer.resumeProducing()
    assert shell.wire.producerState == "producing"
    assert shell.connection.session.unsent == 0


def test_a_connection_that_ends_while_the_peer_does_not_read_is_cut(shells):
    """Waiting for its buffer to empty has a bound as well."""
    shell = shells().bound()
    shell.wire.producer.pauseProducing()
    shell.say(Unbind(), 9)
    assert shell.wire.disconnecting
    shell.clock.advance(CLOSING_TIMEOUT)
    assert shell.wire.aborted
