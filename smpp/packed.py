"""Messages whose GSM-7 comes packed, eight septets in seven octets (3GPP TS 23.038 §6.1.2.1)."""

from __future__ import annotations

from smpp.pdu import DataSm, DeliverSm
from smpp.tlv import MESSAGE_PAYLOAD
from smpp.udh import UDHI, read_header
from smpp.ussd_strings import unpack


def unpacked(message: DeliverSm | DataSm) -> DeliverSm | DataSm:
    """The same message with an octet for each septet, as SMPP would have it. Behind a user data
    header the text begins at the next septet (3GPP TS 23.040 §9.2.3.24)."""
    payload = message.payload
    header = read_header(payload).text_at if message.esm_class & UDHI else 0
    septets = unpack(payload)[(8 * header + 6) // 7 :]
    tlvs = tuple((tag, value) for tag, value in message.tlvs if tag != MESSAGE_PAYLOAD)
    return message._replace(short_message=payload[:header] + septets, tlvs=tlvs)
