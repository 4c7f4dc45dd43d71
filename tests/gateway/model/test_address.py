"""Addresses as the store keeps them, and the one rule of what a mobile number is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.mobile_number import mobile_number
from commands.model.parameters import ParameterKind
from commands.sentences.numbers import numbers
from gateway.model.address import Address
from menus.model.fields import Field, FieldKind

octets = st.integers(0, 255)


@given(octets, octets, st.text(max_size=21))
def test_the_store_gives_back_what_it_was_given(ton: int, npi: int, digits: str) -> None:
    """Whatever the network wrote where digits belong, also dots."""
    address = Address(ton, npi, digits)
    assert Address.parse(str(address)) == address


def test_addresses_of_our_own_making() -> None:
    """A sub-port is written as the number itself is."""
    assert str(Address.service("10086")) == "0.1.10086"
    assert str(Address.international("13800138001")) == "1.1.8613800138001"
    assert str(Address(0, 9, "10086").at("10086003")) == "0.9.10086003"


@pytest.mark.parametrize(
    ("address", "number"),
    [
        ("13800138001", "13800138001"),
        ("8613800138001", "13800138001"),
        ("+8613800138001", "13800138001"),
        ("008613800138001", "13800138001"),
        ("19912345678", "19912345678"),
        ("10086", ""),
        ("10655123456", ""),  # eleven digits of a service
        ("12345678901", ""),
        ("1380013800", ""),
        ("861380013800", ""),
        ("138001380011", ""),
        ("85291234567", ""),
        ("+85291234567", ""),
        (" +86 138 0013 8001", "13800138001"),
        ("0086-138-0013-8001", "13800138001"),
        ("138 0013 800", ""),
        ("+1 380 013 8001", ""),
        ("   ", ""),
        ("", ""),
        ("86", ""),
        ("1380013800a", ""),
        ("CMCC", ""),
        ("28613800138001", ""),
        ("+13800138001", ""),  # somebody in America
        ("0013800138001", ""),
        ("++8613800138001", ""),
    ],
)
def test_the_forms_of_a_mobile_number(address: str, number: str) -> None:
    """Eleven digits, with the country before them or not; everything else is no subscriber."""
    assert Address(1, 1, address).national == number


@given(st.text(max_size=25))
def test_any_address_is_a_mobile_number_or_none(address: str) -> None:
    """Never anything in between."""
    number = Address(1, 1, address).national
    assert number == "" or (len(number) == 11 and number.isascii() and number.isdigit())


@given(
    st.sampled_from(["", "86", "0086", "+86"]),
    st.from_regex(r"1[0-9]{9,11}", fullmatch=True),
)
def test_whoever_reads_a_number_reads_it_alike(country: str, digits: str) -> None:
    """A sender, a parameter of a command, a sentence, and a field of a menu."""
    written = country + digits
    number = mobile_number(written)
    assert (ParameterKind.MSISDN.clean(written) or "") == number
    assert (Field("number", FieldKind.MSISDN).clean(written) or "") == number
    said = [found.value for found in numbers(f"查{written}余额", None) if found.kind == "msisdn"]
    assert said == ([number] if number else [])
