"""What a phone puts on the radio, against golden octets and against itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.task import Clock

from simulators.smsc.handset import Handset
from simulators.smsc.pdus import SmscMessage
from simulators.smsc.sms_encoding import (
    ASCII,
    GSM7,
    LATIN1,
    UCS2,
    SmsPart,
    cut_into_parts,
    decode_sms,
)

CONCATS = st.sampled_from(["udh8", "udh16", "sar", "payload"])
LETTERS = st.text(st.characters(exclude_categories=["Cs"]), max_size=400)


@pytest.mark.parametrize(
    ("text", "coding", "octets"),
    [
        ("YE", GSM7, b"YE"),
        ("@£$", GSM7, b"\x00\x01\x02"),
        ("€[]", GSM7, b"\x1b\x65\x1b\x3c\x1b\x3e"),
        ("ÄÖÑÜ§¿à", GSM7, b"\x5b\x5c\x5d\x5e\x5f\x60\x7f"),
        ("余额", UCS2, b"\x4f\x59\x98\x9d"),
        ("😀", UCS2, b"\xd8\x3d\xde\x00"),
        ("`", UCS2, b"\x00\x60"),
    ],
)
def test_a_phone_chooses_the_alphabet(text: str, coding: int, octets: bytes) -> None:
    """GSM-7 when it has every letter (3GPP TS 23.038 §6.2.1), else UCS-2."""
    assert cut_into_parts(text, 1) == [SmsPart(octets, coding)]
    assert decode_sms(octets, coding) == text


@pytest.mark.parametrize(
    ("coding", "number", "octets"),
    [("latin1", LATIN1, b"caf\xe9"), ("ucs2", UCS2, b"\0c\0a\0f\0\xe9"), ("gsm7", GSM7, b"caf\5")],
)
def test_an_alphabet_can_be_asked_for(coding: str, number: int, octets: bytes) -> None:
    """Whatever the text would need."""
    assert cut_into_parts("café", 1, coding) == [SmsPart(octets, number)]


def test_ascii_is_ascii() -> None:
    """data_coding 1."""
    assert cut_into_parts("YE", 1, "ascii") == [SmsPart(b"YE", ASCII)]


@pytest.mark.parametrize(
    ("letter", "concat", "alone", "first"),
    [
        ("x", "udh8", 160, 153),
        ("x", "udh16", 160, 152),
        ("查", "udh8", 70, 67),
        ("查", "udh16", 70, 66),
        ("查", "sar", 70, 67),
    ],
)
def test_a_long_text_is_cut_where_phones_cut(
    letter: str, concat: str, alone: int, first: int
) -> None:
    """3GPP TS 23.040 §9.2.3.24: the header takes its room from the text."""
    assert len(cut_into_parts(letter * alone, 1, concat=concat)) == 1
    parts = cut_into_parts(letter * (alone + 1), 1, concat=concat)
    header = {"udh8": 6, "udh16": 7, "sar": 0}[concat]
    assert len(parts) == 2
    assert len(decode_sms(parts[0].content[header:], parts[0].data_coding)) == first


def test_headers_are_as_the_specification_has_them() -> None:
    """Element 0 with an 8-bit reference, element 8 with a 16-bit one, SAR by TLV."""
    eight, sixteen, sar = (
        cut_into_parts("查" * 71, 0x1234, concat=concat)[1] for concat in ("udh8", "udh16", "sar")
    )
    assert (eight.esm_class, eight.content[:6]) == (0x40, bytes.fromhex("050003340202"))
    assert (sixteen.esm_class, sixteen.content[:7]) == (0x40, bytes.fromhex("06080412340202"))
    assert sar.esm_class == 0
    assert sar.tlvs == {0x020C: b"\x12\x34", 0x020E: b"\x02", 0x020F: b"\x02"}


@given(text=LETTERS, concat=CONCATS, size=st.none() | st.integers(4, 130))
def test_a_handset_shows_what_a_phone_sent(text: str, concat: str, size: int | None) -> None:
    """However it is cut: characters stay whole, every part fits."""
    parts = cut_into_parts(text, 7, concat=concat, size=size)
    shown = [shown for part in parts if (shown := PHONE.take(message(part)))]
    assert [each.text for each in shown] == [text]
    assert all(len(part.content) <= (160 if part.data_coding == GSM7 else 140) for part in parts)


def test_a_careless_phone_cuts_through_characters() -> None:
    """And handsets then show boxes, as they decode each part alone."""
    parts = cut_into_parts("😀😀", 1, size=6, careless=True)
    shown = [shown for part in parts if (shown := PHONE.take(message(part)))]
    assert "\ufffd" in shown[0].text


@given(st.binary(max_size=140), st.integers(0, 255))
def test_a_handset_shows_anything(octets: bytes, coding: int) -> None:
    """No octets are too strange to be shown somehow."""
    assert isinstance(decode_sms(octets, coding), str)


PHONE = Handset("13800138001", Clock())


def message(part: SmsPart) -> SmscMessage:
    """A part as an ESME might submit it."""
    payload = part.tlvs.get(0x0424)
    return SmscMessage(
        service_type="",
        source="10086",
        destination="8613800138001",
        esm_class=part.esm_class,
        data_coding=part.data_coding,
        registered_delivery=0,
        content=part.content or payload or b"",
        in_payload=payload is not None,
        tlvs=part.tlvs,
    )
