"""Delivery receipts as values: what became of a message of ours.

A receipt comes as a deliver_sm with a type in esm_class, with TLVs, with a text after
SMPP 3.4 appendix B, or with any of these alone; vendors differ in all of it.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple

from smpplib import consts

from smpp.messages.alphabets import DefaultAlphabet
from smpp.messages.segmentation import message_text
from smpp.pdu import MessagePdu
from smpp.tlv import (
    MESSAGE_STATE,
    NETWORK_ERROR_CODE,
    RECEIPTED_MESSAGE_ID,
    Tlvs,
    tlv_number,
    tlv_octets,
    tlv_text,
)

# esm_class, message type (SMPP 3.4 §5.2.12)
_TYPE = 0x3C
_RECEIPT = 0x04
_INTERMEDIATE = 0x20
_FROM_SUBSCRIBERS = {0x08, 0x10, 0x18}  # acknowledgements by a handset, end of a conversation

_LONGEST_ID = 64
_LONGEST_FORM = 1024  # of a text that may be a receipt; hostile ones can be far longer


class MessageState(Enum):
    """What became of a message (SMPP 3.4 §5.2.28)."""

    ENROUTE = consts.SMPP_MESSAGE_STATE_ENROUTE
    DELIVERED = consts.SMPP_MESSAGE_STATE_DELIVERED
    EXPIRED = consts.SMPP_MESSAGE_STATE_EXPIRED
    DELETED = consts.SMPP_MESSAGE_STATE_DELETED
    UNDELIVERABLE = consts.SMPP_MESSAGE_STATE_UNDELIVERABLE
    ACCEPTED = consts.SMPP_MESSAGE_STATE_ACCEPTED
    UNKNOWN = consts.SMPP_MESSAGE_STATE_UNKNOWN
    REJECTED = consts.SMPP_MESSAGE_STATE_REJECTED

    @property
    def final(self) -> bool:
        """No other receipt is to be expected. Many SMSCs say ACCEPTD for "taken, not there yet"."""
        return self not in (MessageState.ENROUTE, MessageState.ACCEPTED)

    @property
    def ok(self) -> bool:
        """The subscriber has it."""
        return self is MessageState.DELIVERED


_WORDS = {
    "DELIVRD": MessageState.DELIVERED,
    "DELIVERED": MessageState.DELIVERED,
    "DELIVERD": MessageState.DELIVERED,
    "DELIVRED": MessageState.DELIVERED,
    "EXPIRED": MessageState.EXPIRED,
    "DELETED": MessageState.DELETED,
    "UNDELIV": MessageState.UNDELIVERABLE,
    "UNDELIVERABLE": MessageState.UNDELIVERABLE,
    "UNDELIVERED": MessageState.UNDELIVERABLE,
    "UNDELIVRD": MessageState.UNDELIVERABLE,
    "FAILED": MessageState.UNDELIVERABLE,
    "ACCEPTD": MessageState.ACCEPTED,
    "ACCEPTED": MessageState.ACCEPTED,
    "REJECTD": MessageState.REJECTED,
    "REJECTED": MessageState.REJECTED,
    "ENROUTE": MessageState.ENROUTE,
    "BUFFRED": MessageState.ENROUTE,
    "BUFFERED": MessageState.ENROUTE,
    "UNKNOWN": MessageState.UNKNOWN,
}

_TEXT_FIELD = re.compile(r"\btext\s?[:=]", re.IGNORECASE)
_ID_FIELD = re.compile(r"\bid\s?[:=]\s?(?!\w+\s?[:=]|submit )([^\s,;]+)", re.IGNORECASE)
_STAT_FIELD = re.compile(r"\bstat(?:us)?\s?[:=]\s?(?!err\s?[:=])([^\s,;]+)", re.IGNORECASE)
_ERR_FIELD = re.compile(r"\berr(?:or)?\s?[:=]\s?([0-9a-z]+)", re.IGNORECASE)

# The whole form, for receipts that nothing else marks: fields, order and digits must be right.
_WHOLE_FORM = re.compile(
    r"\s?id:\s?\S+ sub:\d+ dlvrd:\d+ submit date:\d{10,14} done date:\d{10,14}"
    rf" stat:(?:{'|'.join(_WORDS)}) err:\w+(?: text:.*)?",
    re.IGNORECASE | re.DOTALL,
)


class Receipt(NamedTuple):
    """What became of a message. `message_id` is as the SMSC wrote it, and empty if it named none;
    `text` is the beginning of our message, if the receipt quotes it."""

    message_id: str
    state: MessageState
    error: str
    text: str
    intermediate: bool = False


def receipt_of(
    message: MessagePdu, default: DefaultAlphabet = DefaultAlphabet.GSM7
) -> Receipt | None:
    """The receipt that this message is; None for what a subscriber wrote.

    A subscriber cannot set esm_class or TLVs, but can type anything. So a text alone counts only
    if it has the whole form; and whoever believes it must know the id, and have written to that
    number.
    """
    kind = message.esm_class & _TYPE
    if kind in _FROM_SUBSCRIBERS:
        return None
    marked = kind in (_RECEIPT, _INTERMEDIATE) or _has_tlvs(message.tlvs)
    if not marked and b"stat:" not in message.payload.lower():
        return None  # nearly always; an unmarked receipt is in ASCII or not one
    text = message_text(message, default)[:_LONGEST_FORM]
    if not marked and not _WHOLE_FORM.fullmatch(text):
        return None
    return _read(text, message.tlvs, intermediate=kind == _INTERMEDIATE)


def message_id_forms(message_id: str) -> tuple[str, ...]:
    """The forms by which an id can be found again, the likeliest first; never none.

    SMSCs name a message in hexadecimal here and in decimal there, with zeros before or without,
    in either case. Two ids may mean the same if they share a form; keep the first form of one, and
    look for each of the other's.
    """
    plain = message_id.strip().upper()
    if not re.fullmatch(r"(?:0X)?[0-9A-F]{1,64}", plain):
        return (plain,)
    bare = plain.removeprefix("0X").lstrip("0") or "0"
    forms = [bare, str(int(bare, 16))]
    if bare.isdigit():
        forms.append(f"{int(bare):X}")
    return tuple(dict.fromkeys(forms))


def _has_tlvs(tlvs: Tlvs) -> bool:
    return any(tag in (RECEIPTED_MESSAGE_ID, MESSAGE_STATE) for tag, _ in tlvs)


def _read(text: str, tlvs: Tlvs, *, intermediate: bool) -> Receipt:
    """TLVs first, the text for what they do not say."""
    head, *quoted = _TEXT_FIELD.split(text, maxsplit=1)
    word = _field(_STAT_FIELD, head)
    message_id = tlv_text(tlvs, RECEIPTED_MESSAGE_ID) or _field(_ID_FIELD, head)
    state = _state(tlv_number(tlvs, MESSAGE_STATE), word)
    error = _network_error(tlvs) or _field(_ERR_FIELD, head)
    if not error and state is MessageState.UNKNOWN:
        error = word  # some networks put their error where the state belongs
    return Receipt(
        message_id[:_LONGEST_ID], state, error, "".join(quoted).strip(), intermediate=intermediate
    )


def _field(pattern: re.Pattern[str], head: str) -> str:
    found = pattern.search(head)
    return found[1] if found else ""


def _state(number: int | None, word: str) -> MessageState:
    try:
        return MessageState(number)
    except ValueError:
        return _WORDS.get(word.upper(), MessageState.UNKNOWN)


def _network_error(tlvs: Tlvs) -> str:
    """The code without the network type before it (SMPP 3.4 §5.3.2.31)."""
    value = tlv_octets(tlvs, NETWORK_ERROR_CODE)
    return str(int.from_bytes(value[1:], "big")) if value and len(value) == 3 else ""
