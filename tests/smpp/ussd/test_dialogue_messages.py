"""USSD dialogues: what centres of several makers say, and our screens in their words."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from smpp.messages.alphabets import (
    GSM7_CHARACTERS,
    DefaultAlphabet,
    Encoding,
    LinkCodings,
    encode_gsm7,
)
from smpp.messages.gsm7_packing import pack_septets, unpack_septets
from smpp.messages.segmentation import message_text
from smpp.pdu import DataSm, DeliverSm, SubmitSm
from smpp.pdu_decoding import decode_pdu
from smpp.pdu_encoding import encode_pdu
from smpp.ussd.dialogue_messages import (
    DIALECTS,
    SessionCarrier,
    UssdLinkMode,
    UssdMessage,
    UssdMessageKind,
    UssdReplyKind,
    complete_ussd_code,
    is_ussd,
    read_ussd_message,
    same_dialogue,
    screen_message,
)
from smpp.ussd.strings import decode_ussd_string
from tests.smpp import smpplib_pdus
from tests.smpp.golden_pdus import golden_pdus

OP, ITS, REFERENCE, PRIVATE, PAYLOAD = 0x0501, 0x1383, 0x0204, 0x1501, 0x0424
HALL, PHONE = (0, 1, "139"), (1, 1, "8613800138001")
MENU = "移动营业厅\n1话费余额"


def said(op: int | None, text: bytes = b"1", *tlvs: tuple[int, bytes], **fields) -> DeliverSm:
    """A deliver_sm of a centre; without an operation if it has none."""
    first = ((OP, bytes([op])),) if op is not None else ()
    return DeliverSm(
        "USSD", source_addr="8613800138001", destination_addr="139", short_message=text,
        tlvs=(*first, *tlvs), **fields,
    )  # fmt: skip


def way(
    dialect: str = "standard", carrier: SessionCarrier = SessionCarrier.ITS_SESSION_INFO
) -> UssdLinkMode:
    return UssdLinkMode(carrier=carrier, dialect=DIALECTS[dialect])


# ---- what is USSD ----


def test_a_dialled_code_that_smpplib_wrote():
    """The golden deliver_sm is a dialled *139#, operation 1, with a name."""
    octets = next(vector.octets for vector in golden_pdus() if vector.name == "deliver_sm")
    pdu = decode_pdu(octets).pdu
    assert isinstance(pdu, DeliverSm)
    assert is_ussd(pdu)
    assert read_ussd_message(pdu, UssdLinkMode()) == UssdMessage(
        UssdMessageKind.BEGIN, "1383:0a00", "*139#"
    )


def test_the_service_type_or_the_operation_makes_it_ussd():
    """A short message has neither, whatever number it is sent to."""
    assert is_ussd(DeliverSm("USSD"))
    assert is_ussd(DeliverSm("ussd"))
    assert is_ussd(DataSm(tlvs=((OP, b"\x12"),)))
    assert not is_ussd(DeliverSm(destination_addr="139", short_message=b"*139#"))
    assert not is_ussd(DeliverSm(tlvs=((ITS, b"\0\2"),)))


# ---- what is said ----


@pytest.mark.parametrize(
    ("dialect", "op", "turn"),
    [
        ("standard", 0, UssdMessageKind.BEGIN),
        ("standard", 1, UssdMessageKind.BEGIN),
        ("standard", 18, UssdMessageKind.CONTINUE),
        ("standard", 19, UssdMessageKind.NOTED),
        ("standard", 17, UssdMessageKind.OVER),
        ("standard", 0x17, UssdMessageKind.OVER),  # decimal 17 where it was meant for hexadecimal
        ("standard", 129, UssdMessageKind.OVER),
        ("standard", 33, UssdMessageKind.OVER),  # whatever a vendor's operation is: nobody reads on
        ("standard", 255, UssdMessageKind.OVER),
        ("standard", 7, UssdMessageKind.CONTINUE),  # reserved: the text decides
        ("standard", None, UssdMessageKind.CONTINUE),
        ("sixdee", 129, UssdMessageKind.OVER),
        ("huawei", 33, UssdMessageKind.OVER),
        ("comverse", 146, UssdMessageKind.OVER),
        ("mica", 1, UssdMessageKind.BEGIN),
    ],
)
def test_operations(dialect, op, turn):
    """SMPP 3.4 §5.3.2.44, and what vendors add."""
    assert read_ussd_message(said(op), way(dialect)).turn is turn


def test_a_dialled_text_begins_where_no_operation_says_so():
    """Centres without the TLV: *139# can only have been dialled."""
    assert read_ussd_message(said(None, b"*139*2#"), UssdLinkMode()) == UssdMessage(
        UssdMessageKind.BEGIN, "", "*139*2#"
    )
    assert read_ussd_message(said(7, b"*139#"), UssdLinkMode()).turn is UssdMessageKind.BEGIN


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("*139#", "*139#"), ("139", "*139#"), ("*139", "*139#"), ("", "*139#"), ("#", "*139#"),
        ("*139*1#", "*139*1#"), ("139*1#", "*139*1#"), ("1", "*139*1#"), ("*1#", "*1#"),
        ("4*860000000000000001#", "*139*4*860000000000000001#"), ("*1391#", "*1391#"),
        ("*138#", "*138#"), ("hello", "*139#"), ("余额", "*139#"), ("***", "*139#"),
    ],
)  # fmt: skip
def test_a_dialled_text_is_made_whole(text, whole):
    """Some centres leave out what they think is known; another service's code stays as it is."""
    assert complete_ussd_code(text, "*139#") == whole


def test_where_the_text_may_lie():
    """In short_message, in message_payload, and a dialled one in the destination."""
    payload = DataSm("USSD", destination_addr="139", tlvs=((OP, b"\x12"), (PAYLOAD, b"2")))
    assert read_ussd_message(payload, UssdLinkMode()).text == "2"
    there = DeliverSm("USSD", destination_addr="*139*1#", tlvs=((OP, b"\1"),))
    assert read_ussd_message(there, UssdLinkMode()).text == "*139*1#"


@pytest.mark.parametrize(
    ("octets", "coding", "text"),
    [
        (b"*139#", 0, "*139#"),
        (b"*139#", 15, "*139#"),
        (b"1\0", 15, "1"),
        (b"1\r", 15, "1"),
        (bytes.fromhex("aad82c3702"), 15, "*139#"),  # packed, and nobody said so
        (bytes.fromhex("4f59989d"), 8, "余额"),
        (bytes.fromhex("4f59989d"), 0x48, "余额"),
        (bytes.fromhex("f4f4004f59989d")[1:], 0x11, "余额"),  # behind two octets of language
        (bytes.fromhex("f4f400310030"), 0x11, "10"),
        (b"12", 0x11, "12"),  # GSM-7 with a message class
        (b"zh\r12", 0x10, "12"),
        (b"\x00", 0x48, ""),
        (b"", 15, ""),
    ],
)
def test_strings(octets, coding, text):
    """3GPP TS 23.038 §5, as centres pass it on."""
    assert decode_ussd_string(octets, coding, DefaultAlphabet.GSM7) == text


def test_packed_by_agreement():
    """A short answer says nothing of being packed: the dialect does."""
    assert decode_ussd_string(bytes.fromhex("3118"), 15, DefaultAlphabet.GSM7, packed=True) == "10"
    assert decode_ussd_string(bytes.fromhex("3118"), 0, DefaultAlphabet.GSM7, packed=True) == "10"


# ---- the names of dialogues ----


def test_three_carriers():
    """The link's own TLV names the dialogue, in whatever company; with none, the number does."""
    both = said(18, b"1", (ITS, b"\x0a\x14"), (REFERENCE, b"\x00\x07"))
    assert read_ussd_message(both, way()).session == "1383:0a14"
    assert (
        read_ussd_message(both, way(carrier=SessionCarrier.USER_MESSAGE_REFERENCE)).session
        == "0204:0007"
    )
    assert read_ussd_message(both, way(carrier=SessionCarrier.MSISDN)).session == ""


def test_a_centre_that_uses_another_carrier_than_agreed():
    """What it names the dialogue by is given back to it."""
    other = said(18, b"1", (REFERENCE, b"\x07"))
    assert read_ussd_message(other, way()).session == "0204:07"
    assert read_ussd_message(said(18), way()).session == ""


def test_a_vendors_own_carrier():
    """Comverse names dialogues by a TLV of its own, of four octets."""
    name = read_ussd_message(said(1, b"*139#", (PRIVATE, b"\0\0\x12\x34")), way("comverse")).session
    assert name == "1501:00001234"
    tlvs = screen_message(MENU, UssdReplyKind.ASK, name, way("comverse"), HALL, PHONE).tlvs
    assert tlvs == ((OP, b"\2"), (PRIVATE, b"\0\0\x12\x34"))


def test_the_end_bit():
    """Where the lowest bit of its_session_info says that it is over, we hear it and say it."""
    assert (
        read_ussd_message(said(18, b"1", (ITS, b"\x0a\x15")), way("sixdee")).turn
        is UssdMessageKind.OVER
    )
    assert (
        read_ussd_message(said(18, b"1", (ITS, b"\x0a\x14")), way("sixdee")).turn
        is UssdMessageKind.CONTINUE
    )
    assert (
        read_ussd_message(said(18, b"1", (ITS, b"\x0a\x15")), way()).turn
        is UssdMessageKind.CONTINUE
    )
    for say, dialect, octets in [
        (UssdReplyKind.ASK, "sixdee", b"\x0a\x14"),
        (UssdReplyKind.LAST, "sixdee", b"\x0a\x15"),
        (UssdReplyKind.LAST, "standard", b"\x0a\x14"),
    ]:
        tlvs = screen_message(MENU, say, "1383:0a14", way(dialect), HALL, PHONE).tlvs
        assert tlvs[1] == (ITS, octets)


def test_what_may_be_one_dialogue():
    """The name, or one whose lowest octet has gone on; two that anything else tells apart are
    two."""
    assert same_dialogue("1383:0a14", "1383:0a15")
    assert same_dialogue("1383:0a14", "1383:0a16")
    assert same_dialogue("", "1383:0a14")
    assert not same_dialogue("1383:0a14", "1383:0b14")
    assert not same_dialogue("0204:0007", "0204:0008")
    assert not same_dialogue("1383:0a14", "0204:0a14")


# ---- our screens ----


def test_a_screen_to_the_octet():
    """As smpplib writes these fields, which puts the name before the operation."""
    pdu = screen_message(MENU, UssdReplyKind.ASK, "1383:0a14", way(), HALL, PHONE)
    octets = (
        "00000056 00000004 00000000 00000007"
        "5553534400 000131333900 01013836313338303031333830303100"  # USSD, 139, the phone
        "000000 0000 0000 0800"  # no receipt; UCS-2
        "16 79fb52a884254e1a5385000a00318bdd8d394f59989d"
        "0501000102 138300020a14"
    )
    assert encode_pdu(pdu, 7) == bytes.fromhex(octets)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_screens_as_smpplib_reads_them(dialect):
    """Another codec sees the fields that we mean."""
    pdu = screen_message(
        "Balance 56.80", UssdReplyKind.LAST, "1383:0a14", way(dialect), HALL, PHONE
    )
    theirs = smpplib_pdus.parse(encode_pdu(pdu, 1))
    assert theirs.service_type == b"USSD"
    assert theirs.ussd_service_op == DIALECTS[dialect].says[UssdReplyKind.LAST]
    assert theirs.data_coding == DIALECTS[dialect].gsm7


def test_a_link_whose_default_alphabet_is_latin1():
    """Only what GSM-7 and Latin-1 both have is said under data_coding 0."""
    latin = UssdLinkMode(default=DefaultAlphabet.LATIN1)
    assert screen_message("é", UssdReplyKind.ASK, "", latin, HALL, PHONE).short_message == b"\xe9"
    assert screen_message("Ω", UssdReplyKind.ASK, "", latin, HALL, PHONE).data_coding == 8


def test_a_text_beyond_short_message_goes_into_the_payload():
    """It was measured before; but what is said must leave in any case."""
    pdu = screen_message("余" * 140, UssdReplyKind.LAST, "", way(), HALL, PHONE)
    assert pdu.short_message == b""
    assert pdu.payload == ("余" * 140).encode("utf-16-be")


# ---- properties ----

names = st.sampled_from(["", "1383:0a14", "0204:07", "1501:00001234"])
ways = st.builds(
    UssdLinkMode,
    carrier=st.sampled_from(SessionCarrier),
    dialect=st.sampled_from(list(DIALECTS.values())),
    default=st.sampled_from(DefaultAlphabet),
)
CHARACTERS = st.characters(codec="utf-8", exclude_characters="\ufeff\ufffe")
gsm7 = st.text(st.sampled_from(sorted(GSM7_CHARACTERS)), max_size=182)


@given(
    st.binary(max_size=170),
    st.integers(0, 255),
    st.lists(st.tuples(st.sampled_from([OP, ITS, REFERENCE, PRIVATE, PAYLOAD, 9]),
                       st.binary(max_size=5)), max_size=4),
    ways,
)  # fmt: skip
def test_nothing_that_is_said_raises(octets, coding, tlvs, how):
    """And what is heard can be answered."""
    message = DeliverSm("USSD", data_coding=coding, short_message=octets, tlvs=tuple(tlvs))
    turn, session, text = read_ussd_message(message, how)
    assert turn is not UssdMessageKind.BEGIN or text.startswith("*")
    for say in UssdReplyKind:
        pdu = screen_message("1", say, session, how, HALL, PHONE)
        assert encode_pdu(pdu, 1)


@given(st.one_of(gsm7, st.text(CHARACTERS, max_size=90)), names, ways)
def test_a_screen_is_read_as_it_was_meant(text, session, how):
    """By whoever knows the alphabets that its data_coding names. No text of ours holds a NUL."""
    assume("\0" not in text)
    pdu = screen_message(text, UssdReplyKind.ASK, session, how, HALL, PHONE)
    same = decode_pdu(encode_pdu(pdu, 1)).pdu
    assert isinstance(same, SubmitSm)
    if how.dialect.packed:
        read = decode_ussd_string(same.payload, same.data_coding, how.default, packed=True)
        assert read == text.rstrip("\r").strip()
    else:
        # whoever reads a text for people drops what is no character, and NULs at the end
        whole = (
            LinkCodings(own={0: Encoding.GSM7_WHOLE})
            if how.default is DefaultAlphabet.GSM7
            else how.default
        )
        assert message_text(same, whole) == text


@given(gsm7.map(lambda text: text.replace("\r", "")))
def test_septets_are_packed_and_unpacked(text):
    """Eight of them in seven octets."""
    septets = encode_gsm7(text)
    packed = pack_septets(septets)
    assert unpack_septets(packed) == septets
    assert len(packed) == (7 * len(septets) + 7) // 8
