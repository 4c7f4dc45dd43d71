"""What costs more or less, what is new on sale, what can no longer be had."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from gateway.editions.differences.conf_change import ConfChange, by_field, plain, yuan
from tariffs.catalogue import Catalogue, Plan, Service

_PRICES: Final = "prices"


def price_changes(old: Catalogue, new: Catalogue) -> Iterator[ConfChange]:
    every = frozenset(old.brands) | frozenset(new.brands)
    for code in _codes(old.services, new.services):
        yield from _service(old.services.get(code), new.services.get(code), every)
    for code in _codes(old.plans, new.plans):
        yield from _plan(old.plans.get(code), new.plans.get(code))
    kinds: tuple[tuple[str, Mapping[str, Any], Mapping[str, Any]], ...] = (
        ("brand", old.brands, new.brands),
        ("campaign", old.campaigns, new.campaigns),
        ("exchange of points", old.exchanges, new.exchanges),
    )
    for kind, were, are in kinds:
        for code in _codes(were, are):
            yield from _other(kind, code, were.get(code), are.get(code))


def _codes(old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[str]:
    for code in dict.fromkeys([*old, *new]):
        if old.get(code) != new.get(code):
            yield code


def _service(
    old: Service | None, new: Service | None, every: frozenset[str]
) -> Iterator[ConfChange]:
    one = new or old
    assert one is not None
    what = f"{one.code} {one.name}"
    if old is None or new is None:
        was, now = (f"{yuan(each.fee_fen)} a month" if each else "" for each in (old, new))
        yield ConfChange(_PRICES, what, was, now, one.brands)
        return
    moved: dict[tuple[int, int], set[str]] = {}
    for brand in sorted(new.brands or every):
        fees = old.fee_for(brand), new.fee_for(brand)
        if fees[0] != fees[1]:
            moved.setdefault(fees, set()).add(brand)
    for (was_fen, now_fen), brands in moved.items():
        whom = frozenset() if brands >= every else frozenset(brands)
        yield ConfChange(_PRICES, f"{what}, a month", yuan(was_fen), yuan(now_fen), whom)
    told = ("fee_fen", "fee_by_brand")
    yield from by_field(_PRICES, what, old, new, new.brands | old.brands, told)


def _plan(old: Plan | None, new: Plan | None) -> Iterator[ConfChange]:
    one = new or old
    assert one is not None
    what, brands = f"{one.code} {one.name}", frozenset([one.brand])
    if old is None or new is None:
        was, now = (f"{yuan(each.fee_fen)} a month" if each else "" for each in (old, new))
        yield ConfChange(_PRICES, what, was, now, brands)
    else:
        yield from by_field(_PRICES, what, old, new, brands)


def _other(kind: str, code: str, old: Any, new: Any) -> Iterator[ConfChange]:
    one = new or old
    what = f"{kind} {code} {one.name}"
    brands = frozenset(getattr(one, "brands", ()))
    if old is None or new is None:
        was, now = (plain(each) if each else "" for each in (old, new))
        yield ConfChange(_PRICES, what, was, now, brands)
    else:
        yield from by_field(_PRICES, what, old, new, brands)
