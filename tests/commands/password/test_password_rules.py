"""What a service password may not be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.password.password_rules import COMMON, broken_rule

NUMBER = "13800138001"
CERTIFICATE = "110101199003078515"


@pytest.mark.parametrize(
    ("new", "rule"),
    [
        ("739204", None),
        ("12345", "len"),
        ("1234567", "len"),
        ("", "len"),
        ("73920a", "len"),
        ("７３９２０４", "len"),
        ("000000", "same"),
        ("999999", "same"),
        ("123456", "run"),
        ("456789", "run"),
        ("567890", "run"),
        ("654321", "run"),
        ("098765", "run"),
        ("987654", "run"),
        ("112233", "pattern"),
        ("998877", "pattern"),
        ("552255", "pattern"),
        ("123123", "pattern"),
        ("907907", "pattern"),
        ("121212", "pattern"),
        ("707070", "pattern"),
        ("138001", "phone"),
        ("001380", "phone"),
        ("800138", "phone"),
        ("100831", "phone"),  # backwards
        ("900307", "id"),  # the birthday
        ("110101", "id"),
        ("078515", "id"),
        ("515870", "id"),  # backwards
        ("520131", "listed"),
        ("147258", "listed"),
    ],
)
def test_each_rule_is_named_when_broken(new: str, rule: str | None) -> None:
    """The first one that is broken; none for a good password."""
    assert broken_rule(new, NUMBER, [CERTIFICATE]) == rule


def test_the_list_holds_only_what_no_rule_finds() -> None:
    """Else the entry would be idle."""
    assert not [common for common in COMMON if broken_rule(common, "", ()) != "listed"]


def test_without_a_certificate_its_rule_breaks_nothing() -> None:
    """A subscriber may have none on record."""
    assert broken_rule("900307", NUMBER, []) is None
    assert broken_rule("900307", NUMBER, [""]) is None


@given(st.text("0123456789", min_size=6, max_size=6), st.text("0123456789", max_size=11))
def test_a_password_is_as_good_as_itself_reversed(new: str, number: str) -> None:
    """Every rule but the list looks both ways."""
    assert broken_rule(new, number, [], ()) == broken_rule(new[::-1], number, [], ())


@given(st.text(max_size=12))
def test_only_six_ascii_digits_are_ever_good(new: str) -> None:
    """Whatever else is typed has the wrong length or the wrong digits."""
    if broken_rule(new, NUMBER, [CERTIFICATE]) is None:
        assert len(new) == 6
        assert new.isascii()
        assert new.isdigit()
