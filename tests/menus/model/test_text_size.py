"""Counting what a phone has room for, held against the counting that messages are sent by."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from menus.model.text_size import SEPTETS, UNITS, on_ussd, sms_parts
from smpp.messages.segmentation import Alphabet, text_length

TEXTS = st.text(st.sampled_from("a{€汉😀\n0"), max_size=400) | st.text(max_size=200)


@given(TEXTS)
def test_parts_are_those_that_the_link_will_send(text: str) -> None:
    """Two countings, written apart, agree on every text."""
    assert sms_parts(text) == text_length(text).parts


@given(TEXTS)
def test_units_are_those_of_the_alphabet(text: str) -> None:
    """Septets for GSM-7, UTF-16 units for all else."""
    length, size = text_length(text), on_ussd(text)
    assert size.used == length.units
    assert size.room == (SEPTETS if length.alphabet is Alphabet.GSM7 else UNITS)


def test_an_extension_character_takes_two_septets() -> None:
    """Ninety-one brackets fill a page, ninety-two do not fit."""
    assert on_ussd("[" * 91).fits
    assert not on_ussd("[" * 92).fits


def test_one_chinese_character_makes_the_whole_page_ucs2() -> None:
    """Seventy-nine of anything, then."""
    assert on_ussd("a" * 182).fits
    assert not on_ussd("a" * 79 + "汉").fits
    assert on_ussd("a" * 78 + "汉").fits
