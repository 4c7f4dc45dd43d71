"""The few bytes of SMPP 3.4 that a load needs, packed by hand.

A generic codec spends 60 to 100 µs on a PDU. A driver must cost far less than what it
measures, so it reads only the fields it counts by, and writes from prepared halves.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

from smpplib import consts

# command_length, command_id, command_status, sequence_number (SMPP 3.4 §3.2)
HEADER = struct.Struct(">4I")
LONGEST_PDU = 65_536

BIND_RECEIVER = 0x00000001
BIND_TRANSMITTER = 0x00000002
SUBMIT_SM = 0x00000004
DELIVER_SM = 0x00000005
UNBIND = 0x00000006
BIND_TRANSCEIVER = 0x00000009
ENQUIRE_LINK = 0x00000015
RESPONSE = 0x80000000
GENERIC_NACK = RESPONSE
DELIVER_SM_RESP = RESPONSE | DELIVER_SM
SUBMIT_SM_RESP = RESPONSE | SUBMIT_SM

UDH_INDICATOR = 0x40  # in esm_class (§5.2.12)
UCS2 = consts.SMPP_ENCODING_ISO10646

USSD_SERVICE_OP = 0x0501
ITS_SESSION_INFO = 0x1383
SAR_MSG_REF_NUM = 0x020C
SAR_TOTAL_SEGMENTS = 0x020E
SAR_SEGMENT_SEQNUM = 0x020F
SC_INTERFACE_VERSION = struct.pack(">HHB", 0x0210, 1, 0x34)


class MalformedSubmit(ValueError):
    """Bytes that are not the PDU they say they are."""


class ChainPart(NamedTuple):
    """One part of a long message: which chain, how many parts, which of them (from 1)."""

    reference: int
    total: int
    number: int


class ReceivedSubmit(NamedTuple):
    """What a load looks at in a submit_sm (§4.4.1)."""

    destination: bytes
    esm_class: int
    data_coding: int
    text: bytes
    tlvs: bytes


def pack_pdu(command: int, status: int, sequence: int, body: bytes = b"") -> bytes:
    return HEADER.pack(16 + len(body), command, status, sequence) + body


def pack_tlv(tag: int, value: bytes) -> bytes:
    return struct.pack(">HH", tag, len(value)) + value


def deliver_body(
    subscriber: str, service: str, text: bytes, data_coding: int, tlvs: bytes = b""
) -> bytes:
    """A deliver_sm (§4.6.1) after its header: from a national number to a short code."""
    if len(text) > 254:
        raise ValueError(f"{len(text)} octets do not fit into one short_message of 254")
    return b"".join(
        (
            b"\0",  # service_type
            bytes((consts.SMPP_TON_NATNL, consts.SMPP_NPI_ISDN)) + subscriber.encode() + b"\0",
            bytes((consts.SMPP_TON_UNK, consts.SMPP_NPI_ISDN)) + service.encode() + b"\0",
            b"\0\0\0",  # esm_class, protocol_id, priority_flag
            b"\0\0",  # schedule_delivery_time, validity_period
            bytes((0, 0, data_coding, 0, len(text))),
            text,
            tlvs,
        )
    )


def bind_resp(command: int, sequence: int) -> bytes:
    return pack_pdu(RESPONSE | command, 0, sequence, b"LOAD\0" + SC_INTERFACE_VERSION)


def read_submit(data: bytes, start: int, end: int) -> ReceivedSubmit:
    """The submit_sm that stands in `data` from `start`, header included, to `end`."""
    try:
        at = data.index(0, start + 16, end) + 3  # service_type, source ton and npi
        at = data.index(0, at, end) + 3  # source_addr, destination ton and npi
        stop = data.index(0, at, end)
        destination = data[at:stop]
        at = data.index(0, stop + 4, end) + 1  # schedule_delivery_time
        at = data.index(0, at, end) + 1  # validity_period
        text_at = at + 5
        text_end = text_at + data[at + 4]
        submit = ReceivedSubmit(
            destination, data[stop + 1], data[at + 2], data[text_at:text_end], data[text_end:end]
        )
    except (ValueError, IndexError) as error:
        raise MalformedSubmit(f"a submit_sm of {end - start} octets breaks off") from error
    if text_end > end:
        raise MalformedSubmit("sm_length points past the end of its submit_sm")
    return submit


def part_of(submit: ReceivedSubmit) -> ChainPart | None:
    """Which part of a long message this is; None for a message that is whole."""
    if submit.esm_class & UDH_INDICATOR:
        return _part_in_udh(submit.text)
    if submit.tlvs:
        return _part_in_tlvs(submit.tlvs)
    return None


def _part_in_udh(text: bytes) -> ChainPart | None:
    """The concatenation element wherever it stands (3GPP TS 23.040 §9.2.3.24.1 and .8)."""
    udh = text[1 : 1 + text[0]] if text else b""
    at = 0
    while at + 2 <= len(udh):
        element, length = udh[at], udh[at + 1]
        value = udh[at + 2 : at + 2 + length]
        if element == 0x00 and len(value) == 3:
            return ChainPart(value[0], value[1], value[2])
        if element == 0x08 and len(value) == 4:
            return ChainPart(value[0] << 8 | value[1], value[2], value[3])
        at += 2 + length
    return None


def _part_in_tlvs(tlvs: bytes) -> ChainPart | None:
    found: dict[int, int] = {}
    at = 0
    while at + 4 <= len(tlvs):
        tag, length = struct.unpack_from(">HH", tlvs, at)
        found[tag] = int.from_bytes(tlvs[at + 4 : at + 4 + length], "big")
        at += 4 + length
    try:
        return ChainPart(
            found[SAR_MSG_REF_NUM], found[SAR_TOTAL_SEGMENTS], found[SAR_SEGMENT_SEQNUM]
        )
    except KeyError:
        return None


def text_of_submit(submit: ReceivedSubmit) -> str:
    """The text for a human eye, without its user data header."""
    text = submit.text
    if submit.esm_class & UDH_INDICATOR and text:
        text = text[1 + text[0] :]
    if submit.data_coding == UCS2:
        return text.decode("utf-16-be", "replace")
    return text.decode("latin-1")
