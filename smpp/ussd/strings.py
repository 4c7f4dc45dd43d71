"""USSD strings: what octets say under the data coding scheme of cell broadcast (3GPP TS 23.038 §5),
which USSD centres pass on among the data_codings of SMPP."""

from __future__ import annotations

from smpplib.consts import SMPP_ENCODING_DEFAULT

from smpp.messages.alphabets import DefaultAlphabet, decode_gsm7, decode_text, encode_gsm7
from smpp.messages.gsm7_packing import pack_septets, unpack_septets

_GSM7_AS_IT_IS = 0x0F  # language unspecified: what phones dial with
_GSM7_WITH_LANGUAGE, _UCS2_WITH_LANGUAGE = 0x10, 0x11
_CR = 0x0D
_SEPTET = 0x7F


def decode_ussd_string(
    octets: bytes, data_coding: int, default: DefaultAlphabet, packed: bool = False
) -> str:
    """The text, without what fills it up: a closing NUL, or the CR of packing. Never raises."""
    if not packed and data_coding in (SMPP_ENCODING_DEFAULT, _GSM7_AS_IT_IS):
        octets = octets.removesuffix(b"\0")  # the end of a C string; GSM-7 would read it as @
    return _text(octets, data_coding, default, packed).rstrip("\0\r").strip()


def _text(octets: bytes, data_coding: int, default: DefaultAlphabet, packed: bool) -> str:
    if data_coding == _UCS2_WITH_LANGUAGE and _is_ucs2(octets):
        return octets[2:].decode("utf-16-be", "replace")
    if data_coding == _GSM7_WITH_LANGUAGE and octets[2:3] == bytes([_CR]):
        return decode_gsm7(octets[3:])
    if packed and data_coding in (SMPP_ENCODING_DEFAULT, _GSM7_AS_IT_IS, _GSM7_WITH_LANGUAGE):
        return decode_gsm7(unpack_septets(octets))
    if data_coding in (_GSM7_AS_IT_IS, _GSM7_WITH_LANGUAGE, _UCS2_WITH_LANGUAGE):
        # no unpacked septet has its highest bit set, whoever forgot to say that he packs
        return decode_gsm7(unpack_septets(octets) if max(octets, default=0) > _SEPTET else octets)
    return decode_text(octets, data_coding, default)


def _is_ucs2(octets: bytes) -> bool:
    """Whether a language of two octets stands before UCS-2; for digits, and most that is typed,
    one octet of each unit is 0. Some send GSM-7 with a message class under the same number."""
    return len(octets) % 2 == 0 and not all(0 < octet <= _SEPTET for octet in octets)


def encode_ussd_gsm7(text: str, packed: bool) -> bytes:
    """Septets, an octet each or packed. Raises ValueError for what GSM-7 has not."""
    septets = encode_gsm7(text)
    return pack_septets(septets) if packed else septets
