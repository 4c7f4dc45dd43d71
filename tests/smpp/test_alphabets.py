"""Alphabets: what octets say under each data_coding."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smpplib import gsm

from smpp.alphabets import (
    GSM7_CHARACTERS,
    Default,
    decode,
    decode_gsm7,
    encode_gsm7,
    encode_ucs2,
)

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
        (0x0F, b"\x00", "@"),  # reserved in SMPP: taken for the default
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
    assert decode(octets, coding) == text


def test_the_links_default_alphabet_rules_data_coding_0():
    """What 0 means is between us and the SMSC."""
    assert decode(b"\xe9@", 0, Default.LATIN1) == "é@"
    assert decode(b"\x05\x00", 0, Default.GSM7) == "é@"


@given(st.binary(max_size=300), st.integers(0, 255), st.sampled_from(Default))
def test_reading_never_raises(octets, coding, default):
    """Any octets under any coding are some text."""
    assert isinstance(decode(octets, coding, default), str)


@given(st.text())
def test_ucs2_comes_back(text):
    """Emoji and all."""
    assert decode(encode_ucs2(text), 8) == text


def test_half_a_character_is_shown_as_missing():
    """An odd octet or a lone surrogate does not spoil the rest."""
    assert decode(b"\x4f\x59\x98", 8) == "余�"
    assert decode(b"\xd8\x3d\x4f\x59", 8) == "�余"
    assert encode_ucs2("\ud83d") == b"\x00?"
