"""How a message that is sent again is known."""

from __future__ import annotations

from hashlib import blake2b

from smpp.pdu import DataSm, DeliverSm


def fingerprint(pdu: DeliverSm | DataSm, key: bytes) -> bytes:
    """Equal for the same message sent again, on whatever bind and under whatever sequence
    number. Keyed, because it is kept: a message may be six digits, found by trying them all."""
    head = f"{pdu.source_addr}|{pdu.destination_addr}|{pdu.esm_class}|{pdu.data_coding}|"
    words = head.encode("latin-1", "replace") + pdu.short_message
    if pdu.tlvs:
        words += b"".join(tag.to_bytes(2, "big") + value for tag, value in sorted(pdu.tlvs))
    return blake2b(words, digest_size=12, key=key).digest()
