"""Bytes to PDUs (SMPP 3.4 §3 and §4).

The mandatory fields of requests are read strictly: what does not fit is refused with the status
that says why. What only trails is read leniently: peers put a NUL behind a text, or cut their last
TLV short, and mean the message all the same. Responses are read leniently altogether: whatever
state their body is in, they still settle what we asked.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import TypeVar

from smpplib.consts import (
    SMPP_ESME_RINVCMDID,
    SMPP_ESME_RINVCMDLEN,
    SMPP_ESME_RINVDSTADR,
    SMPP_ESME_RINVMSGLEN,
    SMPP_ESME_RINVOPTPARSTREAM,
    SMPP_ESME_RINVSERTYP,
    SMPP_ESME_RINVSRCADR,
)

from smpp.pdu import (
    ALERT_NOTIFICATION,
    DATA_SM,
    DELIVER_SM,
    ENQUIRE_LINK,
    GENERIC_NACK,
    OUTBIND,
    RESPONSE,
    SUBMIT_SM,
    UNBIND,
    AlertNotification,
    Bind,
    BindKind,
    BindResp,
    DataSm,
    DataSmResp,
    DecodedPdu,
    DeliverSm,
    DeliverSmResp,
    EnquireLink,
    EnquireLinkResp,
    GenericNack,
    MalformedPdu,
    MessagePdu,
    MessageResp,
    Outbind,
    Pdu,
    SubmitSm,
    SubmitSmResp,
    Unbind,
    UnbindResp,
)
from smpp.tlv import MESSAGE_PAYLOAD, TrailingOctets, read_tlvs

HEADER = struct.Struct(">4L")
"""command_length, command_id, command_status, sequence_number."""

_BODY = HEADER.size
_LONGEST_SERVICE_TYPE = 5
_LONGEST_ADDRESS = 20
_LONGEST_DATA_ADDRESS = 64
_LONGEST_MESSAGE_ID = 64

_PAYLOAD_TAG = MESSAGE_PAYLOAD.to_bytes(2, "big")

_Addresses = tuple[str, int, int, str, int, int, str]
_Message = TypeVar("_Message", bound=MessagePdu)
_Resp = TypeVar("_Resp", bound=MessageResp)


class _Refused(ValueError):
    """A field that is wrong in itself, with the status that says so."""

    def __init__(self, command_status: int, why: str) -> None:
        super().__init__(why)
        self.command_status = command_status


def decode_pdu(octets: bytes) -> DecodedPdu:
    """One whole PDU, header included. Raises MalformedPdu, and nothing else."""
    if len(octets) < _BODY:
        raise MalformedPdu(SMPP_ESME_RINVCMDLEN, 0, 0, f"{len(octets)} octets are no header")
    _, command_id, command_status, sequence = HEADER.unpack_from(octets)
    read = _READERS.get(command_id)
    if read is None:
        raise MalformedPdu(SMPP_ESME_RINVCMDID, sequence, command_id, "unknown command")
    try:
        return DecodedPdu(sequence, command_status, read(octets))
    except TrailingOctets as trailing:
        return _without(octets, trailing.behind)
    except _Refused as refused:
        status, why = refused.command_status, str(refused)
    except (ValueError, IndexError):  # no NUL where a string should end; no octet left
        status, why = SMPP_ESME_RINVCMDLEN, "the body ends too early"
    raise MalformedPdu(status, sequence, command_id, why)


def _without(octets: bytes, behind: int) -> DecodedPdu:
    """The PDU without what trails it, if nothing of its text stands there."""
    frame = decode_pdu(octets[:behind])
    pdu = frame.pdu
    begins_text = octets[behind : behind + 2] == _PAYLOAD_TAG
    if begins_text and isinstance(pdu, MessagePdu) and not pdu.payload:
        command_id = HEADER.unpack_from(octets)[1]
        status, why = SMPP_ESME_RINVOPTPARSTREAM, "the message_payload ends too early"
        raise MalformedPdu(status, frame.sequence, command_id, why)
    return frame._replace(left_out=len(octets) - behind)


def is_readable(command_id: int) -> bool:
    """Whether this is a command that `decode_pdu` knows."""
    return command_id in _READERS


def _string(octets: bytes, at: int) -> tuple[str, int]:
    """A C-octet string and the offset behind its NUL."""
    end = octets.index(0, at)
    return octets[at:end].decode("latin-1"), end + 1


def _lenient_string(octets: bytes, at: int) -> tuple[str, int]:
    """The same where peers forget the NUL, or the whole field: in the bodies of responses."""
    end = octets.find(0, at)
    if end < 0:
        end = len(octets)
    return octets[at:end].decode("latin-1"), end + 1


# ---- messages: submit_sm, deliver_sm, data_sm --------------------------------------------------


def _addresses(octets: bytes, longest: int) -> tuple[_Addresses, int]:
    """service_type to destination_addr, and the offset behind. Read for every message."""
    end = octets.index(0, _BODY)
    if end - _BODY > _LONGEST_SERVICE_TYPE:
        raise _Refused(SMPP_ESME_RINVSERTYP, f"service_type of {end - _BODY} octets")
    service_type = octets[_BODY:end].decode("latin-1")
    source_ton, source_npi = octets[end + 1], octets[end + 2]
    at = end + 3
    end = octets.index(0, at)
    if end - at > longest:
        raise _Refused(SMPP_ESME_RINVSRCADR, f"source_addr of {end - at} octets")
    source = octets[at:end].decode("latin-1")
    dest_ton, dest_npi = octets[end + 1], octets[end + 2]
    at = end + 3
    end = octets.index(0, at)
    if end - at > longest:
        raise _Refused(SMPP_ESME_RINVDSTADR, f"destination_addr of {end - at} octets")
    destination = octets[at:end].decode("latin-1")
    found = service_type, source_ton, source_npi, source, dest_ton, dest_npi, destination
    return found, end + 1


def _message(make: type[_Message]) -> Callable[[bytes], _Message]:
    def read(octets: bytes) -> _Message:
        addresses, at = _addresses(octets, _LONGEST_ADDRESS)
        esm_class, protocol_id, priority = octets[at], octets[at + 1], octets[at + 2]
        if octets[at + 3] or octets[at + 4]:
            schedule, at = _string(octets, at + 3)
            validity, at = _string(octets, at)
        else:  # nearly always: neither a schedule nor a validity period
            schedule = validity = ""
            at += 5
        registered, replace, coding = octets[at], octets[at + 1], octets[at + 2]
        default_id, length = octets[at + 3], octets[at + 4]
        at += 5
        end, left = at + length, len(octets) - at
        if length > left:
            raise _Refused(SMPP_ESME_RINVMSGLEN, f"sm_length {length}, but {left} octets left")
        tlvs = read_tlvs(octets, end) if length < left else ()
        return make(
            *addresses, esm_class, protocol_id, priority, schedule, validity, registered, replace,
            coding, default_id, octets[at:end], tlvs,
        )  # fmt: skip

    return read


def _data_sm(octets: bytes) -> DataSm:
    addresses, at = _addresses(octets, _LONGEST_DATA_ADDRESS)
    esm_class, registered, coding = octets[at], octets[at + 1], octets[at + 2]
    tlvs = read_tlvs(octets, at + 3)
    return DataSm(
        *addresses, esm_class=esm_class, registered_delivery=registered, data_coding=coding,
        tlvs=tlvs,
    )  # fmt: skip


def _message_resp(make: type[_Resp]) -> Callable[[bytes], _Resp]:
    def read(octets: bytes) -> _Resp:
        if len(octets) == _BODY + 1:  # what most SMSCs answer when they give no id
            return make()
        message_id, at = _lenient_string(octets, _BODY)
        return make(message_id[:_LONGEST_MESSAGE_ID], read_tlvs(octets, at))

    return read


# ---- the life of a link ------------------------------------------------------------------------


def _bind(octets: bytes) -> Bind:
    kind = BindKind(HEADER.unpack_from(octets)[1])
    system_id, at = _string(octets, _BODY)
    password, at = _string(octets, at)
    system_type, at = _string(octets, at)
    version, ton, npi = octets[at], octets[at + 1], octets[at + 2]
    address_range, _ = _string(octets, at + 3)
    return Bind(kind, system_id, password, system_type, version, ton, npi, address_range)


def _bind_resp(octets: bytes) -> BindResp:
    kind = BindKind(HEADER.unpack_from(octets)[1] & ~RESPONSE)
    system_id, at = _lenient_string(octets, _BODY)
    return BindResp(kind, system_id, read_tlvs(octets, at))


def _outbind(octets: bytes) -> Outbind:
    system_id, at = _string(octets, _BODY)
    password, _ = _lenient_string(octets, at)
    return Outbind(system_id, password)


def _alert_notification(octets: bytes) -> AlertNotification:
    source_ton, source_npi = octets[_BODY], octets[_BODY + 1]
    source, at = _string(octets, _BODY + 2)
    esme_ton, esme_npi = octets[at], octets[at + 1]
    esme, at = _lenient_string(octets, at + 2)
    tlvs = read_tlvs(octets, at)
    return AlertNotification(source_ton, source_npi, source, esme_ton, esme_npi, esme, tlvs)


_READERS: dict[int, Callable[[bytes], Pdu]] = {
    SUBMIT_SM: _message(SubmitSm),
    SUBMIT_SM | RESPONSE: _message_resp(SubmitSmResp),
    DELIVER_SM: _message(DeliverSm),
    DELIVER_SM | RESPONSE: _message_resp(DeliverSmResp),
    DATA_SM: _data_sm,
    DATA_SM | RESPONSE: _message_resp(DataSmResp),
    OUTBIND: _outbind,
    UNBIND: lambda octets: Unbind(),
    UNBIND | RESPONSE: lambda octets: UnbindResp(),
    ENQUIRE_LINK: lambda octets: EnquireLink(),
    ENQUIRE_LINK | RESPONSE: lambda octets: EnquireLinkResp(),
    GENERIC_NACK: lambda octets: GenericNack(),
    ALERT_NOTIFICATION: _alert_notification,
    **{kind.value: _bind for kind in BindKind},
    **{kind.value | RESPONSE: _bind_resp for kind in BindKind},
}
