"""For whom something is there, and what fits a field."""

from __future__ import annotations

import pytest

from menus.fields import Field, Hidden, Kind
from menus.when import ALWAYS, Caller, When

NIGHT = When(hours=(22 * 60, 6 * 60))


@pytest.mark.parametrize(
    ("when", "caller", "holds"),
    [
        (ALWAYS, Caller(), True),
        (When(brands=frozenset({"MZ"})), Caller(brand="MZ"), True),
        (When(brands=frozenset({"MZ"})), Caller(brand="QQT"), False),
        (When(groups=frozenset({"vip", "red"})), Caller(groups=frozenset({"red"})), True),
        (When(groups=frozenset({"vip"})), Caller(), False),
        (When(star=3), Caller(star=3), True),
        (When(star=3), Caller(star=2), False),
        (When(level=2), Caller(level=1), False),
        (When(states=frozenset({"arrears"})), Caller(), False),
        (When(days=frozenset({6, 7})), Caller(weekday=7), True),
        (When(holiday=False), Caller(holiday=True), False),
        (When(hours=(480, 1080)), Caller(minute=480), True),
        (When(hours=(480, 1080)), Caller(minute=1080), False),
        (NIGHT, Caller(minute=23 * 60), True),
        (NIGHT, Caller(minute=60), True),
        (NIGHT, Caller(minute=12 * 60), False),
        (When(languages=frozenset({"en"})), Caller(), False),
    ],
)
def test_everything_that_is_written_must_hold(when: When, caller: Caller, holds: bool) -> None:
    """Nights pass midnight, and an end is no longer in."""
    assert when.holds(caller, "zh") is holds


def test_two_conditions_that_can_never_meet() -> None:
    """They may share a key."""
    young, old = When(brands=frozenset({"MZ"})), When(brands=frozenset({"QQT"}))
    assert young.excludes(old)
    assert not young.excludes(When(star=3))
    assert NIGHT.excludes(When(hours=(6 * 60, 22 * 60)))
    assert not When(groups=frozenset({"vip"})).excludes(When(groups=frozenset({"red"})))


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        (Kind.MSISDN, "8613800138002", "13800138002"),
        (Kind.MSISDN, "138 0013 8002", "13800138002"),
        (Kind.MSISDN, "12345678901", None),
        (Kind.CARD, "860000000000000001", "860000000000000001"),
        (Kind.CARD, "86000000000000000", None),
        (Kind.PASSWORD, "739204", "739204"),
        (Kind.PASSWORD, "73920４", None),
        (Kind.CERTIFICATE, "11010119900307851X", "11010119900307851X"),
        (Kind.MONTH, "202613", None),
        (Kind.DAY, "1121", "1121"),
        (Kind.YUAN, "0", None),
        (Kind.TEXT, "  没有信号 ", "没有信号"),
        (Kind.TEXT, "   ", None),
    ],
)
def test_what_fits_a_field(kind: Kind, typed: str, value: str | None) -> None:
    """The clean value, or nothing."""
    assert Field("it", kind).clean(typed) == value


def test_digits_are_counted() -> None:
    """Between the least and the most."""
    field = Field("serial", Kind.DIGITS, least=10, most=17)
    assert field.clean("8" * 9) is None
    assert field.clean("8" * 17) == field.longest
    assert field.clean("８" * 12) is None


def test_what_is_hidden_prints_as_stars() -> None:
    """In whatever it is printed."""
    assert f"{Hidden('739204')} {[Hidden('739204')]}" == "*** [***]"
