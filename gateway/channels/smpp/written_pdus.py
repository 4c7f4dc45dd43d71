"""The PDUs of a message of the journal, octet for octet as its link writes them today; only the
sequence numbers were others."""

from __future__ import annotations

from typing import Final, NamedTuple

from gateway.channels.smpp.submit import submits
from gateway.config.settings import LinkSettings
from gateway.model.address import Address
from gateway.model.messages import OutgoingMessage
from gateway.model.tracing.message_trace import TracedSending
from smpp.pdu_encoding import encode_pdu

_SEQUENCE: Final = 0  # of none that was ever sent


class WrittenPdu(NamedTuple):
    """A submit_sm; `octets` all of it, in hexadecimal."""

    source: str  # TON.NPI.address
    destination: str
    esm_class: int
    data_coding: int
    registered_delivery: int
    text_octets: int
    octets: str


def pdus_of(sent: TracedSending, link: LinkSettings) -> list[WrittenPdu]:
    """Empty for what cannot be written again: a screen, whose dialogue is over; a secret; words
    that are not kept any more."""
    if sent.screen or sent.secret or not (sent.words and sent.addresses):
        return []
    source, destination = sent.addresses
    message = OutgoingMessage(
        sent.id, link.name, Address.parse(source), Address.parse(destination), sent.words,
        receipt=sent.receipt,
    )  # fmt: skip
    return [
        WrittenPdu(
            source, destination, pdu.esm_class, pdu.data_coding, pdu.registered_delivery,
            len(pdu.payload), encode_pdu(pdu, _SEQUENCE).hex(),
        )
        for pdu in submits(message, link, None)
    ]  # fmt: skip
