"""Texts as short messages: counted, cut and joined again."""

from __future__ import annotations

import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from smpplib import gsm

from smpp.messages.alphabets import (
    GSM7_CHARACTERS,
    CodingMeaning,
    DefaultAlphabet,
    Encoding,
    LinkCodings,
)
from smpp.messages.segmentation import (
    Alphabet,
    Fragment,
    Segment,
    TextLength,
    fragment_of,
    join_fragments,
    message_text,
    payload_segment,
    split_text,
    text_length,
)
from smpp.pdu import DeliverSm


def texts(characters: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Short ones and long ones: hypothesis alone hardly ever draws enough for a second part."""
    some = st.text(characters, max_size=30)
    return st.builds(lambda begin, again, n: begin + again * n, some, some, st.integers(0, 60))


gsm7_texts = texts(st.sampled_from(sorted(GSM7_CHARACTERS)))
# a NUL, a byte order mark, and U+FFFE, which is one read the wrong way round, are no characters
CHARACTERS = st.characters(codec="utf-8", exclude_characters="\0\ufeff\ufffe")
any_text = st.one_of(texts(CHARACTERS), gsm7_texts, texts(st.sampled_from("余额a😀€")))
defaults = st.sampled_from(DefaultAlphabet)


def arriving(segment: Segment) -> DeliverSm:
    """The segment as a handset, or we, would get it."""
    return DeliverSm(
        esm_class=segment.esm_class,
        data_coding=segment.data_coding,
        short_message=segment.short_message,
        tlvs=segment.tlvs,
    )


def read_back(segments: list[Segment], default: DefaultAlphabet = DefaultAlphabet.GSM7) -> str:
    if len(segments) == 1:
        return message_text(arriving(segments[0]), whole(default))
    fragments = [fragment_of(arriving(segment)) for segment in segments]
    assert all(fragments)
    return join_fragments([f for f in fragments if f], whole(default))


def whole(default: DefaultAlphabet) -> CodingMeaning:
    """Where a NUL at the end of GSM-7 is the @ that was written, as it is in what we write."""
    return LinkCodings(own={0: Encoding.GSM7_WHOLE}) if default is DefaultAlphabet.GSM7 else default


# ---- how long ----


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", TextLength(Alphabet.GSM7, 0, 1)),
        ("x" * 160, TextLength(Alphabet.GSM7, 160, 1)),
        ("x" * 161, TextLength(Alphabet.GSM7, 161, 2)),
        ("x" * 306, TextLength(Alphabet.GSM7, 306, 2)),
        ("x" * 307, TextLength(Alphabet.GSM7, 307, 3)),
        ("€" * 80, TextLength(Alphabet.GSM7, 160, 1)),
        ("€" * 81, TextLength(Alphabet.GSM7, 162, 2)),
        ("余" * 70, TextLength(Alphabet.UCS2, 70, 1)),
        ("余" * 71, TextLength(Alphabet.UCS2, 71, 2)),
        ("余" * 134, TextLength(Alphabet.UCS2, 134, 2)),
        ("余" * 135, TextLength(Alphabet.UCS2, 135, 3)),
        ("😀" * 35, TextLength(Alphabet.UCS2, 70, 1)),
        ("x" * 69 + "😀", TextLength(Alphabet.UCS2, 71, 2)),
    ],
)
def test_length_is_counted_in_the_unit_of_the_alphabet(text, length):
    """Septets and UTF-16 units, not characters."""
    assert text_length(text) == length


@given(any_text, defaults, st.booleans())
def test_the_measure_is_what_is_sent(text, default, wide):
    """The number of parts measured is the number of parts made."""
    assert text_length(text, default, wide=wide).parts == len(split_text(text, 1, wide, default))


# ---- cut ----


def _units_sent(segment: Segment) -> int:
    """Septets or units of one part, counted from its octets, header included as on the air."""
    octets = segment.short_message
    header = octets[0] + 1 if segment.esm_class else 0
    if segment.data_coding == 8:
        return len(octets)
    # 3GPP TS 23.040 §9.2.3.24: the header is filled up to a septet's boundary
    return -(-header * 8 // 7) + len(octets) - header


@given(any_text, st.booleans())
def test_no_part_is_longer_than_a_short_message(text, wide):
    """160 septets or 140 octets on the air, header and all; the text in at most 254 octets."""
    for segment in split_text(text, 7, wide):
        room = 140 if segment.data_coding == 8 else 160
        assert _units_sent(segment) <= room
        assert len(segment.short_message) <= 254


@given(any_text, st.booleans(), defaults, st.integers(0, 70_000))
def test_what_is_split_joins_to_the_same_text(text, wide, default, reference):
    """Whatever the text, in both alphabets and both kinds of header."""
    assert read_back(split_text(text, reference, wide, default), default) == text


@given(any_text)
def test_each_part_can_be_read_alone(text):
    """No escape and no surrogate pair is cut: handsets that show parts show no rubbish."""
    segments = split_text(text, 1)
    if len(segments) > 1:
        fragments = [fragment_of(arriving(segment)) for segment in segments]
        assert (
            "".join(join_fragments([f], whole(DefaultAlphabet.GSM7)) for f in fragments if f)
            == text
        )


@pytest.mark.parametrize("before", range(147, 156))
@pytest.mark.parametrize("char", ["€", "[", "😀", "余"])
def test_two_unit_characters_at_the_boundary(before, char):
    """Around every possible cut the text comes back and the parts are the fewest."""
    text = "x" * before + char + "x" * 160
    segments = split_text(text, 1)
    assert read_back(segments) == text
    alphabet = text_length(text).alphabet
    assert len(segments) <= -(-text_length(text).units // (alphabet.chained - 1))


@given(texts(st.sampled_from("@a$Ω")))
def test_as_many_parts_as_smpplib_makes(text):
    """An independent cutter agrees where it is right: in texts without two-septet characters."""
    theirs, _, _ = gsm.make_parts(text)
    assert len(split_text(text, 1)) == len(theirs)


def test_a_chain_on_the_wire():
    """The header that handsets know: 05 00 03, reference, total, number; UDHI in esm_class."""
    first, second = split_text("余" * 71, 0x1A7)
    assert first == Segment(0x40, 8, b"\x05\x00\x03\xa7\x02\x01" + b"\x4f\x59" * 67)
    assert second == Segment(0x40, 8, b"\x05\x00\x03\xa7\x02\x02" + b"\x4f\x59" * 4)


def test_a_wide_chain_on_the_wire():
    """The same with 16 bits of reference: 06 08 04, and 66 units a part."""
    first, _ = split_text("余" * 71, 0x1A7, wide=True)
    assert first == Segment(0x40, 8, b"\x06\x08\x04\x01\xa7\x02\x01" + b"\x4f\x59" * 66)


def test_a_short_text_has_no_header():
    """One part: no UDHI, no header."""
    assert split_text("YE", 1) == [Segment(0, 0, b"YE")]
    assert split_text("", 1) == [Segment(0, 0, b"")]


def test_on_a_latin1_link_only_what_both_alphabets_have_goes_as_data_coding_0():
    """é goes as Latin-1; € (not in Latin-1) and â (not in GSM-7) go as UCS-2."""
    assert split_text("é", 1, default=DefaultAlphabet.LATIN1) == [Segment(0, 0, b"\xe9")]
    assert split_text("€", 1, default=DefaultAlphabet.LATIN1) == [Segment(0, 8, b"\x20\xac")]
    assert split_text("â", 1, default=DefaultAlphabet.LATIN1) == [Segment(0, 8, b"\x00\xe2")]


def test_a_text_beyond_255_parts_is_refused():
    """The total has one octet; nothing is cut off silently."""
    assert len(split_text("x" * 153 * 255, 1)) == 255
    with pytest.raises(ValueError, match="256 parts"):
        split_text("x" * 153 * 255 + "x", 1)


@given(any_text)
@example("0@")  # in GSM-7 it ends with a NUL
def test_one_message_payload_carries_any_text(text):
    """Sent whole, read whole."""
    segment = payload_segment(text)
    assert segment.short_message == b""
    assert message_text(arriving(segment), whole(DefaultAlphabet.GSM7)) == text


# ---- joined ----


def part(header: bytes, octets: bytes = b"YE", **fields) -> DeliverSm:
    return DeliverSm(esm_class=0x40, short_message=header + octets, **fields)


@pytest.mark.parametrize(
    ("header", "fragment"),
    [
        ("050003a70301", Fragment(0xA7, 3, 1, b"YE", 0, 8)),
        ("06080401a70302", Fragment(0x1A7, 3, 2, b"YE", 0, 16)),
        ("0b050423f40000 0003a70302", Fragment(0xA7, 3, 2, b"YE", 0, 8)),
        ("0b0003a70302 050423f40000", Fragment(0xA7, 3, 2, b"YE", 0, 8)),
        ("080003a7030224010d", Fragment(0xA7, 3, 2, b"YE", 0, 8)),
        ("0a0003010201 0003a70302", Fragment(0xA7, 3, 2, b"YE", 0, 8)),
    ],
)
def test_the_element_is_found_at_any_place(header, fragment):
    """Ports before or after it, a language element, the last of two: the place is read."""
    assert fragment_of(part(bytes.fromhex(header))) == fragment


@pytest.mark.parametrize(
    "header",
    ["050003a70101", "050003a70300", "050003a70304", "050003a70000", "04000203 01", "00", "0101"],
)
def test_what_only_claims_to_be_a_part_is_whole(header):
    """A chain of one, a number outside its chain, a cut element: read alone, header stripped."""
    message = part(bytes.fromhex(header))
    assert fragment_of(message) is None
    assert message_text(message) == "YE"


@pytest.mark.parametrize("payload", [b"", b"\xff", b"YE" * 3])
def test_a_header_longer_than_the_message_is_none(payload):
    """UDHI set by mistake: the octets are the text."""
    message = DeliverSm(esm_class=0x40, short_message=payload, data_coding=3)
    assert fragment_of(message) is None
    assert message_text(message) == payload.decode("latin-1")


def test_the_header_may_stand_in_a_message_payload():
    """UDHI counts for the text wherever it is."""
    payload = b"\x05\x00\x03\xa7\x02\x01YE"
    message = DeliverSm(esm_class=0x40, tlvs=((0x0424, payload),))
    assert fragment_of(message) == Fragment(0xA7, 2, 1, b"YE", 0, 8)


def test_sar_tlvs_make_a_part():
    """The other way to say it (SMPP 3.4 §5.3.2.22 to 24)."""
    sar = ((0x020C, b"\x01\xa7"), (0x020E, b"\x02"), (0x020F, b"\x01"))
    assert fragment_of(DeliverSm(short_message=b"YE", tlvs=sar)) == Fragment(
        0x1A7, 2, 1, b"YE", 0, 16
    )
    for missing in range(3):
        rest = sar[:missing] + sar[missing + 1 :]
        assert fragment_of(DeliverSm(short_message=b"YE", tlvs=rest)) is None


@given(any_text, st.randoms(use_true_random=False), st.booleans())
def test_any_order_and_duplicates_join(text, chance: random.Random, wide):
    """Parts come as the network pleases."""
    segments = split_text(text, 9, wide)
    if len(segments) > 1:
        arrived = [*segments, *chance.sample(segments, k=len(segments) // 2)]
        chance.shuffle(arrived)
        assert read_back(arrived) == text


@given(st.text(CHARACTERS, min_size=2, max_size=50), st.data())
def test_characters_that_the_sender_cut_are_whole_again(text, data):
    """Octets are joined before they are read, so a pair cut by another's splitter survives."""
    octets = text.encode("utf-16-be")
    at = data.draw(st.integers(1, len(octets) - 1))
    parts = [Fragment(1, 2, 2, octets[at:], 8), Fragment(1, 2, 1, octets[:at], 8)]
    assert join_fragments(parts) == text


def test_an_escape_cut_between_parts_survives():
    """The escape at the end of one part, its character at the beginning of the next."""
    assert join_fragments([Fragment(1, 2, 1, b"9\x1b", 0), Fragment(1, 2, 2, b"\x65", 0)]) == "9€"


def test_parts_in_different_alphabets_join():
    """Some handsets choose the alphabet part by part."""
    parts = [Fragment(1, 3, 1, b"YE", 0), Fragment(1, 3, 3, b"YE", 0)]
    parts.append(Fragment(1, 3, 2, "余额".encode("utf-16-be"), 8))
    assert join_fragments(parts) == "YE余额YE"


@given(
    st.binary(max_size=200),
    st.integers(0, 255),
    st.integers(0, 255),
    st.lists(st.tuples(st.sampled_from([0x020C, 0x020E, 0x020F, 0x0424]), st.binary(max_size=9))),
)
def test_hostile_messages_are_read_as_something(octets, esm_class, coding, tlvs):
    """Whatever the header claims, there is a text and at most a sound fragment."""
    message = DeliverSm(
        esm_class=esm_class, data_coding=coding, short_message=octets, tlvs=tuple(tlvs)
    )
    assert isinstance(message_text(message), str)
    fragment = fragment_of(message)
    if fragment:
        assert 1 <= fragment.number <= fragment.total <= 255
        assert isinstance(join_fragments([fragment]), str)
