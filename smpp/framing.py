"""Cutting a stream of bytes into PDUs (SMPP 3.4 §3.2), in a buffer with a bound."""

from __future__ import annotations

from collections.abc import Iterator

HEADER_LENGTH = 16


class SmppFramingLost(Exception):
    """A command_length that cannot be: what follows is not known to be a PDU any more."""


class PduFramer:
    """Bytes in any segmentation in, whole PDUs out.

    Never holds more than one PDU and the segment that completed it: a length beyond `max_pdu`
    is refused on sight, before its body is waited for.
    """

    def __init__(self, max_pdu: int) -> None:
        self.max_pdu = max_pdu
        self._held = bytearray()
        self._wanted = 4

    @property
    def held(self) -> int:
        """Octets waiting for the rest of their PDU."""
        return len(self._held)

    def cut(self, data: bytes) -> Iterator[bytes]:
        """The PDUs that are whole now. Raises SmppFramingLost, after those before the loss."""
        if self._held:
            self._held += data
            if len(self._held) < self._wanted:
                return  # a PDU that comes in drops must not be copied with each of them
            data = bytes(self._held)
            self._held.clear()
        at, end = 0, len(data)
        while end - at >= 4:
            length = int.from_bytes(data[at : at + 4], "big")
            if not HEADER_LENGTH <= length <= self.max_pdu:
                raise SmppFramingLost(f"command_length {length}")
            if end - at < length:
                self._wanted = length
                break
            yield data[at : at + length]
            at += length
        else:
            self._wanted = 4
        self._held += data[at:]
