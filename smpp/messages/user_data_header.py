"""User data headers (3GPP TS 23.040 §9.2.3.24): what stands before the text of a part."""

from __future__ import annotations

from typing import NamedTuple

from smpplib.consts import (
    SMPP_GSMFEAT_UDHI,
    SMPP_UDHIEIE_CONCATENATED,
    SMPP_UDHIEIE_CONCATENATED16,
)

UDHI: int = SMPP_GSMFEAT_UDHI
"""The bit of esm_class that says a user data header is there (SMPP 3.4 §5.2.12)."""


class PartReference(NamedTuple):
    """Which part of which long message this is. `bits` is the width of the reference."""

    reference: int
    total: int
    number: int
    bits: int


class UserDataHeader(NamedTuple):
    """A header read: the place if one is given, and where the text begins."""

    place: PartReference | None
    text_at: int


def concatenation_header(place: PartReference) -> bytes:
    """The whole header of one part of a long message."""
    if place.bits == 8:
        return bytes((5, SMPP_UDHIEIE_CONCATENATED, 3, place.reference, place.total, place.number))
    high, low = divmod(place.reference, 256)
    return bytes((6, SMPP_UDHIEIE_CONCATENATED16, 4, high, low, place.total, place.number))


def read_header(octets: bytes) -> UserDataHeader:
    """The header at the beginning of a text.

    A header longer than the message is none, and its octets belong to the text. Of elements that
    do not fit into the header, nothing is believed but the header's own length.
    """
    if not octets or octets[0] + 1 > len(octets):
        return UserDataHeader(None, 0)
    end = octets[0] + 1
    place, at = None, 1
    while at + 2 <= end:
        value_at = at + 2
        element, at = octets[at], value_at + octets[at + 1]
        if at > end:
            return UserDataHeader(None, end)
        # §9.2.3.24: of an element that comes twice the last one counts
        place = _place(element, octets[value_at:at]) or place
    return UserDataHeader(place, end)


def _place(element: int, value: bytes) -> PartReference | None:
    if element == SMPP_UDHIEIE_CONCATENATED and len(value) == 3:
        place = PartReference(value[0], value[1], value[2], 8)
    elif element == SMPP_UDHIEIE_CONCATENATED16 and len(value) == 4:
        place = PartReference(value[0] << 8 | value[1], value[2], value[3], 16)
    else:
        return None
    return place if is_valid_part(place) else None


def is_valid_part(place: PartReference) -> bool:
    """§9.2.3.24.1: a part that numbers itself 0 or beyond the total is to be taken for whole."""
    return 1 <= place.number <= place.total
