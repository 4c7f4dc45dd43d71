"""Texts as short messages: how long, cut into parts, joined from parts.

Length is counted in the unit of the alphabet: GSM-7 septets (an extension character takes two)
or UTF-16 units (an emoji takes two). A part never ends within a character.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import Enum
from itertools import groupby
from typing import NamedTuple

from smpplib.consts import SMPP_ENCODING_DEFAULT, SMPP_ENCODING_ISO10646

from smpp.messages.alphabets import (
    EXTENSION_CHARACTERS,
    GSM7_CHARACTERS,
    CodingMeaning,
    DefaultAlphabet,
    decode_text,
    encode_gsm7,
    encode_ucs2,
)
from smpp.messages.user_data_header import (
    UDHI,
    PartReference,
    UserDataHeader,
    concatenation_header,
    is_valid_part,
    read_header,
)
from smpp.pdu import MessagePdu
from smpp.tlv import (
    MESSAGE_PAYLOAD,
    SAR_MSG_REF_NUM,
    SAR_SEGMENT_SEQNUM,
    SAR_TOTAL_SEGMENTS,
    Tlvs,
    tlv_number,
)

MOST_PARTS = 255
"""The total is one octet (3GPP TS 23.040 §9.2.3.24.1)."""


class Alphabet(Enum):
    """What a text can be said in, and the units a message has room for: alone, or in a chain."""

    GSM7 = (160, 153, 152)
    UCS2 = (70, 67, 66)

    def __init__(self, alone: int, chained: int, chained_wide: int) -> None:
        self.alone = alone
        self.chained = chained
        self.chained_wide = chained_wide


class TextLength(NamedTuple):
    """How long a text is: units of its alphabet, and the short messages it takes."""

    alphabet: Alphabet
    units: int
    parts: int


class Segment(NamedTuple):
    """One short message, ready for a submit_sm: the fields of the same names."""

    esm_class: int
    data_coding: int
    short_message: bytes
    tlvs: Tlvs = ()


class Fragment(NamedTuple):
    """One part of a long message from a subscriber; `octets` is its text without the header.

    Parts belong together when link, sender, receiver, reference, total and `bits` (the width of
    the reference) are the same.
    """

    reference: int
    total: int
    number: int
    octets: bytes
    data_coding: int
    bits: int = 8


def text_length(
    text: str, default: DefaultAlphabet = DefaultAlphabet.GSM7, *, wide: bool = False
) -> TextLength:
    """The length of a text; `wide` as in `split_text`."""
    alphabet = _alphabet(text, default)
    units = _units(text, alphabet)
    if units <= alphabet.alone:
        return TextLength(alphabet, units, 1)
    return TextLength(alphabet, units, len(_pieces(text, alphabet, _room(alphabet, wide))))


def split_text(
    text: str, reference: int, wide: bool = False, default: DefaultAlphabet = DefaultAlphabet.GSM7
) -> list[Segment]:
    """The text as one short message, or as a chain of them under a reference.

    `wide` takes 16 bits of the reference instead of 8, at the price of a septet or a unit a part.
    Raises ValueError if the text takes more than MOST_PARTS.
    """
    alphabet = _alphabet(text, default)
    if alphabet is Alphabet.UCS2:  # measured by what is sent anyway
        octets = encode_ucs2(text)
        if len(octets) <= 2 * alphabet.alone:
            return [Segment(0, SMPP_ENCODING_ISO10646, octets)]
    elif _units(text, alphabet) <= alphabet.alone:
        return [Segment(0, *_encode(text, alphabet, default))]
    pieces = _pieces(text, alphabet, _room(alphabet, wide))
    if len(pieces) > MOST_PARTS:
        raise ValueError(f"a text of {len(pieces)} parts; a chain has at most {MOST_PARTS}")
    bits = 16 if wide else 8
    chain = []
    for number, piece in enumerate(pieces, 1):
        data_coding, octets = _encode(piece, alphabet, default)
        place = PartReference(reference & (1 << bits) - 1, len(pieces), number, bits)
        chain.append(Segment(UDHI, data_coding, concatenation_header(place) + octets))
    return chain


def unsplit_text(text: str, default: DefaultAlphabet = DefaultAlphabet.GSM7) -> tuple[int, bytes]:
    """The whole text, however long: its data_coding and its octets."""
    return _encode(text, _alphabet(text, default), default)


def payload_segment(text: str, default: DefaultAlphabet = DefaultAlphabet.GSM7) -> Segment:
    """The whole text in a message_payload (SMPP 3.4 §5.3.2.32); the SMSC does the cutting."""
    data_coding, octets = unsplit_text(text, default)
    return Segment(0, data_coding, b"", ((MESSAGE_PAYLOAD, octets),))


def message_text(message: MessagePdu, meant: CodingMeaning = DefaultAlphabet.GSM7) -> str:
    """The text of a message that is no part of a longer one. Never raises."""
    payload = message.payload
    if message.esm_class & UDHI:
        payload = payload[read_header(payload).text_at :]
    return decode_text(payload, message.data_coding, meant)


def fragment_of(message: MessagePdu) -> Fragment | None:
    """The part that this message is, by its user data header or its sar TLVs.

    None for a whole message, and for one that only claims to be a part: a chain of one, a part
    numbered beyond its chain, a broken header.
    """
    if not (message.esm_class & UDHI or message.tlvs):
        return None  # nearly always
    payload = message.payload
    header = read_header(payload) if message.esm_class & UDHI else UserDataHeader(None, 0)
    place = header.place or _sar(message.tlvs)
    if place is None or place.total == 1:
        return None
    octets = payload[header.text_at :]
    reference, total, number, bits = place
    return Fragment(reference, total, number, octets, message.data_coding, bits)


def join_fragments(
    fragments: Iterable[Fragment], meant: CodingMeaning = DefaultAlphabet.GSM7
) -> str:
    """The text of the parts, given in any order and perhaps twice.

    Octets are joined before they are read: a character may be cut by the sender between parts.
    """
    by_number = {fragment.number: fragment for fragment in fragments}
    parts = [by_number[number] for number in sorted(by_number)]
    # some handsets choose an alphabet for each part
    runs = groupby(parts, key=lambda part: part.data_coding)
    return "".join(decode_text(_joined(run), coding, meant) for coding, run in runs)


def _joined(parts: Iterable[Fragment]) -> bytes:
    return b"".join(part.octets for part in parts)


def _sar(tlvs: Tlvs) -> PartReference | None:
    if not tlvs:
        return None
    reference = tlv_number(tlvs, SAR_MSG_REF_NUM)
    total = tlv_number(tlvs, SAR_TOTAL_SEGMENTS)
    number = tlv_number(tlvs, SAR_SEGMENT_SEQNUM)
    if reference is None or total is None or number is None:
        return None
    place = PartReference(reference, total, number, 16)
    return place if is_valid_part(place) and total <= MOST_PARTS else None


def _alphabet(text: str, default: DefaultAlphabet) -> Alphabet:
    sayable = GSM7_CHARACTERS.issuperset(text)
    if sayable and default is DefaultAlphabet.LATIN1:
        # the SMSC turns Latin-1 into GSM-7 for the handset: only what both have arrives whole
        sayable = _is_latin1(text)
    return Alphabet.GSM7 if sayable else Alphabet.UCS2


def _is_latin1(text: str) -> bool:
    return all(char <= "\xff" for char in text)


def _encode(text: str, alphabet: Alphabet, default: DefaultAlphabet) -> tuple[int, bytes]:
    """data_coding and octets."""
    if alphabet is Alphabet.UCS2:
        return SMPP_ENCODING_ISO10646, encode_ucs2(text)
    octets = encode_gsm7(text) if default is DefaultAlphabet.GSM7 else text.encode("latin-1")
    return SMPP_ENCODING_DEFAULT, octets


def _room(alphabet: Alphabet, wide: bool) -> int:
    return alphabet.chained_wide if wide else alphabet.chained


def _units(text: str, alphabet: Alphabet) -> int:
    if alphabet is Alphabet.UCS2:
        return len(text.encode("utf-16-be", "surrogatepass")) // 2
    return len(text) + sum(map(text.count, EXTENSION_CHARACTERS))


def _pieces(text: str, alphabet: Alphabet, room: int) -> list[str]:
    """The text cut so that each piece fits; a character is in one piece or in another."""
    doubles = _double_characters(text, alphabet)
    pieces, start, used = [], 0, 0
    for at, char in enumerate(text):
        width = 2 if char in doubles else 1
        if used + width > room:
            pieces.append(text[start:at])
            start, used = at, 0
        used += width
    return [*pieces, text[start:]]


def _double_characters(text: str, alphabet: Alphabet) -> Collection[str]:
    if alphabet is Alphabet.GSM7:
        return EXTENSION_CHARACTERS
    return {char for char in text if char > "\uffff"}
