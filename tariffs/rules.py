"""May this subscriber have that, from when, and what does it cost. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from tariffs.calendar import month_end
from tariffs.catalogue import Catalogue, EffectiveFrom, Plan, Service


@dataclass(frozen=True, slots=True)
class AlreadyThere:
    pass


@dataclass(frozen=True, slots=True)
class WrongBrand:
    pass


@dataclass(frozen=True, slots=True)
class NotSold:
    """Not yet, or no longer."""


@dataclass(frozen=True, slots=True)
class NeedsFirst:
    service: Service


@dataclass(frozen=True, slots=True)
class Conflicts:
    """It could be had instead of these."""

    services: tuple[Service, ...]


OrderObstacle = AlreadyThere | NotSold | WrongBrand | NeedsFirst | Conflicts


def order_obstacle(
    service: Service, brand: str, held: Collection[str], catalogue: Catalogue
) -> OrderObstacle | None:
    """What keeps a subscriber of `brand` who has `held` from having `service`; None: nothing.

    A conflict comes last: it is the only one that the subscriber can settle by an answer.
    """
    if service.code in held:
        return AlreadyThere()
    if not service.on_sale:
        return NotSold()
    if service.brands and brand not in service.brands:
        return WrongBrand()
    if service.needs and service.needs not in held:
        return NeedsFirst(catalogue.services[service.needs])
    return _conflict(service, held, catalogue)


def _conflict(service: Service, held: Collection[str], catalogue: Catalogue) -> Conflicts | None:
    others = [other for code in held if (other := catalogue.service(code))]
    excluded = tuple(other for other in others if _excluded(service, other))
    return Conflicts(excluded) if excluded else None


def _excluded(one: Service, other: Service) -> bool:
    same_group = one.group != "" and one.group == other.group
    return same_group or other.code in one.excludes or one.code in other.excludes


def fee(service: Service, brand: str, held: Collection[str]) -> int:
    """A month's fee in fen for a subscriber of `brand` who has `held`."""
    if service.paid_by_group or not service.free_with.isdisjoint(held):
        return 0
    return service.fee_for(brand)


def must_end(plan: Plan, held: Collection[str], catalogue: Catalogue) -> tuple[Service, ...]:
    """What a subscriber who has `held` must give up to change to `plan`: what it excludes,
    and what is not offered to its brand."""
    mine = [service for code in held if (service := catalogue.service(code))]
    return tuple(
        service
        for service in mine
        if service.code in plan.excludes or (service.brands and plan.brand not in service.brands)
    )


def within_reach(plan: Plan, brand: str, catalogue: Catalogue) -> bool:
    """May a subscriber of `brand` change to it without going to a hall?"""
    own = catalogue.brands.get(brand)
    return plan.brand == brand or (own is not None and plan.brand in own.changes_to)


def begins(service: Service, now: int, catalogue: Catalogue) -> int:
    """When an order placed now takes effect."""
    return _moment(service.effect, now, catalogue)


def ends(service: Service, now: int, catalogue: Catalogue) -> int:
    """Until when a service cancelled now can be used; it is not charged again."""
    return _moment(service.ends, now, catalogue)


def _moment(effect: EffectiveFrom, now: int, catalogue: Catalogue) -> int:
    return now if effect is EffectiveFrom.AT_ONCE else month_end(now, catalogue.zone)
