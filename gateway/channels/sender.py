"""Who a message is from, and how one that is sent again is known."""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import Final

from smpp.pdu import DataSm, DeliverSm


def fingerprint(pdu: DeliverSm | DataSm, key: bytes) -> bytes:
    """Equal for the same message sent again, on whatever bind and under whatever sequence
    number. Keyed, because it is kept: a message may be six digits, found by trying them all."""
    head = f"{pdu.source_addr}|{pdu.destination_addr}|{pdu.esm_class}|{pdu.data_coding}|"
    words = head.encode("latin-1", "replace") + pdu.short_message
    if pdu.tlvs:
        words += b"".join(tag.to_bytes(2, "big") + value for tag, value in sorted(pdu.tlvs))
    return blake2b(words, digest_size=12, key=key).digest()


def mobile(address: str) -> str:
    """The eleven digits of a mobile number of this country; empty if it is none. After + or 00
    stands a country, and it must be 86: +1 380 013 8000 is somebody in America. Blanks and hyphens
    between the digits say nothing."""
    found = _MOBILE.fullmatch(address) or _MOBILE.fullmatch(_BETWEEN.sub("", address))
    return found[1] if found else ""


_MOBILE: Final = re.compile(r"(?:(?:\+|00)?86)?(1[0-9]{10})")
_BETWEEN: Final = re.compile(r"[ \-]")
