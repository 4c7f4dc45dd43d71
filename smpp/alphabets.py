"""Alphabets of short messages: GSM 03.38 (3GPP TS 23.038), UCS-2, Latin-1, ASCII.

GSM-7 is unpacked here, one septet an octet, as SMPP carries it. Nothing in this module raises on
what a peer sent: an octet without a character becomes U+FFFD.
"""

from __future__ import annotations

from codecs import charmap_decode
from collections.abc import Callable
from enum import Enum

from smpplib.consts import (
    SMPP_ENCODING_BINARY,
    SMPP_ENCODING_BINARY2,
    SMPP_ENCODING_DEFAULT,
    SMPP_ENCODING_IA5,
    SMPP_ENCODING_ISO10646,
    SMPP_ENCODING_ISO88591,
    SMPP_ENCODING_ISO88595,
    SMPP_ENCODING_ISO88598,
)

# 3GPP TS 23.038 §6.2.1, sixteen a line; the escape stands at 0x1B.
_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅå"
    "Δ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
    " !\"#¤%&'()*+,-./"
    "0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNO"
    "PQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmno"
    "pqrstuvwxyzäöñüà"
)
# §6.2.1.1: behind an escape
_EXTENSION = {
    0x0A: "\f", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\",
    0x3C: "[", 0x3D: "~", 0x3E: "]", 0x40: "|", 0x65: "€",
}  # fmt: skip
_ESCAPE = b"\x1b"
_UNDEFINED = "\ufffe"  # how charmap_decode is told that an octet has no character
_DECODING = _BASIC.replace("\x1b", _UNDEFINED) + _UNDEFINED * 128
_ENCODING = {ord(char): chr(septet) for septet, char in enumerate(_BASIC) if char != "\x1b"} | {
    ord(char): "\x1b" + chr(septet) for septet, char in _EXTENSION.items()
}

EXTENSION_CHARACTERS = frozenset(_EXTENSION.values())
"""The characters that take two septets, an escape and another."""
GSM7_CHARACTERS = frozenset(map(chr, _ENCODING))
"""Every character that GSM-7 with its extension can say."""


class Default(Enum):
    """What an SMSC means by data_coding 0: its operator knows, the protocol does not say."""

    GSM7 = "gsm7"
    LATIN1 = "latin1"


def encode_gsm7(text: str) -> bytes:
    """One septet an octet. Raises ValueError if a character is not of GSM7_CHARACTERS."""
    if not GSM7_CHARACTERS.issuperset(text):
        raise ValueError("the text has characters that GSM-7 has not")
    return text.translate(_ENCODING).encode("latin-1")


def encode_ucs2(text: str) -> bytes:
    """UTF-16BE, which handsets take for UCS-2; a lone surrogate, no character, becomes '?'."""
    return text.encode("utf-16-be", "replace")


def decode_gsm7(octets: bytes) -> str:
    """The characters of unpacked septets; an escape before nothing known escapes nothing."""
    if _ESCAPE not in octets:
        return _basic(octets)
    first, *escaped = octets.split(_ESCAPE)
    return _basic(first) + "".join(map(_behind_escape, escaped))


def decode(octets: bytes, data_coding: int, default: Default = Default.GSM7) -> str:
    """Text for reading, whatever the octets. Binary is read as ASCII, which it often is."""
    return _decoder(data_coding, default)(octets)


def _basic(octets: bytes) -> str:
    return charmap_decode(octets, "replace", _DECODING)[0]


def _behind_escape(octets: bytes) -> str:
    if not octets:  # at the very end, or before another escape
        return "\ufffd"
    # §6.2.1.1: what the extension lacks is shown as the basic table has it
    return _EXTENSION.get(octets[0], _basic(octets[:1])) + _basic(octets[1:])


def _codec(name: str) -> Callable[[bytes], str]:
    return lambda octets: octets.decode(name, "replace")


_ascii = _codec("ascii")
_ucs2 = _codec("utf-16-be")
_latin1 = _codec("latin-1")
_DEFAULTS = {Default.GSM7: decode_gsm7, Default.LATIN1: _latin1}
# SMPP 3.4 §5.2.19
_BY_CODING: dict[int, Callable[[bytes], str]] = {
    SMPP_ENCODING_IA5: _ascii,
    SMPP_ENCODING_BINARY: _ascii,
    SMPP_ENCODING_ISO88591: _latin1,
    SMPP_ENCODING_BINARY2: _ascii,
    SMPP_ENCODING_ISO88595: _codec("iso8859-5"),
    SMPP_ENCODING_ISO88598: _codec("iso8859-8"),
    SMPP_ENCODING_ISO10646: _ucs2,
}
_BY_GSM_BITS: tuple[Callable[[bytes], str], ...] = (decode_gsm7, _ascii, _ucs2, decode_gsm7)


def _decoder(data_coding: int, default: Default) -> Callable[[bytes], str]:
    if data_coding == SMPP_ENCODING_DEFAULT:
        return _DEFAULTS[default]
    if data_coding < 0x10:
        return _BY_CODING.get(data_coding, _DEFAULTS[default])
    return _gsm_decoder(data_coding, default)


def _gsm_decoder(data_coding: int, default: Default) -> Callable[[bytes], str]:
    """From 0x10 on, SMSCs pass on the GSM data coding scheme (3GPP TS 23.038 §4)."""
    if data_coding < 0x80:  # general and automatic deletion groups, class bits or not
        return _BY_GSM_BITS[data_coding >> 2 & 3]
    if data_coding < 0xC0:  # reserved
        return _DEFAULTS[default]
    if data_coding < 0xE0:  # message waiting, discard or store
        return decode_gsm7
    if data_coding < 0xF0:  # message waiting, store, UCS-2
        return _ucs2
    return _ascii if data_coding & 4 else decode_gsm7  # data coding and message class
