"""The wall of queues, from what gateways tell; and the PDUs of what was sent."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.task import Clock

from gateway.channels.smpp.written_pdus import pdus_of
from gateway.channels.voice.agent_queue import QueueWait
from gateway.config.settings import LinkSettings
from gateway.console.screens.links import QueueRow, queue_rows
from gateway.console.watching.gateway_pages import GatewayReading, Reading
from gateway.model.tracing.left_as import LeftAs
from gateway.model.tracing.message_trace import TracedSending
from gateway.ops.metrics import Metrics
from smpp.messages.alphabets import decode_text
from smpp.pdu import SubmitSm
from smpp.pdu_decoding import decode_pdu
from tests.gateway.console.test_watching import sample


def told(counts: Metrics) -> list[str]:
    lines = counts.text().decode().splitlines()
    return [line.removeprefix("hallgate_") for line in lines if line.startswith("hallgate_queue_")]


def test_who_waits_is_told_while_he_waits_and_his_queue_from_then_on() -> None:
    clock, counts = Clock(), Metrics()
    one, two = (QueueWait("pbx-a", clock, counts) for _ in range(2))
    assert told(counts) == []
    one.begins("vip")
    clock.advance(7)
    two.begins("vip")
    assert told(counts) == [
        'queue_waiting{pbx="pbx-a",queue="vip"} 2.0',
        'queue_longest_wait_seconds{pbx="pbx-a",queue="vip"} 7.0',
    ]
    one.answered()
    clock.advance(1)
    assert told(counts)[-1].endswith(" 1.0")
    two.ends("hung_up")
    assert [line[-4:] for line in told(counts)] == [" 0.0", " 0.0"]


def test_gateways_are_added_up_and_the_longest_wait_is_first() -> None:
    def gateway(at: str, waiting: int, longest: float, queue: str) -> GatewayReading:
        labels = {"pbx": "pbx-a", "queue": queue}
        samples = [
            sample("queue_waiting", waiting, **labels),
            sample("queue_longest_wait_seconds", longest, **labels),
        ]
        return GatewayReading(at, True, (), dict(samples))

    gateways = (
        gateway("a", 2, 10, "hall"),
        gateway("b", 3, 40, "hall"),
        gateway("c", 1, 90, "vip"),
    )
    assert queue_rows(Reading(0, gateways)) == [
        QueueRow("pbx-a", "vip", 1, 90), QueueRow("pbx-a", "hall", 5, 40),
    ]  # fmt: skip
    assert queue_rows(None) == []


def sent(words: str, **more: bool) -> TracedSending:
    where = ("0.1.10086", "1.1.8613800138001")
    return TracedSending(
        9, "smsc-a", False, "10086", "13800138001", words, False, "accepted", 0, 0, "", LeftAs(),
        (), where, **more,
    )  # fmt: skip


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=300))
def test_pdus_of_the_journal_say_what_was_said(words: str) -> None:
    """Each is a submit_sm that a peer can read; together they say the words."""
    link = LinkSettings(name="smsc-a", long_messages="payload")
    (pdu,) = pdus_of(sent(words), link)
    read = decode_pdu(bytes.fromhex(pdu.octets)).pdu
    assert isinstance(read, SubmitSm)
    assert len(read.payload) == pdu.text_octets
    assert decode_text(read.payload, pdu.data_coding) == words
    assert (pdu.source, pdu.destination) == ("0.1.10086", "1.1.8613800138001")


def test_what_cannot_be_written_again_has_no_pdus() -> None:
    link = LinkSettings(name="smsc-a")
    assert len(pdus_of(sent("中" * 71, receipt=True), link)) == 2
    assert pdus_of(sent(""), link) == []
