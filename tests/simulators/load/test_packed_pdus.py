"""The driver's hand-packed bytes against smpplib's, and against nonsense."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smpplib import consts, smpp

from simulators.load import packed_pdus
from tests.bench.systems.standin_esme import REPLY


class Sequences:
    """What smpplib asks for instead of a number."""

    def next_sequence(self) -> int:
        return 7


def made_by_smpplib(command: str, **fields: Any) -> bytes:
    generated: bytes = smpp.make_pdu(command, client=Sequences(), sequence=7, **fields).generate()
    return generated


def submit(**fields: Any) -> bytes:
    usual = {"source_addr": "10086", "destination_addr": "13900000001", "short_message": b"hello"}
    return made_by_smpplib("submit_sm", **{**usual, **fields})


def read(pdu: bytes) -> packed_pdus.ReceivedSubmit:
    return packed_pdus.read_submit(pdu, 0, len(pdu))


def test_a_deliver_sm_is_the_one_that_smpplib_would_write():
    """Octet for octet."""
    ours = packed_pdus.pack_pdu(5, 0, 7, packed_pdus.deliver_body("13900000001", "10086", b"YE", 0))
    theirs = made_by_smpplib(
        "deliver_sm",
        source_addr_ton=consts.SMPP_TON_NATNL,
        source_addr_npi=consts.SMPP_NPI_ISDN,
        source_addr="13900000001",
        dest_addr_ton=consts.SMPP_TON_UNK,
        dest_addr_npi=consts.SMPP_NPI_ISDN,
        destination_addr="10086",
        short_message=b"YE",
    )

    assert ours == theirs


def test_a_submit_sm_of_smpplib_is_read():
    """Receiver, alphabet and words, and nothing behind them."""
    found = read(submit(data_coding=8, short_message=REPLY.encode("utf-16-be")))

    assert found.destination == b"13900000001"
    assert found.tlvs == b""
    assert packed_pdus.text_of_submit(found) == REPLY
    assert packed_pdus.part_of(found) is None


def test_a_submit_sm_is_found_in_the_middle_of_a_stream():
    """What stands before and behind is not looked at."""
    pdu = submit()
    stream = b"\xff" * 21 + pdu + b"\xff" * 21

    assert packed_pdus.read_submit(stream, 21, 21 + len(pdu)) == read(pdu)


@pytest.mark.parametrize(
    ("udh", "part"),
    [
        (bytes((5, 0, 3, 200, 2, 1)), packed_pdus.ChainPart(200, 2, 1)),
        (bytes((6, 8, 4, 1, 2, 3, 2)), packed_pdus.ChainPart(258, 3, 2)),
        (bytes((9, 5, 2, 0, 1, 0, 3, 9, 2, 2, 0)), packed_pdus.ChainPart(9, 2, 2)),
        (bytes((4, 5, 2, 0, 1)), None),
    ],
)
def test_the_part_is_found_wherever_its_element_stands(
    udh: bytes, part: packed_pdus.ChainPart | None
):
    """References of 8 and of 16 bits, behind other elements, or none at all."""
    found = read(submit(esm_class=0x40, short_message=udh + b"hello"))

    assert packed_pdus.part_of(found) == part
    assert packed_pdus.text_of_submit(found) == "hello" or len(udh) != 1 + udh[0]


def test_sar_parameters_make_a_part_too():
    """sar_msg_ref_num, sar_total_segments, sar_segment_seqnum (SMPP 3.4 §5.3.2.22 to .24)."""
    pdu = submit(sar_msg_ref_num=300, sar_total_segments=2, sar_segment_seqnum=1)

    assert packed_pdus.part_of(read(pdu)) == packed_pdus.ChainPart(300, 2, 1)


@given(st.integers(16, 60), st.binary(max_size=60))
def test_a_submit_sm_that_breaks_off_is_malformed_and_nothing_else(length: int, rest: bytes):
    """Whatever the octets, they are read or refused."""
    octets = submit()[:length] + rest
    try:
        found = read(octets)
    except packed_pdus.MalformedSubmit:
        return
    packed_pdus.part_of(found)
    packed_pdus.text_of_submit(found)


@given(st.binary(max_size=80))
def test_any_user_data_header_is_survived(text: bytes):
    """A header that lies about its lengths is no part."""
    found = packed_pdus.ReceivedSubmit(b"13900000001", 0x40, 8, text, b"")

    part = packed_pdus.part_of(found)
    packed_pdus.text_of_submit(found)

    assert part is None or all(number >= 0 for number in part)


def test_a_text_that_does_not_fit_is_told_at_once():
    """Nothing is cut in silence."""
    with pytest.raises(ValueError, match="255 octets"):
        packed_pdus.deliver_body("13900000001", "10086", b"x" * 255, 0)
