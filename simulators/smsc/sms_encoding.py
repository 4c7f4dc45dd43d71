"""A phone's text as the radio carries it: alphabets, and cutting into parts.

Written from 3GPP TS 23.038 (alphabets) and TS 23.040 §9.2.3.24 (user data header) alone, so that
a mistake in what is tested is not repeated here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from smpplib import consts

from simulators.smsc.pdus import TAGS, SmscMessage, write_pdu

GSM7, ASCII, LATIN1, UCS2 = 0, 1, 3, 8
CODINGS = {"gsm7": GSM7, "ascii": ASCII, "latin1": LATIN1, "ucs2": UCS2}
# SMSC default alphabet, without and with a message class (3GPP TS 23.038 §4)
GSM7_CODINGS = frozenset({0x00, 0x10, 0x11, 0x12, 0x13, 0xF0, 0xF1, 0xF2, 0xF3})
UDHI = 0x40

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = {
    0x0A: "\f", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\",
    0x3C: "[", 0x3D: "~", 0x3E: "]", 0x40: "|", 0x65: "€",
}  # fmt: skip
_ESCAPE = 0x1B
_SEPTETS = {letter: bytes([code]) for code, letter in enumerate(_BASIC) if code != _ESCAPE} | {
    letter: bytes([_ESCAPE, code]) for code, letter in _EXTENSION.items()
}


@dataclass(frozen=True, slots=True)
class SmsPart:
    """What one PDU carries: content with its header in front, and how to say so."""

    content: bytes
    data_coding: int
    esm_class: int = 0
    tlvs: Mapping[int, bytes] = field(default_factory=dict)


def encode_sms(text: str, coding: str = "auto") -> tuple[int, list[bytes]]:
    """The data_coding and the text, one element a character: what must not be cut apart."""
    if coding == "auto":
        coding = "gsm7" if all(letter in _SEPTETS for letter in text) else "ucs2"
    if coding == "gsm7":
        return GSM7, [_SEPTETS[letter] for letter in text]
    codec = {"ascii": "ascii", "latin1": "latin-1", "ucs2": "utf-16-be"}[coding]
    return CODINGS[coding], [letter.encode(codec, "surrogatepass") for letter in text]


def decode_sms(content: bytes, data_coding: int) -> str:
    """What a handset shows for one part; what it cannot read it shows as a box."""
    match data_coding:
        case 0x08 | 0x18 | 0x19 | 0x1A | 0x1B:
            return content.decode("utf-16-be", "replace")
        case 0x01:
            return content.decode("ascii", "replace")
        case _ if data_coding in GSM7_CODINGS:
            return "".join(_letters(content))
        case _:
            return content.decode("latin-1")


def _letters(content: bytes) -> Iterator[str]:
    septets = iter(content)
    for septet in septets:
        if septet == _ESCAPE:
            escaped = next(septets, None)
            yield "\ufffd" if escaped is None else _EXTENSION.get(escaped, " ")
        else:
            yield _BASIC[septet] if septet < 0x80 else "\ufffd"


def cut_into_parts(
    text: str,
    reference: int,
    coding: str = "auto",
    concat: str = "udh8",
    size: int | None = None,
    careless: bool = False,
) -> list[SmsPart]:
    """A text as the parts a phone would send.

    `size` is octets (septets in GSM-7) of text in one part, to cut earlier than need be;
    `careless` cuts through escapes and surrogate pairs, as some phones do.
    """
    data_coding, letters = encode_sms(text, coding)
    whole = b"".join(letters)
    if concat == "payload":
        return [SmsPart(b"", data_coding, tlvs={TAGS["message_payload"]: whole})]
    alone = 160 if data_coding == GSM7 else 140
    if size is None and len(whole) <= alone:
        return [SmsPart(whole, data_coding)]
    header = {"udh8": 6, "udh16": 7, "sar": 6}[concat]
    # in GSM-7 the header takes whole septets: six octets seven of them, seven octets eight
    room = 160 - (header * 8 + 6) // 7 if data_coding == GSM7 else (140 - header) // 2 * 2
    pieces = _pieces([whole[i : i + 1] for i in range(len(whole))] if careless else letters,
                     size or room)  # fmt: skip
    return [
        _part(piece, data_coding, concat, reference, len(pieces), number)
        for number, piece in enumerate(pieces, start=1)
    ]


def _pieces(letters: list[bytes], room: int) -> list[bytes]:
    pieces = [b""]
    for letter in letters:
        if len(pieces[-1]) + len(letter) > room:
            pieces.append(b"")
        pieces[-1] += letter
    return pieces


def _part(piece: bytes, coding: int, concat: str, ref: int, total: int, number: int) -> SmsPart:
    match concat:
        case "udh8":
            return SmsPart(bytes([5, 0, 3, ref & 0xFF, total, number]) + piece, coding, UDHI)
        case "udh16":
            header = bytes([6, 8, 4]) + (ref & 0xFFFF).to_bytes(2, "big")
            return SmsPart(header + bytes([total, number]) + piece, coding, UDHI)
        case _:
            tlvs = {
                TAGS["sar_msg_ref_num"]: (ref & 0xFFFF).to_bytes(2, "big"),
                TAGS["sar_total_segments"]: bytes([total]),
                TAGS["sar_segment_seqnum"]: bytes([number]),
            }
            return SmsPart(piece, coding, tlvs=tlvs)


def fits_one_message(message: SmscMessage) -> bool:
    """Whether a message fits into one short message of 140 octets, its header with it."""
    if message.data_coding not in GSM7_CODINGS:
        return len(message.content) <= 140
    header = 1 + message.content[0] if message.esm_class & UDHI and message.content else 0
    return (header * 8 + 6) // 7 + len(message.content) - header <= 160


def deliver_sm_body(part: SmsPart, source: str, destination: str, service_type: str = "") -> bytes:
    """A part as a deliver_sm without its header; `source` is written as the SMSC writes it."""
    fields: dict[str, str | bytes | int] = {
        "service_type": service_type,
        "source_addr_ton": consts.SMPP_TON_INTL if len(source) > 11 else consts.SMPP_TON_NATNL,
        "source_addr_npi": consts.SMPP_NPI_ISDN,
        "source_addr": source,
        "dest_addr_npi": consts.SMPP_NPI_ISDN,
        "destination_addr": destination,
        "esm_class": part.esm_class,
        "data_coding": part.data_coding,
        "short_message": part.content,
    }
    return write_pdu("deliver_sm", 0, fields, tlvs=part.tlvs)[16:]
