"""PDUs and their bytes, held against smpplib, and what of them may be wrong."""

from __future__ import annotations

from typing import Any, cast

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from smpplib import consts

from smpp import pdu as p
from smpp.pdu_decoding import decode_pdu
from smpp.pdu_encoding import encode_message_resp, encode_pdu, encode_refusal
from tests.smpp import smpplib_pdus
from tests.smpp.golden_pdus import EXPECTED, golden_pdus

PHONE = "8613800138001"

# ---- against smpplib, both directions ----

octet = st.integers(0, 255)


def c_string(longest: int) -> st.SearchStrategy[str]:
    return st.text(st.characters(min_codepoint=1, max_codepoint=127), max_size=longest)


def messages(kind: type[p.MessagePdu]) -> st.SearchStrategy[p.MessagePdu]:
    fields: dict[str, st.SearchStrategy[Any]] = {
        "service_type": c_string(5),
        "source_addr": c_string(20),
        "destination_addr": c_string(20),
        "tlvs": smpplib_pdus.tlvs_for(kind),
    }
    numbers = ["source_addr_ton", "source_addr_npi", "dest_addr_ton", "dest_addr_npi"]
    numbers += ["esm_class", "registered_delivery", "data_coding"]
    if kind is not p.DataSm:
        fields["schedule_delivery_time"] = fields["validity_period"] = c_string(16)
        fields["short_message"] = st.binary(max_size=254)
        numbers += ["protocol_id", "priority_flag", "replace_if_present_flag"]
        numbers += ["sm_default_msg_id"]
    every = fields | dict.fromkeys(numbers, octet)
    return st.fixed_dictionaries(every).map(lambda drawn: kind(**drawn))


any_message = st.one_of(*(messages(kind) for kind in smpplib_pdus.NAMES))
sequences = st.integers(1, 0x7FFFFFFF)


@given(any_message, sequences)
def test_messages_are_written_octet_for_octet_as_smpplib_writes_them(message, sequence):
    """Our bytes and smpplib's are the same for the same fields."""
    name = smpplib_pdus.NAMES[type(message)]
    theirs = smpplib_pdus.generate(name, sequence, smpplib_pdus.message_fields(message))
    assert encode_pdu(message, sequence) == theirs


@given(any_message, sequences)
def test_smpplibs_messages_are_read_back_whole(message, sequence):
    """What smpplib writes we read to the same fields, TLVs in order."""
    name = smpplib_pdus.NAMES[type(message)]
    theirs = smpplib_pdus.generate(name, sequence, smpplib_pdus.message_fields(message))
    assert decode_pdu(theirs) == p.DecodedPdu(sequence, 0, message)


@given(messages(p.DeliverSm))
def test_smpplib_reads_our_messages_to_the_same_fields(message):
    """What we write smpplib reads to the same fields."""
    theirs = smpplib_pdus.parse(encode_pdu(message, 1))
    for name, value in smpplib_pdus.message_fields(message).items():
        wanted = value.encode() if isinstance(value, str) else value
        assert (getattr(theirs, name) or b"") == (wanted or b""), name  # it says None for empty


@given(c_string(64), sequences, st.sampled_from([0, consts.SMPP_ESME_RTHROTTLED]))
def test_message_responses_agree_with_smpplib(message_id, sequence, status):
    """submit_sm_resp, the one response that carries something, goes both ways."""
    theirs = smpplib_pdus.generate("submit_sm_resp", sequence, {"message_id": message_id}, status)
    ours = p.SubmitSmResp(message_id)
    assert encode_pdu(ours, sequence, status) == theirs
    assert decode_pdu(theirs) == p.DecodedPdu(sequence, status, ours)


@given(st.lists(st.tuples(st.integers(0, 0xFFFF), st.binary(max_size=300)), max_size=6))
def test_unknown_tlvs_are_kept(tlvs):
    """Whatever tags a vendor invents, they come out as they went in."""
    message = p.DeliverSm(source_addr=PHONE, short_message=b"YE", tlvs=tuple(tlvs))
    assert decode_pdu(encode_pdu(message, 1)).pdu == message


# ---- what does not fit ----


def _deliver(**changes) -> bytes:
    fields = {"source_addr": PHONE, "destination_addr": "10086", "short_message": b"YE"}
    return smpplib_pdus.generate("deliver_sm", 5, fields | changes)


def _status_of(octets: bytes) -> int:
    with pytest.raises(p.MalformedPdu) as refused:
        decode_pdu(octets)
    assert refused.value.sequence == int.from_bytes(octets[12:16], "big")
    return refused.value.command_status


@pytest.mark.parametrize("cut", range(16, len(_deliver())))
def test_a_truncated_message_is_refused_wherever_it_ends(cut):
    """No length of a cut deliver_sm is taken for a whole one."""
    expected = {consts.SMPP_ESME_RINVCMDLEN, consts.SMPP_ESME_RINVMSGLEN}
    assert _status_of(_deliver()[:cut]) in expected


def test_a_text_longer_than_the_pdu_is_refused_as_such():
    """sm_length beyond the end answers with ESME_RINVMSGLEN."""
    assert _status_of(_deliver()[:-1]) == consts.SMPP_ESME_RINVMSGLEN


# ---- what only trails ----


def _grown(octets: bytes, tail: bytes) -> bytes:
    """The PDU with octets behind it, under a length that counts them."""
    return (len(octets) + len(tail)).to_bytes(4, "big") + octets[4:] + tail


TAILS = {
    "a NUL": b"\0",
    "NULs": b"\0\0\0\0\0\0\0",
    "a stray octet": b"\x02",
    "a tag alone": b"\x02\x04",
    "half a length": b"\x02\x04\x00",
    "a TLV cut short": b"\x02\x04\x00\x03ab",
    "a wrong length": b"\x02\x04\xff\xffab",
    "a payload cut short": b"\x04\x24\x00\x09YE",
    "CR LF": b"\r\n",
}


@pytest.mark.parametrize("tail", TAILS.values(), ids=TAILS)
def test_what_only_trails_is_left_out(tail):
    """Other gateways meet it from SMSCs in service; the message is whole."""
    frame = decode_pdu(_grown(_deliver(), tail))
    whole = decode_pdu(_deliver())
    message = cast(p.DeliverSm, frame.pdu)
    assert message._replace(tlvs=()) == whole.pdu
    assert frame.left_out == len(tail) - sum(4 + len(value) for _, value in message.tlvs)


def test_tlvs_before_what_trails_are_kept():
    """Only the last one is lost."""
    good = ((0x0204, b"\0\1"), (0x1501, b"vendor"))
    octets = encode_pdu(p.DeliverSm(source_addr=PHONE, short_message=b"YE", tlvs=good), 5)
    for tail in (b"\x02", b"\x02\x0a\0\2a"):
        frame = decode_pdu(_grown(octets, tail))
        assert (cast(p.DeliverSm, frame.pdu).tlvs, frame.left_out) == (good, len(tail))


@pytest.mark.parametrize("tag", [0x001E, 0x0204, 0x1501])
def test_a_nul_between_the_text_and_the_tlvs_is_passed_over(tag):
    """As if the text were a C string; what stands behind it counts."""
    tlvs = encode_pdu(p.DeliverSm(tlvs=((tag, b"a1\0"),)), 1)[-7:]
    frame = decode_pdu(_grown(_deliver(), b"\0" + tlvs))
    assert cast(p.DeliverSm, frame.pdu).tlvs == ((tag, b"a1\0"),)


@pytest.mark.parametrize("kind", [p.DeliverSm, p.DataSm])
def test_a_text_that_is_cut_short_in_a_payload_is_refused(kind):
    """Half an order is none: KTLL30 cut after the 3 would be another one."""
    octets = encode_pdu(kind(source_addr=PHONE, tlvs=((0x0424, b"KTLL30"),)), 5)
    cut = (len(octets) - 1).to_bytes(4, "big") + octets[4:-1]
    assert _status_of(cut) == consts.SMPP_ESME_RINVOPTPARSTREAM


@given(any_message, sequences, st.binary(min_size=1, max_size=40))
def test_whatever_trails_a_message_reads_to_the_same_fields(message, sequence, tail):
    """Any octets behind any message, but the beginning of a text in a payload."""
    assume(message.payload or tail[:2] not in (b"\x04\x24", b"\0\x04"))
    message = message._replace(tlvs=())
    frame = decode_pdu(_grown(encode_pdu(message, sequence), tail))
    assert frame.sequence == sequence
    assert cast(p.MessagePdu, frame.pdu)._replace(tlvs=()) == message
    assert frame.left_out <= len(tail)


@given(st.sampled_from(golden_pdus()), st.binary(min_size=1, max_size=40))
def test_whatever_trails_a_vector_it_is_read(vector, tail):
    """Every kind of PDU, responses and questions too."""
    if vector.name == "data_sm":
        tail = b"\0" + tail  # it has no text but its TLVs
    frame = decode_pdu(_grown(vector.octets, tail))
    read, expected = cast(Any, frame.pdu), EXPECTED[vector.name]
    assert (frame.sequence, frame.command_status) == (vector.sequence, vector.status)
    tlvs = getattr(expected, "tlvs", None)
    if tlvs is None:
        assert read == expected
    else:
        assert read._replace(tlvs=read.tlvs[: len(tlvs)]) == expected


@pytest.mark.parametrize(
    ("message", "status"),
    [
        (p.DeliverSm(service_type="x" * 5), consts.SMPP_ESME_RINVSERTYP),
        (p.DeliverSm(source_addr="1" * 20), consts.SMPP_ESME_RINVSRCADR),
        (p.DeliverSm(destination_addr="1" * 20), consts.SMPP_ESME_RINVDSTADR),
    ],
)
def test_an_overlong_field_is_refused_by_name(message, status):
    """One character over the limit tells the SMSC which field it was."""
    octets = encode_pdu(message, 5)
    grown = octets.replace(b"xxxxx", b"xxxxxx").replace(b"1" * 20, b"1" * 21)
    assert _status_of(octets[:16] + grown[16:]) == status


def test_an_unknown_command_is_named_in_the_refusal():
    """The error carries what generic_nack needs."""
    with pytest.raises(p.MalformedPdu) as refused:
        decode_pdu(bytes.fromhex("00000010 0000dead 00000000 00000007"))
    error = refused.value
    assert error.command_status == consts.SMPP_ESME_RINVCMDID
    assert (error.command_id, error.sequence) == (0xDEAD, 7)


@given(st.binary(max_size=200), st.sampled_from([*p.BindKind]), st.integers(0, 0x200))
def test_arbitrary_bodies_are_read_or_refused_never_else(body, kind, other):
    """Only MalformedPdu leaves the reader, whatever the bytes."""
    for command_id in (kind.value, other, p.DELIVER_SM, p.DATA_SM | p.RESPONSE):
        header = (16 + len(body)).to_bytes(4, "big") + command_id.to_bytes(4, "big") + b"\0" * 8
        try:
            decode_pdu(header + body)
        except p.MalformedPdu as refused:
            assert refused.command_status  # noqa: PT017 - both ways are right


@pytest.mark.parametrize(
    ("body", "message_id"),
    [(b"", ""), (b"\0", ""), (b"42\0", "42"), (b"42", "42"), (b"42\0\x02", "42")],
)
def test_responses_are_read_in_whatever_state_they_come(body, message_id):
    """No body, no NUL, broken TLVs: the response still settles what we asked."""
    header = (16 + len(body)).to_bytes(4, "big") + bytes.fromhex("80000004 00000058 00000009")
    frame = decode_pdu(header + body)
    assert frame == p.DecodedPdu(9, 0x58, p.SubmitSmResp(message_id), frame.left_out)


def test_a_bind_refused_without_a_body_is_read():
    """Many SMSCs refuse a bind with a bare header."""
    header = bytes.fromhex("00000010 80000009 0000000e 00000001")
    assert decode_pdu(header) == p.DecodedPdu(1, 0x0E, p.BindResp(p.BindKind.TRANSCEIVER))


@pytest.mark.parametrize(
    "message",
    [
        p.SubmitSm(destination_addr="1" * 21),
        p.SubmitSm(destination_addr="138\x000"),
        p.SubmitSm(short_message=b"x" * 255),
        p.SubmitSm(source_addr="中国移动"),
        p.SubmitSm(tlvs=((0x0424, b"x" * 65536),)),
        p.Bind(p.BindKind.RECEIVER, "x" * 16, ""),
        p.Bind(p.BindKind.RECEIVER, "hallgate", "x" * 9),
    ],
)
def test_what_smpp_has_no_room_for_is_not_written(message):
    """An overlong or unwritable field is an error of ours, not a broken PDU."""
    with pytest.raises(ValueError, match=r"."):
        encode_pdu(message, 1)


def test_the_text_is_found_in_either_place():
    """Short text, message_payload, or neither: `payload` gives the octets."""
    assert p.DeliverSm(short_message=b"YE").payload == b"YE"
    assert p.DeliverSm(tlvs=((0x0424, b"YE"),)).payload == b"YE"
    assert p.DeliverSm().payload == b""


def test_answers_are_the_responses_of_their_requests():
    """The quick answer is octet for octet the response written whole."""
    assert encode_message_resp(p.DELIVER_SM, 0x14, 9) == encode_pdu(p.DeliverSmResp(), 9, 0x14)
    assert encode_message_resp(p.DATA_SM, 0, 9) == encode_pdu(p.DataSmResp(), 9)


@pytest.mark.parametrize(
    ("request_id", "answer"),
    [
        (p.DELIVER_SM, p.DeliverSmResp()),
        (p.DATA_SM, p.DataSmResp()),
        (p.ENQUIRE_LINK, p.EnquireLinkResp()),
        (p.UNBIND, p.UnbindResp()),
        (p.OUTBIND, p.GenericNack()),
        (p.ALERT_NOTIFICATION, p.GenericNack()),
        (0xDEAD, p.GenericNack()),
    ],
)
def test_a_refusal_is_the_requests_own_response_if_it_has_one(request_id, answer):
    """generic_nack is for what has no response of its own."""
    assert encode_refusal(request_id, 0xC0, 9) == encode_pdu(answer, 9, 0xC0)
