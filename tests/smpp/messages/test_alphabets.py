"""Alphabets: what octets say under each data_coding."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smpplib import gsm

from smpp.messages.alphabets import (
    GSM7_CHARACTERS,
    DefaultAlphabet,
    Encoding,
    LinkCodings,
    decode_gsm7,
    decode_text,
    encode_gsm7,
    encode_ucs2,
)
from smpp.messages.gsm7_packing import pack_septets, unpack_message
from smpp.messages.segmentation import fragment_of, join_fragments, message_text
from smpp.messages.user_data_header import UDHI
from smpp.pdu import DataSm, DeliverSm

gsm7_texts = st.text(st.sampled_from(sorted(GSM7_CHARACTERS)))


UNKNOWN_TO_SMPPLIB = {"§": b"\x5f", "\f": b"\x1b\x0a"}


@pytest.mark.parametrize("char", sorted(GSM7_CHARACTERS))
def test_every_gsm7_character_has_the_septets_that_smpplib_gives_it(char):
    """The table agrees with one that we did not type, but for two gaps in that one."""
    theirs = UNKNOWN_TO_SMPPLIB.get(char) or gsm.gsm_encode(char)
    assert encode_gsm7(char) == theirs


def test_the_alphabet_is_whole():
    """127 characters of the basic table (the escape is none) and ten of the extension."""
    assert len(GSM7_CHARACTERS) == 137


@given(gsm7_texts)
def test_gsm7_comes_back(text):
    """Encoding and decoding are each other's inverse."""
    assert decode_gsm7(encode_gsm7(text)) == text


def test_a_chinese_character_is_no_gsm7():
    """The caller is told, rather than a question mark sent."""
    with pytest.raises(ValueError, match="GSM-7"):
        encode_gsm7("余额")


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        (b"\x1b\x65", "€"),
        (b"a\x1b", "a�"),
        (b"\x1b\x1b\x65", "�€"),
        (b"\x1bA", "A"),  # nothing stands there: the basic table's character is shown
        (b"\x80", "�"),
        (b"\x1b\xff", "�"),
    ],
)
def test_escapes_and_strange_octets(octets, text):
    """Every octet says something, U+FFFD if there is no character."""
    assert decode_gsm7(octets) == text


@pytest.mark.parametrize(
    ("coding", "octets", "text"),
    [
        (0x00, b"\x00\x02", "@$"),
        (0x01, b"$", "$"),
        (0x02, b"YE\xff", "YE�"),
        (0x03, b"\xe9", "é"),
        (0x04, b"YE", "YE"),
        (0x06, b"\xd0", "а"),
        (0x07, b"\xe0", "א"),
        (0x08, "余额😀".encode("utf-16-be"), "余额😀"),
        (0x09, b"\x00", "@"),  # reserved in SMPP: taken for the default
        (0x0F, "余额".encode("gbk"), "余额"),  # reserved, too; in China it is GBK
        (0x10, b"\x00", "@"),  # flash, GSM-7
        (0x15, b"YE", "YE"),  # class 1, eight bits
        (0x18, b"\x4f\x59", "余"),  # flash, UCS-2
        (0x48, b"\x4f\x59", "余"),  # to be deleted by itself, UCS-2
        (0x90, b"\x00", "@"),
        (0xC8, b"\x00", "@"),
        (0xE0, b"\x4f\x59", "余"),
        (0xF0, b"\x00", "@"),
        (0xF1, b"\x00", "@"),
        (0xF5, b"YE", "YE"),
    ],
)
def test_the_data_coding_chooses_the_alphabet(coding, octets, text):
    """SMPP's own codings up to 0x0F, the data coding scheme of GSM from there on."""
    assert decode_text(octets, coding) == text


def test_the_links_default_alphabet_rules_data_coding_0():
    """What 0 means is between us and the SMSC."""
    assert decode_text(b"\xe9@", 0, DefaultAlphabet.LATIN1) == "é@"
    assert decode_text(b"\x00\x05", 0, DefaultAlphabet.GSM7) == "@é"


@given(st.binary(max_size=300), st.integers(0, 255), st.sampled_from(DefaultAlphabet))
def test_reading_never_raises(octets, coding, default):
    """Any octets under any coding are some text."""
    assert isinstance(decode_text(octets, coding, default), str)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff\ufffe")))
def test_ucs2_comes_back(text):
    """Emoji and all."""
    assert decode_text(encode_ucs2(text), 8) == text


def test_half_a_character_is_shown_as_missing():
    """A lone surrogate does not spoil the rest; an odd octet at the end says nothing."""
    assert decode_text(b"\x4f\x59\x98", 8) == "余"
    assert decode_text(b"\xd8\x3d\x4f\x59", 8) == "�余"
    assert encode_ucs2("\ud83d") == b"\x00?"


# ---- what trails a text ----


@pytest.mark.parametrize(
    ("coding", "octets", "text"),
    [
        (0, b"YE\0", "YE"),
        (0, b"YE\0\0\0", "YE"),
        (0, b"Y\0E\0", "Y@E"),  # within a text it is what GSM-7 says
        (0, b"\0", "@"),  # and alone
        (0xF0, b"YE\0", "YE"),
        (1, b"YE\0", "YE"),
        (3, b"YE\0", "YE"),
        (4, b"YE\0", "YE"),
        (8, "余额\0".encode("utf-16-be"), "余额"),
        (8, "余额".encode("utf-16-be") + b"\0", "余额"),
        (8, "一".encode("utf-16-be"), "一"),  # 0x4E00: its NUL is its own
        (15, "余额".encode("gbk") + b"\0", "余额"),
    ],
)
def test_a_nul_at_the_end_is_the_end_of_a_c_string(coding, octets, text):
    """Counted or not, it was not typed."""
    assert decode_text(octets, coding) == text


@pytest.mark.parametrize("bom", [b"\xff\xfe", b"\xfe\xff"])
def test_a_byte_order_mark_says_the_order(bom):
    """Of UCS-2, and it is no character itself, in each part that has one."""
    codec = "utf-16-le" if bom == b"\xff\xfe" else "utf-16-be"
    whole = bom + "余额😀".encode(codec)
    assert decode_text(whole, 8) == decode_text(whole + b"\0", 8) == "余额😀"
    assert decode_text(whole + whole, 8) == "余额😀" * 2


# ---- what a link means by a data_coding ----


@pytest.mark.parametrize(
    ("encoding", "octets", "text"),
    [
        (Encoding.GSM7, b"\x11YE\0", "_YE"),
        (Encoding.GSM7_WHOLE, b"a\0", "a@"),
        (Encoding.ASCII, b"$YE\0", "$YE"),
        (Encoding.LATIN1, b"\xe9", "é"),
        (Encoding.UTF8, "余额YE".encode(), "余额YE"),
        (Encoding.UTF8, "余额".encode("utf-8-sig"), "余额"),
        (Encoding.GBK, "余额YE".encode("gbk"), "余额YE"),
        (Encoding.GBK, "㐀".encode("gb18030"), "㐀"),
        (Encoding.UCS2, "余额".encode("utf-16-be"), "余额"),
        (Encoding.UTF16LE, "余额".encode("utf-16-le"), "余额"),
    ],
)
@pytest.mark.parametrize("coding", [0, 3, 8, 15, 0xF5])
def test_a_link_may_mean_what_it_likes(coding, encoding, octets, text):
    """By any data_coding; the others keep their meaning."""
    meant = LinkCodings(DefaultAlphabet.LATIN1, {coding: encoding})
    assert decode_text(octets, coding, meant) == text
    assert decode_text(b"\xd0", 6, meant) == "а"
    if coding != 0:
        assert decode_text(b"\xe9", 0, meant) == "é"


PACKED = LinkCodings(own={0: Encoding.GSM7_PACKED})


@given(gsm7_texts.filter(lambda text: not text.endswith(("@", "\r"))))
def test_packed_texts_are_unpacked(text):
    """Eight septets in seven octets, in either place."""
    octets = pack_septets(encode_gsm7(text))
    for message in (DeliverSm(short_message=octets), DataSm(tlvs=((0x0424, octets),))):
        assert message_text(unpack_message(message), PACKED) == text


@pytest.mark.parametrize("header", [b"\5\0\3\7\2%c", b"\6\x08\4\0\7\2%c"])
def test_packed_parts_begin_at_a_septet(header):
    """3GPP TS 23.040 §9.2.3.24: fill bits stand between the header and the text."""
    fragments = []
    for number, text in enumerate(("KTL", "L30 x"), 1):
        head = header % number
        septets = bytes(-(-8 * len(head) // 7)) + encode_gsm7(text)
        whole = int.from_bytes(pack_septets(septets), "little") | int.from_bytes(head, "little")
        octets = whole.to_bytes(len(pack_septets(septets)), "little")
        fragment = fragment_of(unpack_message(DeliverSm(esm_class=UDHI, short_message=octets)))
        assert fragment is not None
        fragments.append(fragment)
    assert join_fragments(fragments, PACKED) == "KTLL30 x"
