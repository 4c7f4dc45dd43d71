"""Short messages that leave, and what the SMSC says to them."""

from __future__ import annotations

import pytest
from smpplib.consts import (
    SMPP_ESME_RSYSERR,
    SMPP_ESME_RTHROTTLED,
)

from gateway.model.address import Address
from gateway.model.messages import (
    OutgoingMessage,
)
from smpp.pdu import (
    BindKind,
    EnquireLink,
    EnquireLinkResp,
    SubmitSm,
    SubmitSmResp,
)
from smpp.statuses import Treatment
from tests.gateway.channels.smsc_peer import NOON, ZHANG, SmscPeer, outgoing

# -- what goes out --------------------------------------------------------------------------------


def leaves(text: str, **link: object) -> list[SubmitSm]:
    """How a text is sent on such a link."""
    smsc = SmscPeer(**link)  # type: ignore[arg-type]
    smsc.outbox.add([outgoing(text)])
    return smsc.submitted()


def test_a_short_text_is_one_message() -> None:
    """In the alphabet that says it."""
    (latin,) = leaves("balance: 56.80")
    assert (latin.data_coding, latin.esm_class, latin.short_message) == (0, 0, b"balance: 56.80")
    (chinese,) = leaves("余额")
    assert (chinese.data_coding, chinese.short_message) == (8, "余额".encode("utf-16-be"))


@pytest.mark.parametrize(("way", "header"), [("udh8", b"\5\0\3"), ("udh16", b"\6\x08\4")])
def test_a_long_text_is_sent_in_parts(way: str, header: bytes) -> None:
    """As the link wants them numbered, and with the same reference each time."""
    text = "余额" * 60
    first, again = leaves(text, long_messages=way), leaves(text, long_messages=way)
    assert len(first) == 2
    assert all(pdu.esm_class == 0x40 and pdu.short_message.startswith(header) for pdu in first)
    assert first == again


def test_a_long_text_as_a_payload_is_one_message() -> None:
    """The SMSC does the cutting."""
    (pdu,) = leaves("余额" * 60, long_messages="payload")
    assert pdu.tlvs == ((0x0424, ("余额" * 60).encode("utf-16-be")),)
    (short,) = leaves("余额", long_messages="payload")
    assert short.tlvs == ()


@pytest.mark.parametrize(
    ("receipts", "important", "asked"),
    [("important", True, 1), ("important", False, 0), ("all", False, 1), ("none", True, 0)],
)
def test_receipts_are_asked_for_as_the_link_wants(
    receipts: str, important: bool, asked: int
) -> None:
    """For what matters, for all, for none."""
    smsc = SmscPeer(receipts=receipts)
    smsc.outbox.add([outgoing()._replace(receipt=important)])
    assert [pdu.registered_delivery for pdu in smsc.submitted()] == [asked]


def test_what_the_smsc_says_to_a_message_is_counted_and_settles_it(smsc: SmscPeer) -> None:
    """With its own id for it, where receipts are expected."""
    words = outgoing()._replace(receipt=True)
    smsc.outbox.add([words])
    ((sequence, _, _),) = smsc.sent()
    smsc.say(SubmitSmResp("a1"), sequence)
    assert [(s.id, s.accepted, s.message_ids) for s in smsc.settled] == [(words.id, True, ("a1",))]
    assert smsc.counts.messages_out["smsc-a", "accepted"] == 1


def test_a_link_may_mean_something_else_by_a_status() -> None:
    """An SMSC that says system error when it wants us to slow down."""
    plain, own = SmscPeer(), SmscPeer(statuses={"ESME_RSYSERR": "throttle"})
    for smsc in (plain, own):
        smsc.outbox.add([outgoing()])
        ((sequence, _, _),) = smsc.sent()
        smsc.say(SubmitSmResp(""), sequence, SMPP_ESME_RSYSERR)
    assert plain.counts.messages_out["smsc-a", Treatment.LATER.value] == 1
    assert own.counts.messages_out["smsc-a", Treatment.THROTTLE.value] == 1
    assert SMPP_ESME_RTHROTTLED != SMPP_ESME_RSYSERR


def test_an_smsc_that_does_not_answer_gets_the_message_again(smsc: SmscPeer) -> None:
    """Seconds after its time was up: it may have been taken or not."""
    words = OutgoingMessage(
        (int((NOON - 1_735_689_600) * 1000) << 21) + 1,
        "smsc-a",
        Address(0, 0, "10086"),
        Address(1, 1, ZHANG),
        "ok",
    )
    smsc.outbox.add([words])
    assert len(smsc.submitted()) == 1
    again: list[SubmitSm] = []
    for _ in range(60 + 31):
        smsc.clock.advance(1.0)
        for sequence, _, pdu in smsc.sent():
            if isinstance(pdu, EnquireLink):
                smsc.say(EnquireLinkResp(), sequence)
            elif isinstance(pdu, SubmitSm):
                again.append(pdu)
    assert len(again) == 1
    assert smsc.settled == []
    assert (smsc.counts.unanswered["smsc-a"], smsc.counts.repeated["smsc-a"]) == (1, 1)


def test_a_late_answer_settles_what_it_answers(smsc: SmscPeer) -> None:
    """On the same bind; nothing is sent twice, and the link stays."""
    words = outgoing()._replace(receipt=True)
    smsc.outbox.add([words])
    ((sequence, _, _),) = smsc.sent()
    for _ in range(3):
        smsc.clock.advance(21.0)
        smsc.say(EnquireLink(), 7)
    assert smsc.settled == []
    smsc.say(SubmitSmResp("a1"), sequence)
    assert [(s.id, s.accepted, s.message_ids) for s in smsc.settled] == [(words.id, True, ("a1",))]
    smsc.clock.advance(60.0)
    assert smsc.submitted() == []
    assert smsc.counts.answered_late["smsc-a"] == 1


def test_no_more_than_the_window_is_unanswered(smsc: SmscPeer) -> None:
    """The rest follows as answers come."""
    smsc.outbox.add(outgoing(number=n, to=f"861390000000{n}") for n in range(1, 8))
    numbers = [sequence for sequence, _, _ in smsc.sent()]
    assert len(numbers) == 4
    smsc.say(SubmitSmResp("a"), numbers[0])
    assert len(smsc.submitted()) == 1


@pytest.mark.parametrize(
    ("kind", "sends"), [(BindKind.TRANSMITTER, True), (BindKind.RECEIVER, False)]
)
def test_only_a_bind_that_sends_is_a_way_out(kind: BindKind, sends: bool) -> None:
    """Receivers only bring."""
    smsc = SmscPeer(kind=kind)
    assert smsc.channel.can_send() is sends
    smsc.outbox.add([outgoing()])
    assert len(smsc.submitted()) == sends
    smsc.hang_up()
    assert not smsc.channel.can_send()


def test_what_was_unanswered_when_the_link_was_lost_goes_by_the_next(smsc: SmscPeer) -> None:
    """At least once."""
    smsc.outbox.add([outgoing()])
    smsc.submitted()
    smsc.hang_up()
    smsc.connect()
    assert [pdu.short_message for pdu in smsc.submitted()] == [b"ok"]


# -- a rude peer ----------------------------------------------------------------------------------


def test_a_peers_faults_are_told_ever_less_often(smsc: SmscPeer) -> None:
    """It can make thousands a second, and a log is for people."""
    for sequence in range(100):
        smsc.say(SubmitSmResp("none of ours"), sequence + 1_000)
    counts = [line["count"] for line in smsc.log() if line["event"] == "protocol fault"]
    assert counts == [1, 2, 4, 8, 16, 32, 64]
