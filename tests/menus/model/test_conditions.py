"""For whom something is there, and what fits a field."""

from __future__ import annotations

from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menus.model.conditions import ALWAYS, Condition, MenuUser
from menus.model.fields import Field, FieldKind, TypedSecret
from menus.model.together import together
from periods.period import TimeSpan, begin_of, end_of

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


YOUNG, OLD = Condition(brands=frozenset({"MZ"})), Condition(brands=frozenset({"QQT"}))
FESTIVAL = TimeSpan(begin_of("2027-02-06"), end_of("2027-02-12"))  # Saturday to Friday
BEFORE = TimeSpan(ends=begin_of("2027-02-06"))
DINNER = TimeSpan(begin_of("2027-02-06 18:00"), end_of("2027-02-06 20:00"))


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        (YOUNG, OLD, False),
        (YOUNG, Condition(star=3), True),
        (Condition(star=1), Condition(star=5), True),
        (Condition(level=2), Condition(level=1), True),
        (NIGHT, Condition(hours=(6 * 60, 22 * 60)), False),
        (NIGHT, Condition(hours=(5 * 60, 7 * 60)), True),
        (Condition(hours=(480, 600)), Condition(hours=(600, 720)), False),
        (Condition(hours=(0, 60)), Condition(hours=(1380, 30)), True),
        (Condition(groups=frozenset({"vip"})), Condition(groups=frozenset({"red"})), True),
        (Condition(days=frozenset({1, 2})), Condition(days=frozenset({2, 3})), True),
        (Condition(days=frozenset({1})), Condition(days=frozenset({6, 7})), False),
        (Condition(holiday=True), Condition(holiday=False), False),
        (Condition(mobile=False), YOUNG, False),
        (Condition(mobile=False), Condition(star=1), False),
        (Condition(mobile=False), Condition(states=frozenset({"normal"})), True),
        (Condition(languages=frozenset({"en"})), Condition(languages=frozenset({"zh"})), False),
        (Condition(period=FESTIVAL), Condition(period=BEFORE), False),
        (Condition(period=FESTIVAL), Condition(period=DINNER), True),
        (Condition(period=DINNER), Condition(hours=(480, 1080)), False),
        (Condition(period=DINNER), Condition(hours=(1170, 480)), True),
        (Condition(period=DINNER), Condition(days=frozenset({7})), False),
        (Condition(period=DINNER), Condition(days=frozenset({6})), True),
        (Condition(period=DINNER), Condition(holiday=True), False),  # as the calendar has it
        (Condition(period=FESTIVAL), Condition(days=frozenset({5})), True),
        (Condition(regions=frozenset({"广东"})), Condition(regions=frozenset({"广东深圳"})), True),
        (Condition(regions=frozenset({"广东"})), Condition(regions=frozenset({"上海"})), False),
        (Condition(campus=True), Condition(campus=False), False),
        (Condition(campus=True), Condition(campuses=frozenset({"北京大学"})), True),
        (Condition(campus=False), Condition(campuses=frozenset({"北京大学"})), False),
        (ALWAYS, ALWAYS, True),
    ],
)
def test_conditions_that_somebody_can_meet_at_once(
    one: Condition, other: Condition, meet: bool
) -> None:
    """Two options may share a key if nobody ever sees both."""
    regions = ["广东深圳", "广东广州", "上海"]
    assert together([one, other], regions=regions) is meet
    assert together([other, one], regions=regions) is meet


def test_three_that_meet_in_pairs_need_not_meet() -> None:
    """As a screen's own condition and those of two of its options."""
    rules = [Condition(days=frozenset(days)) for days in ({1, 2}, {2, 3}, {1, 3})]
    assert all(together(pair) for pair in combinations(rules, 2))
    assert not together(rules)


def test_the_halls_calendar_counts() -> None:
    """A Saturday that is worked is a Friday, and one of the festival is a holiday."""
    worked = date(2027, 2, 20)

    def kind(day: date) -> tuple[int, bool]:
        return (5 if day == worked else day.isoweekday()), date(2027, 2, 6) <= day < date(
            2027, 2, 13
        )

    on = Condition(period=TimeSpan(begin_of("2027-02-20"), end_of("2027-02-20")))
    assert together([on, Condition(days=frozenset({5}))], kind)
    assert not together([on, Condition(days=frozenset({6}))], kind)
    assert not together([Condition(period=FESTIVAL), Condition(holiday=False)], kind)


SOME = st.frozensets(st.sampled_from(["MZ", "QQT", "SZX"]), max_size=2)
MINUTES = st.integers(min_value=0, max_value=1439)
RULES = st.builds(
    Condition,
    brands=SOME,
    days=st.frozensets(st.integers(min_value=1, max_value=7), max_size=3),
    hours=st.none() | st.tuples(MINUTES, MINUTES).filter(lambda pair: pair[0] != pair[1]),
    holiday=st.sampled_from([None, True, False]),
    mobile=st.sampled_from([None, True, False]),
    star=st.sampled_from([0, 3]),
)


@given(st.lists(RULES, min_size=1, max_size=3), st.data())
def test_whoever_meets_them_all_is_a_witness(rules: list[Condition], data: st.DataObject) -> None:
    """What is said to be no clash is met by nobody, whoever comes at whatever minute."""
    mobile = data.draw(st.booleans())
    somebody = MenuUser(
        brand=data.draw(st.sampled_from(["MZ", "QQT", "SZX"])) if mobile else "",
        star=data.draw(st.integers(min_value=0, max_value=5)) if mobile else 0,
        minute=data.draw(MINUTES),
        weekday=data.draw(st.integers(min_value=1, max_value=7)),
        holiday=data.draw(st.booleans()),
        mobile=mobile,
    )
    if all(rule.holds(somebody, "zh") for rule in rules):
        assert together(rules)


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
