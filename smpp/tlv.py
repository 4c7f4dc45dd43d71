"""Optional parameters (TLVs): tag, length, value (SMPP 3.4 §3.2.4).

A PDU keeps every one of them, known or not, in the order they came, so that nothing a vendor
adds is lost on the way through us.
"""

from __future__ import annotations

import struct

from smpplib.consts import OPTIONAL_PARAMS

Tlvs = tuple[tuple[int, bytes], ...]

RECEIPTED_MESSAGE_ID: int = OPTIONAL_PARAMS["receipted_message_id"]
USER_MESSAGE_REFERENCE: int = OPTIONAL_PARAMS["user_message_reference"]
SAR_MSG_REF_NUM: int = OPTIONAL_PARAMS["sar_msg_ref_num"]
SAR_TOTAL_SEGMENTS: int = OPTIONAL_PARAMS["sar_total_segments"]
SAR_SEGMENT_SEQNUM: int = OPTIONAL_PARAMS["sar_segment_seqnum"]
SC_INTERFACE_VERSION: int = OPTIONAL_PARAMS["sc_interface_version"]
NETWORK_ERROR_CODE: int = OPTIONAL_PARAMS["network_error_code"]
MESSAGE_PAYLOAD: int = OPTIONAL_PARAMS["message_payload"]
MESSAGE_STATE: int = OPTIONAL_PARAMS["message_state"]
USSD_SERVICE_OP: int = OPTIONAL_PARAMS["ussd_service_op"]
ITS_SESSION_INFO: int = OPTIONAL_PARAMS["its_session_info"]

_HEAD = struct.Struct(">HH")


class TrailingOctets(Exception):
    """What stands from offset `behind` on is no TLV."""

    def __init__(self, behind: int) -> None:
        super().__init__(f"octets behind offset {behind} are no TLV")
        self.behind = behind


def read_tlvs(octets: bytes, at: int) -> Tlvs:
    """The TLVs from offset `at` to the end; raises TrailingOctets.

    Peers leave a NUL between the mandatory fields and the first TLV, as if the text were a C
    string: where that makes the TLVs end with the PDU, it is passed over.
    """
    found = []
    end = len(octets)
    while at + 4 <= end:
        tag, length = _HEAD.unpack_from(octets, at)
        value_at = at + 4
        behind = value_at + length
        if behind > end:
            break
        found.append((tag, octets[value_at:behind]))
        at = behind
    if at < end:
        return _behind_a_nul(octets, at, first=not found)
    return tuple(found)


def _behind_a_nul(octets: bytes, at: int, *, first: bool) -> Tlvs:
    if first and not octets[at]:
        try:
            if others := read_tlvs(octets, at + 1):
                return others
        except TrailingOctets:
            pass
    raise TrailingOctets(at)


def write_tlvs(tlvs: Tlvs) -> bytes:
    """The octets of the TLVs; raises ValueError for a value over 65,535 octets."""
    if any(len(value) > 0xFFFF for _, value in tlvs):
        raise ValueError("a TLV holds at most 65,535 octets")
    return b"".join([_HEAD.pack(tag, len(value)) + value for tag, value in tlvs])


def tlv_octets(tlvs: Tlvs, tag: int) -> bytes | None:
    """The value of the first TLV with this tag."""
    for found, value in tlvs:
        if found == tag:
            return value
    return None


def tlv_number(tlvs: Tlvs, tag: int) -> int | None:
    """The value as a big-endian number, however many octets the vendor gave it (up to four)."""
    value = tlv_octets(tlvs, tag)
    return int.from_bytes(value, "big") if value and len(value) <= 4 else None


def tlv_text(tlvs: Tlvs, tag: int) -> str | None:
    """The value as a C-octet string; the closing NUL may be missing, some vendors forget it."""
    value = tlv_octets(tlvs, tag)
    return None if value is None else value.split(b"\0", 1)[0].decode("latin-1")
