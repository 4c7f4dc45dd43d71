"""PDUs to bytes (SMPP 3.4 §3 and §4)."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import cast

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
    BindResp,
    DataSm,
    DataSmResp,
    DeliverSm,
    DeliverSmResp,
    EnquireLink,
    EnquireLinkResp,
    GenericNack,
    MessagePdu,
    MessageResp,
    Outbind,
    Pdu,
    SubmitSm,
    SubmitSmResp,
    Unbind,
    UnbindResp,
)
from smpp.pdu_decoding import HEADER, is_readable
from smpp.tlv import write_tlvs

_MESSAGE_RESP = struct.Struct(">4LB")
_LONGEST_TEXT = 254


def encode_pdu(pdu: Pdu, sequence: int, command_status: int = 0) -> bytes:
    """The bytes of a PDU. Raises ValueError for what SMPP has no room for."""
    command_id, write = _WRITERS[type(pdu)]
    if isinstance(pdu, Bind | BindResp):
        command_id |= pdu.kind.value
    body = write(pdu)
    return HEADER.pack(16 + len(body), command_id, command_status, sequence) + body


def encode_message_resp(request_id: int, command_status: int, sequence: int) -> bytes:
    """deliver_sm_resp or data_sm_resp with an empty message_id (SMPP 3.4 §4.6.2, §4.7.2)."""
    return _MESSAGE_RESP.pack(17, request_id | RESPONSE, command_status, sequence, 0)


def encode_refusal(request_id: int, command_status: int, sequence: int) -> bytes:
    """The answer to a request that could not be read: its own response, or else generic_nack."""
    if request_id in (DELIVER_SM, DATA_SM):
        return encode_message_resp(request_id, command_status, sequence)
    has_response = is_readable(request_id) and is_readable(request_id | RESPONSE)
    answer_id = request_id | RESPONSE if has_response else GENERIC_NACK
    return HEADER.pack(16, answer_id, command_status, sequence)


def _c(name: str, text: str, longest: int) -> bytes:
    """The octets of a C-octet string without its NUL; `longest` does not count the NUL either."""
    if len(text) > longest or "\0" in text:
        raise ValueError(f"{name} takes at most {longest} characters and no NUL")
    return text.encode("latin-1")


def _message(pdu: MessagePdu) -> bytes:
    (
        service, source_ton, source_npi, source, dest_ton, dest_npi, destination, esm_class,
        protocol_id, priority, schedule, validity, registered, replace, coding, default_id, text,
        tlvs,
    ) = pdu  # fmt: skip
    if len(text) > _LONGEST_TEXT:
        raise ValueError(f"short_message takes at most {_LONGEST_TEXT} octets")
    octets = b"%b\0%c%c%b\0%c%c%b\0%c%c%c%b\0%b\0%c%c%c%c%c%b" % (
        (service and _c("service_type", service, 5)) or b"",
        source_ton, source_npi, _c("source_addr", source, 20),
        dest_ton, dest_npi, _c("destination_addr", destination, 20),
        esm_class, protocol_id, priority,
        (schedule and _c("schedule_delivery_time", schedule, 16)) or b"",
        (validity and _c("validity_period", validity, 16)) or b"",
        registered, replace, coding, default_id, len(text), text,
    )  # fmt: skip
    return octets + write_tlvs(tlvs) if tlvs else octets


def _data_sm(pdu: DataSm) -> bytes:
    octets = b"%b\0%c%c%b\0%c%c%b\0%c%c%c" % (
        _c("service_type", pdu.service_type, 5),
        pdu.source_addr_ton, pdu.source_addr_npi, _c("source_addr", pdu.source_addr, 64),
        pdu.dest_addr_ton, pdu.dest_addr_npi, _c("destination_addr", pdu.destination_addr, 64),
        pdu.esm_class, pdu.registered_delivery, pdu.data_coding,
    )  # fmt: skip
    return octets + write_tlvs(pdu.tlvs)


def _message_resp(pdu: MessageResp) -> bytes:
    return _c("message_id", pdu.message_id, 64) + b"\0" + write_tlvs(pdu.tlvs)


def _bind(pdu: Bind) -> bytes:
    return b"%b\0%b\0%b\0%c%c%c%b\0" % (
        _c("system_id", pdu.system_id, 15),
        _c("password", pdu.password, 8),
        _c("system_type", pdu.system_type, 12),
        pdu.interface_version, pdu.addr_ton, pdu.addr_npi,
        _c("address_range", pdu.address_range, 40),
    )  # fmt: skip


def _bind_resp(pdu: BindResp) -> bytes:
    return _c("system_id", pdu.system_id, 15) + b"\0" + write_tlvs(pdu.tlvs)


def _outbind(pdu: Outbind) -> bytes:
    return b"%b\0%b\0" % (_c("system_id", pdu.system_id, 15), _c("password", pdu.password, 8))


def _alert_notification(pdu: AlertNotification) -> bytes:
    return b"%c%c%b\0%c%c%b\0%b" % (
        pdu.source_addr_ton, pdu.source_addr_npi, _c("source_addr", pdu.source_addr, 64),
        pdu.esme_addr_ton, pdu.esme_addr_npi, _c("esme_addr", pdu.esme_addr, 64),
        write_tlvs(pdu.tlvs),
    )  # fmt: skip


def _nothing(pdu: Pdu) -> bytes:
    return b""


# A writer only ever meets the type it stands beside, which a dict cannot say to the type checker.
_WRITERS = cast(
    "dict[type, tuple[int, Callable[[Pdu], bytes]]]",
    {
        SubmitSm: (SUBMIT_SM, _message),
        SubmitSmResp: (SUBMIT_SM | RESPONSE, _message_resp),
        DeliverSm: (DELIVER_SM, _message),
        DeliverSmResp: (DELIVER_SM | RESPONSE, _message_resp),
        DataSm: (DATA_SM, _data_sm),
        DataSmResp: (DATA_SM | RESPONSE, _message_resp),
        Bind: (0, _bind),  # the kind of a bind is its command_id
        BindResp: (RESPONSE, _bind_resp),
        Outbind: (OUTBIND, _outbind),
        Unbind: (UNBIND, _nothing),
        UnbindResp: (UNBIND | RESPONSE, _nothing),
        EnquireLink: (ENQUIRE_LINK, _nothing),
        EnquireLinkResp: (ENQUIRE_LINK | RESPONSE, _nothing),
        GenericNack: (GENERIC_NACK, _nothing),
        AlertNotification: (ALERT_NOTIFICATION, _alert_notification),
    },
)
