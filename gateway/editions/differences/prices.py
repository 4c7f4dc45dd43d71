"""What costs more or less, what is new on sale, what can no longer be had."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import tzinfo
from typing import Any, Final

from gateway.editions.differences.conf_change import (
    ConfChange,
    at_moment,
    by_field,
    plain,
    yuan,
)
from tariffs.catalogue import Catalogue, Plan, Service

_PRICES: Final = "prices"


def price_changes(old: Catalogue, new: Catalogue) -> Iterator[ConfChange]:
    """With what is another only from a moment on, or until one."""
    called = _called(old) | _called(new)
    moments = sorted({since for each in (old, new) for since, _ in each.stretches})
    held: dict[ConfChange, int] = {}
    for moment in moments:
        there = dict.fromkeys(_changes_at(old.at(moment), new.at(moment), called))
        for change in [one for one in held if one not in there]:
            yield _within(change, held.pop(change), moment, new.zone)
        held = {change: held.get(change, moment) for change in there}
    for change, since in held.items():
        yield _within(change, since, 0, new.zone)


def _within(change: ConfChange, since: int, until: int, zone: tzinfo) -> ConfChange:
    """`since` and `until` are moments in seconds since 1970; 0: always has, for ever."""
    ends = (("from", since), ("until", until))
    told = "".join(f", {word} {at_moment(moment, zone)}" for word, moment in ends if moment)
    return replace(change, what=f"{change.what}{told}")


def _called(catalogue: Catalogue) -> dict[str, str]:
    """What services and plans are called now, whatever they will be called."""
    now = catalogue.at(0)
    services = {code: str(one.name) for code, one in now.services.items()}
    return services | {code: str(one.name) for code, one in now.plans.items()}


def _changes_at(old: Catalogue, new: Catalogue, called: Mapping[str, str]) -> Iterator[ConfChange]:
    every = frozenset(old.brands) | frozenset(new.brands)
    for code in _codes(old.services, new.services):
        what = f"{code} {called[code]}"
        yield from _service(what, old.services.get(code), new.services.get(code), every)
    for code in _codes(old.plans, new.plans):
        what = f"{code} {called[code]}"
        yield from _plan(what, old.plans.get(code), new.plans.get(code))
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
    what: str, old: Service | None, new: Service | None, every: frozenset[str]
) -> Iterator[ConfChange]:
    one = new or old
    assert one is not None
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
    told = ("fee_fen", "fee_by_brand", "on_sale")
    yield from by_field(_PRICES, what, old, new, new.brands | old.brands, told)


def _plan(what: str, old: Plan | None, new: Plan | None) -> Iterator[ConfChange]:
    one = new or old
    assert one is not None
    brands = frozenset([one.brand])
    if old is None or new is None:
        was, now = (f"{yuan(each.fee_fen)} a month" if each else "" for each in (old, new))
        yield ConfChange(_PRICES, what, was, now, brands)
    else:
        yield from by_field(_PRICES, what, old, new, brands, ("on_sale",))


def _other(kind: str, code: str, old: Any, new: Any) -> Iterator[ConfChange]:
    one = new or old
    what = f"{kind} {code} {one.name}"
    brands = frozenset(getattr(one, "brands", ()))
    if old is None or new is None:
        was, now = (plain(each) if each else "" for each in (old, new))
        yield ConfChange(_PRICES, what, was, now, brands)
    else:
        yield from by_field(_PRICES, what, old, new, brands)
