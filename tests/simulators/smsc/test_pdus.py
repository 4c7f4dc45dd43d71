"""Reading hostile bytes through smpplib: a value or `UnreadablePdu`, nothing else."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smpplib import consts

from simulators.smsc import pdus
from simulators.smsc.pdus import (
    CODES,
    UnreadablePdu,
    read_bind,
    read_header,
    read_message,
    read_query,
    write_pdu,
)
from tests.simulators.esme import make

READERS = {
    "submit_sm": read_message,
    "deliver_sm": read_message,
    "data_sm": read_message,
    "bind_transceiver": read_bind,
    "query_sm": read_query,
}


@given(st.sampled_from(sorted(READERS)), st.binary(max_size=300))
def test_any_body_is_read_or_garbled(kind: str, body: bytes) -> None:
    """No exception of smpplib's gets out."""
    with suppress(UnreadablePdu):
        READERS[kind](pdus.write_header(CODES[kind], 1, body=body))


@given(st.integers(0, 200))
def test_a_submit_sm_cut_off_anywhere_is_garbled(length: int) -> None:
    """smpplib alone takes what there is."""
    whole = write_pdu("submit_sm", 1, {"destination_addr": "1", "short_message": b"x" * 100})
    body = whole[16:][:length]
    pdu = pdus.write_header(CODES["submit_sm"], 1, body=body)
    if length < len(whole) - 16:
        with pytest.raises(UnreadablePdu):
            read_message(pdu)
    else:
        assert read_message(pdu).content == b"x" * 100


def test_unknown_tlvs_are_kept() -> None:
    """smpplib alone raises."""
    tlvs = {0x1500: b"\xde\xad", 0x0501: b"\x02", 0x1383: b"\x12\x34"}
    read = read_message(write_pdu("submit_sm", 9, {"short_message": b"x"}, tlvs=tlvs))
    assert read.tlvs == tlvs
    assert (read.tlv_int("ussd_service_op"), read.tlv_int("sar_msg_ref_num")) == (2, None)


def test_a_deliver_sm_can_speak_ussd() -> None:
    """ussd_service_op, which smpplib lists for submit_sm only."""
    pdu = write_pdu("deliver_sm", 9, {"service_type": "USSD", "ussd_service_op": 1})
    assert pdu.endswith(bytes.fromhex("0501 0001 01"))


@given(
    st.sampled_from(["deliver_sm", "submit_sm"]),
    st.integers(1, 0x7FFFFFFF),
    st.fixed_dictionaries(
        {
            "source_addr": st.from_regex(r"[0-9]{0,20}", fullmatch=True),
            "esm_class": st.integers(0, 255),
            "data_coding": st.integers(0, 255),
            "short_message": st.binary(max_size=254),
        },
        optional={"user_message_reference": st.integers(0, 65_535)},
    ),
)
def test_what_is_written_is_smpplibs_to_the_byte(
    kind: str, sequence: int, fields: dict[str, str | bytes | int]
) -> None:
    """The short cut round its optional fields leaves nothing out."""
    assert write_pdu(kind, sequence, fields) == make(kind, sequence, **fields)


def test_an_outbind_can_be_written() -> None:
    """SMPP 3.4 §4.1.7: the two names after the header."""
    pdu = write_pdu("outbind", 1, {"system_id": "smsc", "password": "pw"})
    assert pdu == bytes.fromhex("00000018 0000000b 00000000 00000001") + b"smsc\0pw\0"


def test_a_header_is_read_and_written() -> None:
    """Commands nobody knows have their number for a name."""
    pdu = pdus.write_header(0x000000E7, 3, 0x58, b"abc")
    read = read_header(pdu)
    assert (read.length, read.name, read.status, read.sequence) == (19, "0x000000e7", 0x58, 3)
    assert not read.is_response
    assert read_header(write_pdu("submit_sm_resp", 4)).is_response


def test_statuses_have_their_names() -> None:
    """As people write them."""
    assert pdus.STATUSES["ESME_RTHROTTLED"] == consts.SMPP_ESME_RTHROTTLED
    assert pdus.STATUS_NAMES[0] == "ESME_ROK"
