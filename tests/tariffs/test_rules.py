"""May a subscriber have a service, from when, at what price."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tariffs.bilingual_name import BilingualName
from tariffs.catalogue import Brand, Catalogue, EffectiveFrom, Plan, Service
from tariffs.rules import (
    AlreadyThere,
    Conflicts,
    NeedsFirst,
    NotSold,
    OrderObstacle,
    WrongBrand,
    begins,
    ends,
    fee,
    must_end,
    order_obstacle,
    within_reach,
)
from tests.commands.fakes import NEXT_MONTH, NOW


def a_service(code: str, **more: object) -> Service:
    plain = Service(code, BilingualName(code), fee_fen=500)
    return replace(plain, **more)  # type: ignore[arg-type]


PLAIN = a_service("PLAIN")
SMALL = a_service("SMALL", group="SIZE")
LARGE = a_service("LARGE", group="SIZE")
JEALOUS = a_service("JEALOUS", excludes=frozenset({"PLAIN", "SMALL"}))
YOUNG = a_service("YOUNG", brands=frozenset({"MZ"}))
ADDED = a_service("ADDED", needs="PLAIN")
ALL = (PLAIN, SMALL, LARGE, JEALOUS, YOUNG, ADDED)
CATALOGUE = Catalogue(services={service.code: service for service in ALL})


@pytest.mark.parametrize(
    ("service", "brand", "held", "expected"),
    [
        (PLAIN, "QQT", [], None),
        (PLAIN, "QQT", ["PLAIN"], AlreadyThere()),
        (YOUNG, "MZ", [], None),
        (YOUNG, "QQT", [], WrongBrand()),
        (replace(PLAIN, on_sale=False), "QQT", [], NotSold()),
        (replace(PLAIN, on_sale=False), "QQT", ["PLAIN"], AlreadyThere()),
        (ADDED, "QQT", [], NeedsFirst(PLAIN)),
        (ADDED, "QQT", ["PLAIN"], None),
        (LARGE, "QQT", ["SMALL"], Conflicts((SMALL,))),
        (JEALOUS, "QQT", ["SMALL", "YOUNG", "PLAIN"], Conflicts((SMALL, PLAIN))),
        (PLAIN, "QQT", ["JEALOUS"], Conflicts((JEALOUS,))),
        (PLAIN, "QQT", ["LONG_GONE"], None),
    ],
)
def test_what_stands_in_the_way(
    service: Service, brand: str, held: list[str], expected: OrderObstacle | None
) -> None:
    """Having it, the brand, what must be there first, and what cannot be beside it, either way."""
    assert order_obstacle(service, brand, held, CATALOGUE) == expected


def test_an_order_holds_at_once_or_from_the_next_month() -> None:
    """T0 and T1; a cancelled service goes on to the end of the month unless it says otherwise."""
    later = replace(PLAIN, effect=EffectiveFrom.NEXT_MONTH, ends=EffectiveFrom.AT_ONCE)
    assert begins(PLAIN, NOW, CATALOGUE) == NOW
    assert begins(later, NOW, CATALOGUE) == NEXT_MONTH
    assert ends(PLAIN, NOW, CATALOGUE) == NEXT_MONTH
    assert ends(later, NOW, CATALOGUE) == NOW


def test_a_fee_may_depend_on_the_brand() -> None:
    """Caller display costs nothing in some brands."""
    display = replace(PLAIN, fee_by_brand={"MZ": 0})
    assert display.fee_for("MZ") == 0
    assert display.fee_for("SZX") == 500


def test_a_service_may_cost_nothing_beside_another() -> None:
    """Or because a group pays; what else is had does not matter."""
    tone = a_service("TONE", free_with=frozenset({"GROUP"}))
    assert fee(tone, "QQT", ["PLAIN"]) == 500
    assert fee(tone, "QQT", ["PLAIN", "GROUP"]) == 0
    assert fee(replace(tone, paid_by_group=True), "QQT", []) == 0
    assert fee(replace(tone, fee_by_brand={"MZ": 100}), "MZ", []) == 100


def a_plan(code: str, brand: str, **more: object) -> Plan:
    plain = Plan(code, brand, BilingualName(code), fee_fen=5800)
    return replace(plain, **more)  # type: ignore[arg-type]


def test_a_plan_makes_services_end() -> None:
    """Those it excludes, and those that its brand does not have; others and unknown ones stay."""
    plan = a_plan("QQT58", "QQT", excludes=frozenset({"SMALL"}))
    assert must_end(plan, ["PLAIN", "SMALL", "YOUNG", "GONE"], CATALOGUE) == (SMALL, YOUNG)
    assert must_end(a_plan("MZ18", "MZ"), ["YOUNG", "SMALL"], CATALOGUE) == ()


def test_a_brand_is_left_only_where_it_opens_to() -> None:
    """The other way takes a hall."""
    brands = [Brand("SZX", BilingualName("SZX"), BilingualName(""), frozenset({"QQT"})),
              Brand("QQT", BilingualName("QQT"), BilingualName(""))]  # fmt: skip
    catalogue = Catalogue(brands={brand.code: brand for brand in brands})
    assert within_reach(a_plan("QQT58", "QQT"), "SZX", catalogue)
    assert within_reach(a_plan("QQT58", "QQT"), "QQT", catalogue)
    assert not within_reach(a_plan("SZXQS", "SZX"), "QQT", catalogue)
    assert not within_reach(a_plan("SZXQS", "SZX"), "OLD", catalogue)
