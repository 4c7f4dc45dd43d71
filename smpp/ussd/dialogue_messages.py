"""USSD dialogues over SMPP: what a centre's message says in its dialogue, and our screens as
submit_sm.

 deliver_sm, 1 *139#  ─▶ BEGIN ──┐                ┌─ ASK ──▶ submit_sm, 2
 deliver_sm, 18 2     ─▶ CONTINUE ┼─▶ a screen ───┤
 deliver_sm, 129      ─▶ OVER     │               └─ LAST ─▶ submit_sm, 17
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from smpp.messages.alphabets import GSM7_CHARACTERS, DefaultAlphabet, encode_ucs2
from smpp.messages.segmentation import unsplit_text
from smpp.pdu import MessagePdu, SubmitSm
from smpp.tlv import (
    ITS_SESSION_INFO,
    MESSAGE_PAYLOAD,
    USER_MESSAGE_REFERENCE,
    USSD_SERVICE_OP,
    Tlvs,
    tlv_number,
    tlv_octets,
)
from smpp.ussd.dialects import (
    DIALECTS,
    VENDORS,
    SessionCarrier,
    UssdDialect,
    UssdMessageKind,
    UssdReplyKind,
)
from smpp.ussd.strings import decode_ussd_string, encode_ussd_gsm7

__all__ = [
    "DIALECTS",
    "SessionCarrier",
    "UssdDialect",
    "UssdLinkMode",
    "UssdMessage",
    "UssdMessageKind",
    "UssdReplyKind",
    "is_ussd",
]

SERVICE_TYPE = "USSD"
_LONGEST = 254  # octets of a short_message
_DIALLED = re.compile(r"[0-9*#]+")


@dataclass(frozen=True, slots=True)
class UssdLinkMode:
    """How a link carries USSD."""

    code: str = "*139#"
    carrier: SessionCarrier = SessionCarrier.ITS_SESSION_INFO
    dialect: UssdDialect = DIALECTS["standard"]
    default: DefaultAlphabet = DefaultAlphabet.GSM7  # what data_coding 0 means


class UssdMessage(NamedTuple):
    """What a centre's message says. `session` names its dialogue in letters that `screen_message`
    turns back; empty where only the phone's number does. A text that was dialled is whole:
    *139*1#."""

    turn: UssdMessageKind
    session: str
    text: str


def is_ussd(message: MessagePdu) -> bool:
    """Whether a message belongs to a USSD dialogue."""
    if message.service_type.upper() == SERVICE_TYPE:
        return True
    return bool(message.tlvs) and tlv_octets(message.tlvs, USSD_SERVICE_OP) is not None


def read_ussd_message(message: MessagePdu, way: UssdLinkMode) -> UssdMessage:
    """What is said in the dialogue. Never raises, whatever the message."""
    tag = _session_tag(message.tlvs, way)
    name = tlv_octets(message.tlvs, tag) or b"" if tag is not None else b""
    text = decode_ussd_string(message.payload, message.data_coding, way.default, way.dialect.packed)
    turn = _turn(message, text, way.dialect)
    if (
        turn is not UssdMessageKind.BEGIN
        and way.dialect.end_bit
        and tag == ITS_SESSION_INFO
        and _ended(name)
    ):
        turn = UssdMessageKind.OVER
    if turn is UssdMessageKind.BEGIN:
        text = complete_ussd_code(text or message.destination_addr, way.code)
    return UssdMessage(turn, f"{tag:04x}:{name.hex()}" if tag is not None and name else "", text)


def screen_message(
    text: str, say: UssdReplyKind, session: str, way: UssdLinkMode, source: tuple[int, int, str],
    destination: tuple[int, int, str],
) -> SubmitSm:  # fmt: skip
    """A screen for the dialogue of that name, addresses as TON, NPI and digits. No receipt is asked
    for: nothing is stored for later, the screen appears or is refused."""
    data_coding, octets = _string(text, way)
    tlvs: Tlvs = ((USSD_SERVICE_OP, bytes([way.dialect.says[say]])),)
    if session:
        tlvs += (_carried(session, say, way.dialect),)
    short = octets if len(octets) <= _LONGEST else b""
    if not short and octets:
        tlvs += ((MESSAGE_PAYLOAD, octets),)
    return SubmitSm(
        SERVICE_TYPE, *source, *destination, data_coding=data_coding, short_message=short, tlvs=tlvs
    )  # fmt: skip


def same_dialogue(one: str, other: str) -> bool:
    """Whether two names may be of one dialogue. The lowest octet of its_session_info may count the
    messages of a dialogue, or hold its end bit (SMPP 3.4 §5.3.2.43): it only ever grows."""
    if not (one and other) or one == other:
        return True
    its = f"{ITS_SESSION_INFO:04x}:"
    return one[:-2] == other[:-2] and len(one) > len(its) + 2 and one.startswith(its)


def complete_ussd_code(text: str, code: str) -> str:
    """The whole of what was dialled, for centres that leave out what they think is known: the star,
    the # at the end, or the code itself."""
    stem = code.rstrip("#")
    digits = stem.strip("*")
    bare = text.strip("*#")
    if not _DIALLED.fullmatch(text) or bare in ("", digits):
        return code
    if bare.startswith(f"{digits}*"):
        return f"*{bare}#"
    if text.startswith("*") and text.endswith("#"):  # of another service
        return text
    return f"{stem}*{bare}#"


def _turn(message: MessagePdu, text: str, dialect: UssdDialect) -> UssdMessageKind:
    operation = tlv_number(message.tlvs, USSD_SERVICE_OP)
    if operation is not None:
        if (turn := dialect.turns.get(operation)) is not None:
            return turn
        if operation >= VENDORS:
            return UssdMessageKind.OVER
    # nothing, or a value that nobody has given a meaning
    begins = text.startswith("*") and text.endswith("#")
    return UssdMessageKind.BEGIN if begins else UssdMessageKind.CONTINUE


def _session_tag(tlvs: Tlvs, way: UssdLinkMode) -> int | None:
    """The TLV that names the dialogue: the link's own, or whichever the centre uses instead."""
    if way.carrier is SessionCarrier.MSISDN and way.dialect.session_tag is None:
        return None
    wanted = way.dialect.session_tag, way.carrier.tag, ITS_SESSION_INFO, USER_MESSAGE_REFERENCE
    present = {tag for tag, value in tlvs if value}
    return next((tag for tag in wanted if tag in present), None)


def _ended(name: bytes) -> bool:
    return bool(name) and bool(name[-1] & 1)


def _carried(session: str, say: UssdReplyKind, dialect: UssdDialect) -> tuple[int, bytes]:
    """The TLV as it came, but for the bit that says that it is over."""
    tag, name = int(session[:4], 16), bytes.fromhex(session[5:])
    if dialect.end_bit and tag == ITS_SESSION_INFO:
        end = 0 if say is UssdReplyKind.ASK else 1
        name = name[:-1] + bytes([name[-1] & 0xFE | end])
    return tag, name


def _string(text: str, way: UssdLinkMode) -> tuple[int, bytes]:
    """data_coding and octets of a screen."""
    dialect = way.dialect
    if dialect.gsm7 == 0:
        data_coding, octets = unsplit_text(text, way.default)
        return (data_coding, octets) if data_coding == 0 else (dialect.ucs2, octets)
    if GSM7_CHARACTERS.issuperset(text):
        return dialect.gsm7, encode_ussd_gsm7(text, dialect.packed)
    return dialect.ucs2, encode_ucs2(text)
