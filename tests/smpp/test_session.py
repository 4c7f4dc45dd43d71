"""One session: bytes and time in, bytes and events out."""

from __future__ import annotations

import pytest
from smpplib import consts

from smpp.events import (
    AnsweredLate,
    AnswersSeen,
    BindRefused,
    Bound,
    Delivered,
    Ended,
    Invited,
    ProtocolFault,
    Submitted,
    TimedOut,
)
from smpp.pdu import (
    AlertNotification,
    Bind,
    BindKind,
    BindResp,
    DataSm,
    DataSmResp,
    DeliverSm,
    DeliverSmResp,
    EnquireLink,
    EnquireLinkResp,
    Frame,
    GenericNack,
    Outbind,
    Pdu,
    SubmitSm,
    SubmitSmResp,
    Unbind,
    UnbindResp,
)
from smpp.session import Credentials, Limits, NotBound, Session, State, WindowFull
from smpp.statuses import Treatment
from smpp.tlv import SC_INTERFACE_VERSION
from smpp.writing import encode
from tests.smpp.golden import golden_pdus
from tests.smpp.shell import frames

OK = consts.SMPP_ESME_ROK
MO = DeliverSm(source_addr="8613800138001", destination_addr="10086", short_message=b"YE")
MT = SubmitSm(source_addr="10086", destination_addr="8613800138001", short_message=b"56.80")
CREDENTIALS = Credentials("hallgate", "secret", "VMA", "^10086", 1, 2)
OUTBIND = Outbind("SMSC01", "secret08")
GOLDEN = [vector.octets for vector in golden_pdus()]


class Talk:
    """A session under test, the SMSC's voice, and the time."""

    def __init__(
        self,
        kind: BindKind = BindKind.TRANSCEIVER,
        limits: Limits | None = None,
        first_sequence: int = 1,
    ) -> None:
        self.session = Session(kind, CREDENTIALS, limits or Limits(), first_sequence)
        self.now = 100.0

    def connect(self, awaiting: Outbind | None = None) -> Talk:
        self.session.connected(self.now, awaiting)
        return self

    def bind(self) -> Talk:
        (asked,) = self.connect().sent()
        self.hear(BindResp(self.session.kind, "SMSC"), asked.sequence)
        assert self.session.state is State.BOUND
        return self

    def hear(self, pdu: Pdu, sequence: int = 1, status: int = OK):
        return self.session.receive(encode(pdu, sequence, status), self.now)

    def sent(self) -> list[Frame]:
        return frames(self.session.output())

    def after(self, seconds: float):
        self.now += seconds
        return self.session.tick(self.now)

    def submit(self, key: object) -> int:
        return self.session.submit(MT, key, self.now)


def faults(events) -> list[str]:
    return [event.description for event in events if isinstance(event, ProtocolFault)]


# ---- binding ----


@pytest.mark.parametrize("kind", BindKind)
def test_the_bind_says_who_we_are(kind):
    """Each kind of bind, with all that the credentials hold."""
    (asked,) = Talk(kind).connect().sent()
    assert asked.pdu == Bind(kind, "hallgate", "secret", "VMA", 0x34, 1, 2, "^10086")


def test_a_bind_that_succeeds():
    """Bound tells who the SMSC says it is."""
    talk = Talk().connect()
    (asked,) = talk.sent()
    resp = BindResp(BindKind.TRANSCEIVER, "SMSC", ((SC_INTERFACE_VERSION, b"\x34"),))
    assert talk.hear(resp, asked.sequence) == [Bound("SMSC", 0x34)]
    assert talk.session.state is State.BOUND


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
    talk = Talk().connect()
    (asked,) = talk.sent()
    refused, ended = talk.hear(answer, asked.sequence, status)
    assert isinstance(refused, BindRefused)
    assert (refused.command_status, refused.verdict.treatment) == (status, treatment)
    assert isinstance(ended, Ended)


def test_an_smsc_that_does_not_answer_the_bind_is_given_up():
    """Ten seconds, not for ever."""
    talk = Talk().connect()
    assert talk.after(9.9) == []
    assert talk.after(0.1) == [Ended("the bind was not answered in time", (), ())]
    assert talk.session.deadline() is None


@pytest.mark.parametrize(
    ("answer", "sequence"),
    [(BindResp(BindKind.TRANSCEIVER), 77), (BindResp(BindKind.RECEIVER), 1), (UnbindResp(), 1)],
)
def test_only_the_answer_to_our_bind_binds(answer, sequence):
    """Another number, another kind, another response: the bind stays open."""
    talk = Talk().connect()
    assert len(faults(talk.hear(answer, sequence))) == 1
    assert talk.session.state is State.BINDING


def test_outbind_makes_us_bind():
    """The SMSC connects, says outbind, and gets our bind (SMPP 3.4 §2.2.1)."""
    talk = Talk(BindKind.RECEIVER).connect(awaiting=OUTBIND)
    assert talk.sent() == []
    assert talk.hear(OUTBIND) == [Invited("SMSC01")]
    (asked,) = talk.sent()
    assert isinstance(asked.pdu, Bind)
    talk.hear(BindResp(BindKind.RECEIVER, "SMSC01"), asked.sequence)
    assert talk.session.state is State.BOUND


STRANGERS = [Outbind("SMSC01", "wrong"), Outbind("other", "secret08"), Outbind("SMSC01", "")]


@pytest.mark.parametrize("stranger", STRANGERS)
def test_an_outbind_by_a_stranger_does_not_get_our_password(stranger):
    """Our bind would tell it to whoever connects."""
    talk = Talk(BindKind.RECEIVER).connect(awaiting=OUTBIND)
    (ended,) = talk.hear(stranger)
    assert isinstance(ended, Ended)
    assert "stranger" in ended.reason
    assert talk.sent() == []
    assert talk.hear(OUTBIND) == []  # no second guess on the same connection


FIRST_WORDS = {
    "a question": encode(EnquireLink(), 1),
    "a message": encode(MO, 1),
    "a bind": encode(Bind(BindKind.RECEIVER, "x", "y"), 1),
    "goodbye": encode(Unbind(), 1),
    "an answer to our bind": encode(BindResp(BindKind.RECEIVER, "SMSC01"), 1),
    "an unknown command": bytes.fromhex("00000010 0000dead 00000000 00000007"),
    "a broken outbind": bytes.fromhex("00000012 0000000b 00000000 00000007 6161"),
    "no PDU": b"GET / HTTP/1.1\r\n\r\n",
    "a giant": bytes.fromhex("00010000 0000000b 00000000 00000001"),
}


@pytest.mark.parametrize("octets", FIRST_WORDS.values(), ids=FIRST_WORDS)
def test_before_a_right_outbind_nothing_of_ours_is_sent(octets):
    """No answer, no nack: whoever begins with anything else is sent away without a word."""
    talk = Talk(BindKind.RECEIVER).connect(awaiting=OUTBIND)
    assert isinstance(talk.session.receive(octets, talk.now)[-1], Ended)
    assert talk.sent() == []


def test_an_outbind_that_does_not_come_is_not_awaited_for_ever():
    """Who only connects is sent away, also if octets trickle in."""
    talk = Talk(BindKind.RECEIVER).connect(awaiting=OUTBIND)
    for octet in encode(OUTBIND, 1)[:9]:
        assert talk.session.receive(bytes([octet]), talk.now) == []
        assert talk.after(0.5) == []
    assert talk.after(0.5) == [Ended("no outbind came in time", (), ())]


def test_who_called_us_may_send_whole_messages():
    """The short measure is for strangers only."""
    talk = Talk(BindKind.RECEIVER).connect(awaiting=OUTBIND)
    talk.hear(OUTBIND)
    (asked,) = talk.sent()
    talk.hear(BindResp(BindKind.RECEIVER, "SMSC01"), asked.sequence)
    long = MO._replace(tlvs=((0x0424, b"x" * 5_000),))
    assert talk.hear(long, 7) == [Delivered(7, long)]


def test_an_outbind_at_any_other_time_is_a_fault():
    """It does not bind us twice."""
    talk = Talk().bind()
    assert faults(talk.hear(OUTBIND)) == ["outbind while BOUND"]
    assert talk.sent() == []


# ---- our messages ----


def test_a_message_and_its_answer():
    """Submitted comes with the caller's key and the SMSC's id."""
    talk = Talk().bind()
    sequence = talk.submit("key")
    (sent,) = talk.sent()
    assert (sent.sequence, sent.pdu) == (sequence, MT)
    assert talk.hear(SubmitSmResp("0e99"), sequence) == [Submitted("key", OK, "0e99")]


def test_the_window_opens_with_each_answer():
    """Sixteen unanswered and no more; any answer makes room for one."""
    talk = Talk(limits=Limits(window=16)).bind()
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
    talk = Talk(kind)
    assert talk.session.free == 0
    talk.bind()
    assert (talk.session.free > 0) == kind.sends
    if not kind.sends:
        with pytest.raises(NotBound):
            talk.submit("key")


def test_nothing_is_sent_before_the_bind():
    """There is no one to send to yet."""
    talk = Talk().connect()
    with pytest.raises(NotBound):
        talk.submit("key")


def test_a_message_that_cannot_be_written_takes_no_room():
    """The caller's mistake is the caller's; the window is as before."""
    talk = Talk().bind()
    with pytest.raises(ValueError, match="destination_addr"):
        talk.session.submit(SubmitSm(destination_addr="1" * 30), "key", talk.now)
    assert talk.session.free == 16


def test_generic_nack_settles_the_message_it_names():
    """A nack is an answer too, though it says nothing of an id."""
    talk = Talk().bind()
    sequence = talk.submit("key")
    throttled = consts.SMPP_ESME_RTHROTTLED
    assert talk.hear(GenericNack(), sequence, throttled) == [Submitted("key", throttled, "")]


def test_a_nack_that_says_all_is_well_is_still_a_refusal():
    """The message was not taken; it must not be taken for sent."""
    talk = Talk().bind()
    (settled,) = talk.hear(GenericNack(), talk.submit("key"), OK)
    assert settled == Submitted("key", consts.SMPP_ESME_RUNKNOWNERR, "")


@pytest.mark.parametrize("sequence", [0, 4711])
def test_a_nack_for_nothing_of_ours_is_noted(sequence):
    """Without a number, or with a strange one, it settles nothing."""
    talk = Talk().bind()
    talk.submit("key")
    assert len(faults(talk.hear(GenericNack(), sequence, 3))) == 1
    assert talk.session.free == 15


def test_a_message_that_is_not_answered_times_out():
    """After a minute its key comes back, and its place is free."""
    talk = Talk(limits=Limits(enquire_interval=1000.0)).bind()
    talk.submit("old")
    talk.after(30.0)
    talk.submit("young")
    assert talk.after(29.9) == []
    assert talk.after(0.1) == [TimedOut("old")]
    assert talk.session.free == 15


def test_an_answer_that_comes_too_late_is_told_once():
    """The key was given back already; its place in the window is free, and stays so."""
    talk = Talk().bind()
    sequence = talk.submit("key")
    for _ in range(3):
        talk.hear(EnquireLink())
        events = talk.after(20.0)
    assert events == [TimedOut("key")]
    assert talk.hear(SubmitSmResp("0e99"), sequence) == [AnsweredLate("key", OK, "0e99")]
    assert len(faults(talk.hear(SubmitSmResp("0e99"), sequence))) == 1
    assert talk.session.free == 16


@pytest.mark.parametrize("answer", [SubmitSmResp(), GenericNack()])
def test_a_late_refusal_is_told_as_well(answer):
    """It says that the message was not taken; and it proves what we wrote before."""
    talk = Talk(limits=Limits(response_timeout=2.0)).bind()
    talk.hear(MO, 7)
    talk.session.answer(7, OK, "seven")
    sequence = talk.submit("key")
    assert talk.after(2.0) == [TimedOut("key")]
    status = consts.SMPP_ESME_RTHROTTLED
    late, seen = talk.hear(answer, sequence, status)
    assert (late, seen) == (AnsweredLate("key", status, ""), AnswersSeen(("seven",)))


def test_who_answers_everything_late_is_alive():
    """Two seconds are little for a message, and for a question too; ten are silence."""
    talk = Talk(limits=Limits(response_timeout=2.0)).bind()
    talk.after(30.0)
    (asked,) = talk.sent()
    talk.submit("key")
    assert talk.after(6.0) == [TimedOut("key")]
    talk.hear(EnquireLinkResp(), asked.sequence)
    assert talk.session.state is State.BOUND


def test_a_number_that_comes_round_is_the_new_messages():
    """A late answer to the old one can no longer be told from it."""
    talk = Talk(limits=Limits(response_timeout=2.0), first_sequence=0x7FFFFFFF).bind()
    sequence = talk.submit("old")
    talk.after(2.0)
    talk.session._requests._sequence = sequence - 1
    assert talk.submit("new") == sequence
    assert talk.hear(SubmitSmResp("1"), sequence) == [Submitted("new", OK, "1")]
    assert len(faults(talk.hear(SubmitSmResp("1"), sequence))) == 1


def test_messages_that_were_never_answered_are_not_kept_for_ever():
    """An SMSC may stay silent for weeks: the oldest are forgotten."""
    talk = Talk(limits=Limits(window=1, response_timeout=2.0)).bind()
    sequences = []
    for n in range(1_001):
        sequences.append(talk.submit(n))
        talk.hear(EnquireLink())
        talk.after(2.0)
    assert len(faults(talk.hear(SubmitSmResp(), sequences[0]))) == 1
    assert talk.hear(SubmitSmResp(), sequences[1]) == [AnsweredLate(1, OK, "")]


def test_the_smscs_own_numbers_do_not_settle_ours():
    """Peers number their requests separately: a deliver_sm of the same number is no answer."""
    talk = Talk().bind()
    sequence = talk.submit("key")
    assert talk.hear(MO, sequence) == [Delivered(sequence, MO)]
    talk.hear(EnquireLink(), sequence)
    talk.hear(EnquireLinkResp(), sequence)
    talk.hear(DeliverSmResp(), sequence)
    assert talk.session.free == 15


def test_sequence_numbers_wrap_where_the_specification_ends_them():
    """0x7FFFFFFF is followed by 1 (SMPP 3.4 §5.1.4)."""
    talk = Talk(first_sequence=0x7FFFFFFE).bind()  # the bind takes the first
    assert [talk.submit("a"), talk.submit("b")] == [0x7FFFFFFF, 1]


# ---- messages to us ----


def test_a_message_is_answered_when_the_user_says_so():
    """Not before, and with the status that the user gives."""
    talk = Talk().bind()
    assert talk.hear(MO, 7) == [Delivered(7, MO)]
    assert talk.sent() == []
    assert talk.session.answer(7, consts.SMPP_ESME_RMSGQFUL)
    assert talk.sent() == [Frame(7, consts.SMPP_ESME_RMSGQFUL, DeliverSmResp())]


def test_data_sm_is_served_like_deliver_sm():
    """And answered by its own response."""
    talk = Talk().bind()
    message = DataSm(source_addr="8613800138001", tlvs=((0x0424, b"YE"),))
    (delivered,) = talk.hear(message, 7)
    assert delivered == Delivered(7, message)
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
    talk = Talk(BindKind.TRANSMITTER).bind()
    assert len(faults(talk.hear(message, 7))) == 1
    assert talk.sent() == [Frame(7, consts.SMPP_ESME_RINVBNDSTS, answer)]


@BOTH_KINDS
def test_a_message_while_we_say_goodbye_is_to_be_kept(message, answer):
    """It would not be served any more: a temporary refusal leaves it with the SMSC."""
    talk = Talk().bind()
    talk.session.unbind(talk.now)
    talk.sent()
    assert talk.hear(message, 7) == []
    assert talk.sent() == [Frame(7, consts.SMPP_ESME_RMSGQFUL, answer)]


def test_an_answer_after_the_end_is_told_to_be_in_vain():
    """There is nobody to hear it."""
    talk = Talk().bind()
    talk.hear(MO, 7)
    talk.session.lost("gone", talk.now)
    assert not talk.session.answer(7, OK, "token")
    assert talk.sent() == []


def test_an_alert_is_taken_silently():
    """alert_notification has no response (SMPP 3.4 §4.12)."""
    talk = Talk().bind()
    assert talk.hear(AlertNotification(1, 1, "8613800138001", 0, 0, "10086")) == []
    assert talk.sent() == []


# ---- which answers have been read ----


def test_an_answer_to_a_later_request_proves_that_ours_were_read():
    """The peer reads in order: what we wrote before the request, it has read."""
    talk = Talk().bind()
    talk.hear(MO, 7)
    talk.hear(MO, 8)
    talk.session.answer(7, OK, "seven")
    sequence = talk.submit("key")
    talk.session.answer(8, OK, "eight")
    events = talk.hear(SubmitSmResp("0e99"), sequence)
    assert events == [Submitted("key", OK, "0e99"), AnswersSeen(("seven",))]
    assert talk.session.lost("gone", talk.now) == [Ended("gone", (), ("eight",))]


def test_answers_seen_are_told_once_a_turn_in_order():
    """Three responses in one segment, out of order: one batch, oldest first."""
    talk = Talk().bind()
    sequences = []
    for number in range(3):
        talk.hear(MO, number)
        talk.session.answer(number, OK, number)
        sequences.append(talk.submit(number))
    octets = b"".join(encode(SubmitSmResp(), s) for s in reversed(sequences))
    events = talk.session.receive(octets, talk.now)
    assert [e for e in events if isinstance(e, AnswersSeen)] == [AnswersSeen((0, 1, 2))]


@pytest.mark.parametrize("kind", [BindKind.RECEIVER, BindKind.TRANSCEIVER])
def test_answers_that_nothing_proves_are_asked_about(kind):
    """A second of quiet later an enquire_link asks; its answer proves them read."""
    talk = Talk(kind).bind()
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
    talk = Talk().bind()
    talk.hear(MO, 7)
    talk.session.answer(7, OK, "seven")
    talk.submit("key")
    talk.sent()
    talk.after(5.0)
    assert talk.sent() == []


def test_answers_after_the_last_request_are_asked_about_too():
    """The request's answer proves only what was written before it."""
    talk = Talk().bind()
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
    talk = Talk().bind()
    talk.hear(MO, 7)
    talk.session.answer(7, consts.SMPP_ESME_RMSGQFUL)
    talk.sent()
    talk.after(5.0)
    assert talk.sent() == []


# ---- is anybody there ----


def test_silence_makes_us_ask_and_more_silence_ends_it():
    """Thirty seconds of nothing, ten more without an answer."""
    talk = Talk().bind()
    talk.submit("key")
    talk.sent()
    talk.after(30.0)
    (asked,) = talk.sent()
    assert isinstance(asked.pdu, EnquireLink)
    assert talk.after(9.9) == []
    assert talk.after(0.1) == [Ended("enquire_link was not answered in time", ("key",), ())]


@pytest.mark.parametrize("answer", [EnquireLinkResp(), GenericNack()])
def test_any_answer_to_enquire_link_is_life(answer):
    """Even that it is not understood."""
    talk = Talk().bind()
    talk.after(30.0)
    (asked,) = talk.sent()
    talk.hear(answer, asked.sequence, 0 if isinstance(answer, EnquireLinkResp) else 3)
    assert talk.after(29.9) == []
    assert talk.sent() == []


def test_a_peer_that_talks_is_not_asked():
    """Whatever it says."""
    talk = Talk().bind()
    for _ in range(10):
        talk.after(20.0)
        talk.hear(MO)
    assert talk.sent() == []


def test_a_peer_that_talks_without_answering_is_given_up_in_the_end():
    """It may be behind with its queue, but not for a minute."""
    talk = Talk().bind()
    talk.after(30.0)
    talk.sent()
    for _ in range(11):
        assert talk.after(5.0) == []
        talk.hear(MO)
    (ended,) = talk.after(5.0)
    assert isinstance(ended, Ended)


def test_we_answer_enquire_link_at_any_time():
    """Before the bind, bound, and while saying goodbye."""
    talk = Talk().connect()
    (asked,) = talk.sent()
    talk.hear(EnquireLink(), 5)
    talk.hear(BindResp(BindKind.TRANSCEIVER), asked.sequence)
    talk.hear(EnquireLink(), 6)
    talk.session.unbind(talk.now)
    talk.hear(EnquireLink(), 7)
    answers = [f.sequence for f in talk.sent() if f.pdu == EnquireLinkResp()]
    assert answers[:2] + answers[-1:] == [5, 6, 7]


# ---- what we do not understand ----


def raw(command_id: int, body: bytes = b"", sequence: int = 9) -> bytes:
    numbers = (16 + len(body), command_id, 0, sequence)
    return b"".join(number.to_bytes(4, "big") for number in numbers) + body


@pytest.mark.parametrize("command_id", [0x0000DEAD, 0x00010200, 0x00000021])
def test_an_unknown_command_gets_a_nack_and_the_session_goes_on(command_id):
    """A vendor's own PDU does not cost us the link."""
    talk = Talk().bind()
    assert len(faults(talk.session.receive(raw(command_id), talk.now))) == 1
    assert talk.sent() == [Frame(9, consts.SMPP_ESME_RINVCMDID, GenericNack())]
    assert talk.hear(MO, 10) == [Delivered(10, MO)]


@pytest.mark.parametrize("command_id", [0x8000DEAD, 0x80000021, 0x80000103, 0x80000005])
def test_a_response_is_never_answered(command_id):
    """Nack for nack would never end."""
    talk = Talk().bind()
    assert len(faults(talk.session.receive(raw(command_id), talk.now))) == 1
    assert talk.sent() == []


def test_a_malformed_message_gets_its_own_response():
    """One bad PDU is refused by name, and the next is served."""
    talk = Talk().bind()
    assert len(faults(talk.session.receive(raw(5, b"\0\1\1"), talk.now))) == 1
    assert talk.sent() == [Frame(9, consts.SMPP_ESME_RINVCMDLEN, DeliverSmResp())]
    assert talk.hear(MO, 10) == [Delivered(10, MO)]


@pytest.mark.parametrize("request_pdu", [MT, Bind(BindKind.RECEIVER, "x", "y")])
def test_what_only_an_smsc_serves_is_refused(request_pdu):
    """We are an ESME."""
    talk = Talk().bind()
    assert len(faults(talk.hear(request_pdu, 9))) == 1
    assert talk.sent() == [Frame(9, consts.SMPP_ESME_RINVCMDID, GenericNack())]


@pytest.mark.parametrize("stream", [b"HTTP/1.1 400", b"\0\0\0\x0f" + b"x" * 12, b"\0\1\0\1"])
def test_framing_lost_ends_the_session_with_a_nack(stream):
    """Where a PDU begins is not known any more."""
    talk = Talk().bind()
    talk.submit("key")
    talk.sent()
    (ended,) = talk.session.receive(stream, talk.now)
    assert isinstance(ended, Ended)
    assert ended.keys == ("key",)
    assert talk.sent() == [Frame(0, consts.SMPP_ESME_RINVCMDLEN, GenericNack())]


@pytest.mark.parametrize("state", [state for state in State if state is not State.FRESH])
@pytest.mark.parametrize("octets", GOLDEN)
def test_every_pdu_may_come_at_any_time(octets, state):
    """Whatever the moment, it is served, answered or noted; nothing breaks."""
    talk = Talk(BindKind.TRANSCEIVER)
    match state:
        case State.LISTENING:
            talk.connect(OUTBIND)
        case State.BINDING:
            talk.connect()
        case _:
            talk.bind()
    if state is State.UNBINDING:
        talk.session.unbind(talk.now)
    elif state is State.ENDED:
        talk.session.lost("gone", talk.now)
    assert talk.session.state is state
    talk.session.receive(octets, talk.now)
    talk.after(1.0)


# ---- the end ----


def test_unbind_and_its_answer():
    """What was in flight and not answered before comes back."""
    talk = Talk().bind()
    talk.submit("answered in time")
    talk.submit("key")
    talk.sent()
    talk.session.unbind(talk.now)
    (asked,) = talk.sent()
    assert asked.pdu == Unbind()
    assert talk.session.free == 0
    assert talk.hear(SubmitSmResp("0e99"), 2) == [Submitted("answered in time", OK, "0e99")]
    assert talk.hear(UnbindResp(), asked.sequence) == [Ended("unbound", ("key",), ())]


@pytest.mark.parametrize("answer", [UnbindResp(), GenericNack()])
def test_unbind_answered_by_another_number_goes_on(answer):
    """Only its own answer ends it."""
    talk = Talk().bind()
    talk.session.unbind(talk.now)
    assert len(faults(talk.hear(answer, 999, 0 if answer == UnbindResp() else 3))) == 1
    assert talk.session.state is State.UNBINDING


def test_an_unbind_that_is_nacked_is_over_too():
    """It did not understand, but we are leaving."""
    talk = Talk().bind()
    talk.session.unbind(talk.now)
    sequence = talk.sent()[-1].sequence
    assert talk.hear(GenericNack(), sequence, 3) == [Ended("unbound", (), ())]


def test_an_unbind_that_is_not_answered_is_over_at_its_deadline():
    """Five seconds."""
    talk = Talk().bind()
    talk.session.unbind(talk.now)
    assert talk.after(4.9) == []
    assert talk.after(0.1) == [Ended("unbound without an answer", (), ())]


@pytest.mark.parametrize("awaiting", [None, OUTBIND])
def test_unbind_before_the_bind_ends_at_once(awaiting):
    """There is nothing to say goodbye to."""
    talk = Talk().connect(awaiting)
    talk.sent()
    talk.session.unbind(talk.now)
    assert talk.session.deadline() == talk.now
    assert talk.after(0.0) == [Ended("unbound without an answer", (), ())]
    assert talk.sent() == []


def test_the_peers_unbind_is_answered_and_ends_it():
    """With all that was in flight, oldest first."""
    talk = Talk().bind()
    for key in ("first", "second"):
        talk.submit(key)
    talk.hear(MO, 7)
    talk.session.answer(7, OK, "seven")
    talk.sent()
    events = talk.hear(Unbind(), 44)
    assert events == [Ended("the peer unbound", ("first", "second"), ("seven",))]
    assert talk.sent() == [Frame(44, OK, UnbindResp())]


def test_what_follows_the_end_in_the_same_segment_is_not_served():
    """After unbind there is no session to serve it in."""
    talk = Talk().bind()
    events = talk.session.receive(encode(Unbind(), 1) + encode(MO, 2), talk.now)
    assert [type(event) for event in events] == [Ended]


def test_a_lost_connection_ends_it_once():
    """One Ended, whatever is tried afterwards."""
    talk = Talk().bind()
    talk.submit("key")
    assert talk.session.lost("reset by peer", talk.now) == [Ended("reset by peer", ("key",), ())]
    assert talk.session.lost("again", talk.now) == []
    assert talk.hear(MO) == []
    assert talk.after(1000.0) == []
    assert talk.session.deadline() is None
    talk.session.unbind(talk.now)
    assert talk.session.state is State.ENDED


def test_seen_answers_are_told_before_the_end():
    """What was proven read in the last turn is not told as unseen."""
    talk = Talk().bind()
    talk.hear(MO, 7)
    talk.session.answer(7, OK, "seven")
    sequence = talk.submit("key")
    octets = encode(SubmitSmResp("0e99"), sequence) + encode(Unbind(), 1)
    assert talk.session.receive(octets, talk.now) == [
        Submitted("key", OK, "0e99"),
        AnswersSeen(("seven",)),
        Ended("the peer unbound", (), ()),
    ]
