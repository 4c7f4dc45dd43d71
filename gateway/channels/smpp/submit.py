"""What a message from us is on the wire of its link."""

from __future__ import annotations

from gateway.channels.smpp.ussd import screen_of
from gateway.config.settings import LinkSettings
from gateway.model.message_id import REPLY_BITS
from gateway.model.messages import OutgoingMessage
from smpp.messages.segmentation import Segment, payload_segment, split_text, text_length
from smpp.pdu import SubmitSm
from smpp.ussd.dialogue_messages import UssdLinkMode

REFERENCES = 65_521  # a prime: ids that differ in any of their bits rarely share a reference


def submits(
    message: OutgoingMessage, link: LinkSettings, ussd: UssdLinkMode | None
) -> list[SubmitSm]:
    """Its parts, or its screen. Raises ValueError for what no PDU of this link can carry."""
    if message.screen is not None:
        if ussd is None:
            raise ValueError("the link carries no USSD")
        return [screen_of(message, ussd)]
    asks = link.receipts == "all" or (link.receipts != "none" and message.receipt)
    return [
        SubmitSm(
            "",
            *message.source,
            *message.destination,
            segment.esm_class,
            registered_delivery=1 if asks else 0,
            data_coding=segment.data_coding,
            short_message=segment.short_message,
            tlvs=segment.tlvs,
        )
        for segment in _segments(message, link)
    ]


def _segments(message: OutgoingMessage, link: LinkSettings) -> list[Segment]:
    default, way = link.alphabet, link.long_messages
    if way == "payload" and text_length(message.text, default).parts > 1:
        return [payload_segment(message.text, default)]
    # the same each time it is sent, so that a handset can tell a repeated part
    reference = (message.id >> REPLY_BITS) % REFERENCES
    return split_text(message.text, reference, way == "udh16", default)
