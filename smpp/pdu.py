"""PDUs as immutable values: what an ESME sends and meets in SMPP 3.4.

A value holds the body only; command_status and sequence_number belong to the conversation and
travel beside it. Values with fields are named tuples, because they are made for every message: a
frozen dataclass of that size takes six times as long. `pdu_decoding` makes them of bytes,
`pdu_encoding` makes bytes of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple, cast

from smpplib.command_codes import commands

from smpp.tlv import MESSAGE_PAYLOAD, Tlvs, tlv_octets

RESPONSE = 0x8000_0000
"""The bit that makes a command_id a response's (SMPP 3.4 §5.1.2.1)."""

BIND_TRANSMITTER: int = commands["bind_transmitter"]
BIND_RECEIVER: int = commands["bind_receiver"]
BIND_TRANSCEIVER: int = commands["bind_transceiver"]
OUTBIND: int = commands["outbind"]
UNBIND: int = commands["unbind"]
SUBMIT_SM: int = commands["submit_sm"]
DELIVER_SM: int = commands["deliver_sm"]
DATA_SM: int = commands["data_sm"]
ENQUIRE_LINK: int = commands["enquire_link"]
ALERT_NOTIFICATION: int = commands["alert_notification"]
GENERIC_NACK: int = commands["generic_nack"]

VERSION_34 = 0x34


class MalformedPdu(Exception):
    """A PDU that cannot be read. `command_status` is what to answer it with."""

    def __init__(self, command_status: int, sequence: int, command_id: int, why: str) -> None:
        super().__init__(f"command 0x{command_id:08x}, sequence {sequence}: {why}")
        self.command_status = command_status
        self.sequence = sequence
        self.command_id = command_id


class BindKind(Enum):
    """What a bind is good for; the value is the request's command_id."""

    TRANSMITTER = BIND_TRANSMITTER
    RECEIVER = BIND_RECEIVER
    TRANSCEIVER = BIND_TRANSCEIVER

    @property
    def sends(self) -> bool:
        return self is not BindKind.RECEIVER

    @property
    def receives(self) -> bool:
        return self is not BindKind.TRANSMITTER


class Bind(NamedTuple):
    """bind_transmitter, bind_receiver, bind_transceiver (SMPP 3.4 §4.1)."""

    kind: BindKind
    system_id: str
    password: str
    system_type: str = ""
    interface_version: int = VERSION_34
    addr_ton: int = 0
    addr_npi: int = 0
    address_range: str = ""


class BindResp(NamedTuple):
    """The answer to a bind; a refusal may come without a body."""

    kind: BindKind
    system_id: str = ""
    tlvs: Tlvs = ()


class Outbind(NamedTuple):
    """The SMSC asks us to bind as a receiver, and says who it is (SMPP 3.4 §4.1.7)."""

    system_id: str
    password: str


@dataclass(frozen=True, slots=True)
class Unbind:
    """unbind (SMPP 3.4 §4.2)."""


@dataclass(frozen=True, slots=True)
class UnbindResp:
    """unbind_resp."""


@dataclass(frozen=True, slots=True)
class EnquireLink:
    """enquire_link: is anybody there? (SMPP 3.4 §4.11)."""


@dataclass(frozen=True, slots=True)
class EnquireLinkResp:
    """enquire_link_resp."""


@dataclass(frozen=True, slots=True)
class GenericNack:
    """generic_nack: a PDU was not understood; its status says why (SMPP 3.4 §4.3)."""


class _ByKind:
    """Makes named tuples of different kinds differ, which as tuples would be equal."""

    __slots__ = ()

    def _values(self) -> tuple[object, ...]:
        return tuple(cast(Iterable[object], self))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _ByKind) or type(other) is not type(self):
            return False
        return self._values() == other._values()

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self._values())


class MessagePdu(NamedTuple):
    """The fields that submit_sm, deliver_sm and data_sm share (SMPP 3.4 §4.4.1, §4.6.1, §4.7.1).

    data_sm carries only some of them; its text is always a message_payload TLV.
    """

    service_type: str = ""
    source_addr_ton: int = 0
    source_addr_npi: int = 0
    source_addr: str = ""
    dest_addr_ton: int = 0
    dest_addr_npi: int = 0
    destination_addr: str = ""
    esm_class: int = 0
    protocol_id: int = 0
    priority_flag: int = 0
    schedule_delivery_time: str = ""
    validity_period: str = ""
    registered_delivery: int = 0
    replace_if_present_flag: int = 0
    data_coding: int = 0
    sm_default_msg_id: int = 0
    short_message: bytes = b""
    tlvs: Tlvs = ()

    @property
    def payload(self) -> bytes:
        """The octets of the text, user data header and all, wherever the sender put them."""
        if self.short_message:
            return self.short_message
        return tlv_octets(self.tlvs, MESSAGE_PAYLOAD) or b""


class SubmitSm(_ByKind, MessagePdu):
    """A message from us to a subscriber."""

    __slots__ = ()


class DeliverSm(_ByKind, MessagePdu):
    """A message from a subscriber to us, or a receipt for one of ours."""

    __slots__ = ()


class DataSm(_ByKind, MessagePdu):
    """deliver_sm by another name, for interactive services; served alike."""

    __slots__ = ()


class MessageResp(NamedTuple):
    """What the responses to the three messages carry."""

    message_id: str = ""
    tlvs: Tlvs = ()


class SubmitSmResp(_ByKind, MessageResp):
    """submit_sm_resp; `message_id` is the SMSC's, receipts will name it."""

    __slots__ = ()


class DeliverSmResp(_ByKind, MessageResp):
    """deliver_sm_resp; its message_id is unused and empty."""

    __slots__ = ()


class DataSmResp(_ByKind, MessageResp):
    """data_sm_resp."""

    __slots__ = ()


class AlertNotification(NamedTuple):
    """A subscriber can be reached again (SMPP 3.4 §4.12.1); it has no response."""

    source_addr_ton: int
    source_addr_npi: int
    source_addr: str
    esme_addr_ton: int
    esme_addr_npi: int
    esme_addr: str
    tlvs: Tlvs = ()


Pdu = (
    Bind
    | BindResp
    | Outbind
    | Unbind
    | UnbindResp
    | EnquireLink
    | EnquireLinkResp
    | GenericNack
    | SubmitSm
    | SubmitSmResp
    | DeliverSm
    | DeliverSmResp
    | DataSm
    | DataSmResp
    | AlertNotification
)


class DecodedPdu(NamedTuple):
    """A PDU as it came: who it answers or what to answer it by, how it went, and its body. Octets
    behind a message that say nothing are left out and counted."""

    sequence: int
    command_status: int
    pdu: Pdu
    left_out: int = 0
