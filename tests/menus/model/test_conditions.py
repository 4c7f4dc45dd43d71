"""For whom something is there, and what fits a field."""

from __future__ import annotations

import pytest

from menus.model.conditions import ALWAYS, Condition, MenuUser
from menus.model.fields import Field, FieldKind, TypedSecret

NIGHT = Condition(hours=(22 * 60, 6 * 60))


@pytest.mark.parametrize(
    ("when", "caller", "holds"),
    [
        (ALWAYS, MenuUser(), True),
        (Condition(brands=frozenset({"MZ"})), MenuUser(brand="MZ"), True),
        (Condition(brands=frozenset({"MZ"})), MenuUser(brand="QQT"), False),
        (Condition(groups=frozenset({"vip", "red"})), MenuUser(groups=frozenset({"red"})), True),
        (Condition(groups=frozenset({"vip"})), MenuUser(), False),
        (Condition(star=3), MenuUser(star=3), True),
        (Condition(star=3), MenuUser(star=2), False),
        (Condition(level=2), MenuUser(level=1), False),
        (Condition(states=frozenset({"arrears"})), MenuUser(), False),
        (Condition(days=frozenset({6, 7})), MenuUser(weekday=7), True),
        (Condition(holiday=False), MenuUser(holiday=True), False),
        (Condition(hours=(480, 1080)), MenuUser(minute=480), True),
        (Condition(hours=(480, 1080)), MenuUser(minute=1080), False),
        (NIGHT, MenuUser(minute=23 * 60), True),
        (NIGHT, MenuUser(minute=60), True),
        (NIGHT, MenuUser(minute=12 * 60), False),
        (Condition(languages=frozenset({"en"})), MenuUser(), False),
    ],
)
def test_everything_that_is_written_must_hold(
    when: Condition, caller: MenuUser, holds: bool
) -> None:
    """Nights pass midnight, and an end is no longer in."""
    assert when.holds(caller, "zh") is holds


def test_two_conditions_that_can_never_meet() -> None:
    """They may share a key."""
    young, old = Condition(brands=frozenset({"MZ"})), Condition(brands=frozenset({"QQT"}))
    assert young.excludes(old)
    assert not young.excludes(Condition(star=3))
    assert NIGHT.excludes(Condition(hours=(6 * 60, 22 * 60)))
    assert not Condition(groups=frozenset({"vip"})).excludes(Condition(groups=frozenset({"red"})))


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        (FieldKind.MSISDN, "8613800138002", "13800138002"),
        (FieldKind.MSISDN, "138 0013 8002", "13800138002"),
        (FieldKind.MSISDN, "12345678901", None),
        (FieldKind.CARD, "860000000000000001", "860000000000000001"),
        (FieldKind.CARD, "86000000000000000", None),
        (FieldKind.PASSWORD, "739204", "739204"),
        (FieldKind.PASSWORD, "73920４", None),
        (FieldKind.CERTIFICATE, "11010119900307851X", "11010119900307851X"),
        (FieldKind.MONTH, "202613", None),
        (FieldKind.DAY, "1121", "1121"),
        (FieldKind.YUAN, "0", None),
        (FieldKind.TEXT, "  没有信号 ", "没有信号"),
        (FieldKind.TEXT, "   ", None),
    ],
)
def test_what_fits_a_field(kind: FieldKind, typed: str, value: str | None) -> None:
    """The clean value, or nothing."""
    assert Field("it", kind).clean(typed) == value


def test_digits_are_counted() -> None:
    """Between the least and the most."""
    field = Field("serial", FieldKind.DIGITS, least=10, most=17)
    assert field.clean("8" * 9) is None
    assert field.clean("8" * 17) == field.longest
    assert field.clean("８" * 12) is None


def test_what_is_hidden_prints_as_stars() -> None:
    """In whatever it is printed."""
    assert f"{TypedSecret('739204')} {[TypedSecret('739204')]}" == "*** [***]"
