"""Alphabets of short messages: GSM 03.38 (3GPP TS 23.038), UCS-2, Latin-1, ASCII, GBK …

GSM-7 is unpacked here, one septet an octet, as SMPP carries it. Nothing in this module raises on
what a peer sent: an octet without a character becomes U+FFFD.

NULs at the end of a text are no part of it: many SMSCs count the end of a C string. In GSM-7 that
octet is @ as well, but texts that end with one are rarer, and no command does.
"""

from __future__ import annotations

import codecs
from codecs import charmap_decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
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


class DefaultAlphabet(Enum):
    """What an SMSC means by data_coding 0: its operator knows, the protocol does not say."""

    GSM7 = "gsm7"
    LATIN1 = "latin1"


class Encoding(Enum):
    """What a link may mean by a data_coding."""

    GSM7 = "gsm7"
    GSM7_WHOLE = "gsm7-whole"  # a last NUL is an @ that was typed
    GSM7_PACKED = "gsm7-packed"  # eight septets in seven octets: `packed` unpacks them first
    ASCII = "ascii"
    LATIN1 = "latin1"
    UTF8 = "utf-8"
    GBK = "gbk"
    UCS2 = "ucs2"  # in the order that a byte order mark says, else the network's
    UTF16LE = "utf-16-le"


@dataclass(frozen=True, slots=True)
class LinkCodings:
    """What a link means by its data_codings, where that is its own matter."""

    default: DefaultAlphabet = DefaultAlphabet.GSM7
    own: Mapping[int, Encoding] = field(default_factory=dict)


CodingMeaning = DefaultAlphabet | LinkCodings


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


def decode_text(
    octets: bytes, data_coding: int, meant: CodingMeaning = DefaultAlphabet.GSM7
) -> str:
    """Text for reading, whatever the octets. Binary is read as ASCII, which it often is."""
    if data_coding == SMPP_ENCODING_DEFAULT and meant is DefaultAlphabet.GSM7:
        return _gsm7(octets)  # most of what subscribers type
    if isinstance(meant, LinkCodings):
        if (own := meant.own.get(data_coding)) is not None:
            return _OWN[own](octets)
        meant = meant.default
    return _decoder(data_coding, meant)(octets)


def _basic(octets: bytes) -> str:
    return charmap_decode(octets, "replace", _DECODING)[0]


def _behind_escape(octets: bytes) -> str:
    if not octets:  # at the very end, or before another escape
        return "\ufffd"
    # §6.2.1.1: what the extension lacks is shown as the basic table has it
    return _EXTENSION.get(octets[0], _basic(octets[:1])) + _basic(octets[1:])


def _codec(name: str) -> Callable[[bytes], str]:
    return lambda octets: _ended(octets.decode(name, "replace"))


def _ended(text: str) -> str:
    return text.rstrip("\0") or text if text[-1:] == "\0" else text


def _gsm7(octets: bytes) -> str:
    if octets and not octets[-1]:
        octets = octets.rstrip(b"\0") or octets  # nothing but NULs is something that was typed
    return decode_gsm7(octets)


def _ucs2(octets: bytes) -> str:
    if octets[:2] == codecs.BOM_UTF16_LE:  # U+FFFE is no character: nothing else can begin so
        return _utf16le(octets)
    return _utf16(octets, "utf-16-be")


def _utf16le(octets: bytes) -> str:
    return _utf16(octets, "utf-16-le")


def _utf16(octets: bytes, codec: str) -> str:
    """Half a character at the end is none, and a byte order mark, also of a later part, is none."""
    text = _ended(octets[: len(octets) & ~1].decode(codec, "replace"))
    return text.replace("\ufeff", "") if "\ufeff" in text else text


_ascii = _codec("ascii")
_latin1 = _codec("latin-1")
_gbk = _codec("gb18030")  # which GBK is a part of
_OWN: dict[Encoding, Callable[[bytes], str]] = {
    Encoding.GSM7: _gsm7,
    Encoding.GSM7_WHOLE: decode_gsm7,
    Encoding.GSM7_PACKED: _gsm7,
    Encoding.ASCII: _ascii,
    Encoding.LATIN1: _latin1,
    Encoding.UTF8: _codec("utf-8-sig"),
    Encoding.GBK: _gbk,
    Encoding.UCS2: _ucs2,
    Encoding.UTF16LE: _utf16le,
}
_DEFAULTS = {DefaultAlphabet.GSM7: _gsm7, DefaultAlphabet.LATIN1: _latin1}
# what SMPP reserves and SMSCs in China use for GBK, as CMPP and SMGP do
_CHINESE = 0x0F
# SMPP 3.4 §5.2.19
_BY_CODING: dict[int, Callable[[bytes], str]] = {
    SMPP_ENCODING_IA5: _ascii,
    SMPP_ENCODING_BINARY: _ascii,
    SMPP_ENCODING_ISO88591: _latin1,
    SMPP_ENCODING_BINARY2: _ascii,
    SMPP_ENCODING_ISO88595: _codec("iso8859-5"),
    SMPP_ENCODING_ISO88598: _codec("iso8859-8"),
    SMPP_ENCODING_ISO10646: _ucs2,
    _CHINESE: _gbk,
}
_BY_GSM_BITS: tuple[Callable[[bytes], str], ...] = (_gsm7, _ascii, _ucs2, _gsm7)


def _decoder(data_coding: int, default: DefaultAlphabet) -> Callable[[bytes], str]:
    if data_coding == SMPP_ENCODING_DEFAULT:
        return _DEFAULTS[default]
    if data_coding < 0x10:
        return _BY_CODING.get(data_coding, _DEFAULTS[default])
    return _gsm_decoder(data_coding, default)


def _gsm_decoder(data_coding: int, default: DefaultAlphabet) -> Callable[[bytes], str]:
    """From 0x10 on, SMSCs pass on the GSM data coding scheme (3GPP TS 23.038 §4)."""
    if data_coding < 0x80:  # general and automatic deletion groups, class bits or not
        return _BY_GSM_BITS[data_coding >> 2 & 3]
    if data_coding < 0xC0:  # reserved
        return _DEFAULTS[default]
    if data_coding < 0xE0:  # message waiting, discard or store
        return _gsm7
    if data_coding < 0xF0:  # message waiting, store, UCS-2
        return _ucs2
    return _ascii if data_coding & 4 else _gsm7  # data coding and message class
