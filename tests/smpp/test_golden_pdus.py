"""PDUs that others wrote, to read and to write."""

from __future__ import annotations

import pytest

from smpp import pdu as p
from smpp.pdu_decoding import decode_pdu
from smpp.pdu_encoding import encode_pdu
from tests.smpp.golden_pdus import EXPECTED, golden_pdus

each_vector = pytest.mark.parametrize("vector", golden_pdus(), ids=lambda v: v.name)


@each_vector
def test_a_vector_from_elsewhere_reads_as_what_it_says(vector):
    """Every kind of PDU is read from bytes that we did not make."""
    frame = decode_pdu(vector.octets)
    assert (frame.sequence, frame.command_status) == (vector.sequence, vector.status)
    assert frame.pdu == EXPECTED[vector.name]
    assert type(frame.pdu) is type(EXPECTED[vector.name])


@each_vector
def test_we_write_what_others_write(vector):
    """Every kind of PDU is written octet for octet as the vector has it."""
    written = encode_pdu(EXPECTED[vector.name], vector.sequence, vector.status)
    assert written == vector.octets


def test_every_kind_has_a_vector():
    """A kind of PDU without golden bytes would rest on our own reading of the specification."""
    assert {type(pdu) for pdu in EXPECTED.values()} == set(p.Pdu.__args__)
    assert {v.name for v in golden_pdus()} == set(EXPECTED)
