"""Packed GSM-7: eight septets in seven octets (3GPP TS 23.038 §6.1.2)."""

from __future__ import annotations

from smpp.messages.user_data_header import UDHI, read_header
from smpp.pdu import DataSm, DeliverSm
from smpp.tlv import MESSAGE_PAYLOAD

_CR = 0x0D
_SEPTET = 0x7F


def pack_septets(septets: bytes) -> bytes:
    """Eight septets in seven octets, the first in the lowest bits (3GPP TS 23.038 §6.1.2.3.1).

    Seven bits that are left over would read as @: they hold a CR, and a text that ends there with a
    CR of its own gets a second one."""
    if len(septets) % 8 == 7 or (len(septets) % 8 == 0 and septets.endswith(bytes([_CR]))):
        septets += bytes([_CR])
    bits = sum(septet << 7 * at for at, septet in enumerate(septets))
    return bits.to_bytes((7 * len(septets) + 7) // 8, "little")


def unpack_septets(octets: bytes) -> bytes:
    """The septets, without the CR that fills up."""
    bits = int.from_bytes(octets, "little")
    count = 8 * len(octets) // 7
    septets = bytes(bits >> 7 * at & _SEPTET for at in range(count))
    return septets[:-1] if count % 8 == 0 and septets.endswith(bytes([_CR])) else septets


def unpack_message(message: DeliverSm | DataSm) -> DeliverSm | DataSm:
    """The same message with an octet for each septet, as SMPP would have it. Behind a user data
    header the text begins at the next septet (3GPP TS 23.040 §9.2.3.24)."""
    payload = message.payload
    header = read_header(payload).text_at if message.esm_class & UDHI else 0
    septets = unpack_septets(payload)[(8 * header + 6) // 7 :]
    tlvs = tuple((tag, value) for tag, value in message.tlvs if tag != MESSAGE_PAYLOAD)
    return message._replace(short_message=payload[:header] + septets, tlvs=tlvs)
