"""smpplib made fit for an SMSC: bytes to typed values and back.

smpplib reads and writes every field here. Added round it: unknown TLVs are kept instead of
raised, a PDU that ends too soon is an error instead of silence, and the PDUs and TLVs an SMSC
needs that smpplib does not list. This file is the only one that touches smpplib's objects.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from smpplib import command, command_codes, consts

HEADER = struct.Struct(">LLLL")
_TLV = struct.Struct(">HH")

# SMPP 3.4 §5.1.2.1; nothing an SMS or a USSD dialogue needs is longer than a 64 kB payload
LONGEST = 70_000

NAMES: dict[int, str] = {code: name for name, code in command_codes.commands.items()}
CODES: dict[str, int] = dict(command_codes.commands)
TAGS: dict[str, int] = dict(consts.OPTIONAL_PARAMS)
STATUSES: dict[str, int] = {
    name.removeprefix("SMPP_"): code
    for name, code in vars(consts).items()
    if name.startswith("SMPP_ESME_R")
}
STATUS_NAMES: dict[int, str] = {code: name for name, code in STATUSES.items()}

_TAG_NAMES = {tag: name for name, tag in TAGS.items()}


class UnreadablePdu(Exception):
    """A PDU whose framing is sound and whose body is not; `status` says what to answer."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


@dataclass(frozen=True, slots=True)
class PduHeader:
    length: int
    code: int
    status: int
    sequence: int

    @property
    def name(self) -> str:
        """smpplib's name of the command, or its number when it has none."""
        return NAMES.get(self.code) or f"0x{self.code:08x}"

    @property
    def is_response(self) -> bool:
        return bool(self.code & 0x80000000)


@dataclass(frozen=True, slots=True)
class BindRequest:
    """bind_transmitter, bind_receiver or bind_transceiver (SMPP 3.4 §4.1)."""

    name: str
    system_id: str
    password: str
    system_type: str
    version: int


@dataclass(frozen=True, slots=True)
class SmscMessage:
    """submit_sm, data_sm or deliver_sm: a short message and where it goes (SMPP 3.4 §4.4)."""

    service_type: str
    source: str
    destination: str
    esm_class: int
    data_coding: int
    registered_delivery: int
    content: bytes
    in_payload: bool
    tlvs: Mapping[int, bytes]

    def tlv_int(self, name: str) -> int | None:
        value = self.tlvs.get(TAGS[name])
        return None if value is None else int.from_bytes(value, "big")


@dataclass(frozen=True, slots=True)
class MessageQuery:
    """query_sm: what became of a message (SMPP 3.4 §4.8)."""

    message_id: str
    source: str


def read_header(data: bytes) -> PduHeader:
    return PduHeader(*HEADER.unpack_from(data))


def read_bind(data: bytes) -> BindRequest:
    pdu = _read(data)
    return BindRequest(
        name=pdu.command,
        system_id=_text(pdu.system_id),
        password=_text(pdu.password),
        system_type=_text(pdu.system_type),
        version=pdu.interface_version,
    )


def read_message(data: bytes) -> SmscMessage:
    pdu = _read(data)
    payload = pdu.tlvs.get(TAGS["message_payload"])
    short = getattr(pdu, "short_message", None) or b""
    return SmscMessage(
        service_type=_text(pdu.service_type),
        source=_text(pdu.source_addr),
        destination=_text(pdu.destination_addr),
        esm_class=pdu.esm_class,
        data_coding=pdu.data_coding,
        registered_delivery=pdu.registered_delivery,
        content=short or payload or b"",
        in_payload=not short and payload is not None,
        tlvs=pdu.tlvs,
    )


def read_query(data: bytes) -> MessageQuery:
    pdu = _read(data)
    return MessageQuery(_text(pdu.message_id), _text(pdu.source_addr))


def write_pdu(
    name: str,
    sequence: int,
    fields: Mapping[str, str | bytes | int] | None = None,
    status: int = 0,
    tlvs: Mapping[int, bytes] | None = None,
) -> bytes:
    """One whole PDU. `fields` are smpplib's names; `tlvs` adds any tag with its raw value."""
    pdu = _CLASSES[name](name, sequence=sequence, status=status, **(fields or {}))
    pdu.sequence = sequence  # smpplib takes no sequence of zero from its constructor
    # half of smpplib's time goes into looking at optional fields that nobody set
    optional = (field for field in fields or () if field not in pdu.mandatory)
    pdu.params_order = (*pdu.mandatory, *optional)
    data: bytes = pdu.generate()
    if tlvs:
        data += b"".join(_TLV.pack(tag, len(value)) + value for tag, value in tlvs.items())
        data = len(data).to_bytes(4, "big") + data[4:]
    return data


def write_header(code: int, sequence: int, status: int = 0, body: bytes = b"") -> bytes:
    """A PDU round a body that is already bytes: an old one again, or one nobody knows."""
    return HEADER.pack(16 + len(body), code, status, sequence) + body


def _text(value: bytes | None) -> str:
    return (value or b"").decode("latin-1")


def _read(data: bytes) -> Any:
    header = read_header(data)
    known = _CLASSES.get(header.name)
    if known is None:
        raise UnreadablePdu(consts.SMPP_ESME_RINVCMDID, f"unknown command {header.name}")
    pdu = known(header.name, sequence=header.sequence)
    pdu.tlvs = {}
    try:
        pdu.parse(data)
        if len(data) == HEADER.size and not header.is_response:
            pdu.parse_params(b"")  # smpplib takes a missing body for a good one
    except (struct.error, IndexError, ValueError) as error:
        raise UnreadablePdu(consts.SMPP_ESME_RINVCMDLEN, f"{header.name}: {error}") from error
    return pdu


class _Strict:
    """Laid over each of smpplib's commands: complete or an error, and no TLV lost."""

    params: dict[str, Any]
    params_order: tuple[str, ...]
    mandatory: tuple[str, ...]
    tlvs: dict[int, bytes]

    def parse_params(self, data: bytes) -> None:
        pos = 0
        for field in self.mandatory:
            kind = self.params[field].type
            if kind is int:
                data, pos = self._parse_int(field, data, pos)  # type: ignore[attr-defined]  # smpplib's
            elif kind is str:
                if data.find(b"\0", pos) < 0:
                    raise UnreadablePdu(consts.SMPP_ESME_RINVCMDLEN, f"{field} has no end")
                data, pos = self._parse_string(field, data, pos)  # type: ignore[attr-defined]  # smpplib's
            else:
                data, pos = self._parse_ostring(field, data, pos)  # type: ignore[attr-defined]  # smpplib's
            if pos > len(data):
                raise UnreadablePdu(consts.SMPP_ESME_RINVMSGLEN, f"{field} is cut off")
        if pos < len(data):
            self.parse_optional_params(data[pos:])

    def parse_optional_params(self, data: bytes) -> None:
        pos = 0
        while pos < len(data):
            tag, length = _TLV.unpack_from(data, pos)
            pos += 4
            if pos + length > len(data):
                raise UnreadablePdu(consts.SMPP_ESME_RINVPARLEN, f"TLV 0x{tag:04x} is cut off")
            self.tlvs[tag] = data[pos : pos + length]
            pos += length


def _strict(name: str, theirs: Any) -> Any:
    params = {**theirs.params, **_ADDED_TLVS.get(name, {})}
    order = (*theirs.params_order, *_ADDED_TLVS.get(name, {}))
    also = theirs.__dict__.get("mandatory_fields", ())
    mandatory = tuple(f for f in order if f in also or f not in consts.OPTIONAL_PARAMS)
    return type(
        theirs.__name__,
        (_Strict, theirs),
        {"params": params, "params_order": order, "mandatory": mandatory},
    )


_BYTE = command.Param(type=int, size=1)
_ADDED_TLVS = {
    "deliver_sm": {"ussd_service_op": _BYTE},
}
_THEIRS = {
    "bind_transmitter": command.BindTransmitter,
    "bind_transmitter_resp": command.BindTransmitterResp,
    "bind_receiver": command.BindReceiver,
    "bind_receiver_resp": command.BindReceiverResp,
    "bind_transceiver": command.BindTransceiver,
    "bind_transceiver_resp": command.BindTransceiverResp,
    "outbind": type(
        "Outbind",
        (command.Command,),
        {
            "params": {
                "system_id": command.Param(type=str, max=16),
                "password": command.Param(type=str, max=9),
            },
            "params_order": ("system_id", "password"),
        },
    ),
    "unbind": command.Unbind,
    "unbind_resp": command.UnbindResp,
    "generic_nack": command.GenericNAck,
    "enquire_link": command.EnquireLink,
    "enquire_link_resp": command.EnquireLinkResp,
    "submit_sm": command.SubmitSM,
    "submit_sm_resp": command.SubmitSMResp,
    "deliver_sm": command.DeliverSM,
    "deliver_sm_resp": command.DeliverSMResp,
    "data_sm": command.DataSM,
    "data_sm_resp": command.DataSMResp,
    "query_sm": command.QuerySM,
    "query_sm_resp": command.QuerySMResp,
}
_CLASSES: dict[str, Any] = {name: _strict(name, theirs) for name, theirs in _THEIRS.items()}
