"""What the files of conf/tariffs may say, and the catalogue made of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import tzinfo
from decimal import Decimal
from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from tariffs.catalogue import (
    SHANGHAI,
    UNNAMED,
    Brand,
    Catalogue,
    Effect,
    Item,
    Plan,
    Service,
    Unit,
    WlanRule,
)
from tariffs.label import Label
from tariffs.problem import Place, Problem, one_of

MOST_YUAN: Final = 1_000_000


def fen(yuan: object) -> int:
    """Yuan as a person writes them, 58 or 0.29, as fen. Never through binary fractions."""
    if isinstance(yuan, bool) or not isinstance(yuan, int | float):
        raise ValueError("an amount in yuan is a number like 58 or 0.29")
    if not 0 <= yuan <= MOST_YUAN:
        raise ValueError(f"an amount in yuan is not negative and at most {MOST_YUAN:,}")
    amount = Decimal(repr(yuan)) * 100
    if amount % 1:
        raise ValueError("an amount in yuan has at most two decimals and is not negative")
    return int(amount)


Yuan = Annotated[int, BeforeValidator(fen)]
Count = Annotated[int, Field(ge=0)]
Code = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]*$")]


class Sheet(BaseModel):
    """What every file of conf/ and each part of one is like: nothing unknown, nothing converted."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Name(Sheet):
    zh: str
    en: str

    def label(self) -> Label:
        return Label(self.zh, self.en)


class ItemRow(Sheet):
    name: Name
    unit: Annotated[Unit, Field(strict=False)]


class BrandRow(Sheet):
    name: Name
    points: Name
    changes_to: list[str] = []


class PlanRow(Sheet):
    brand: str
    name: Name
    fee: Yuan
    includes: dict[str, Count] = {}
    over: dict[str, Yuan] = {}
    local: bool = False
    family_numbers: Count = 0
    family: Yuan = 0
    excludes: list[str] = []


class WlanRow(Sheet):
    campus: Yuan
    outside: Yuan
    cap: Yuan
    stop_mb: Count

    def rule(self) -> WlanRule:
        return WlanRule(self.campus, self.outside, self.cap, self.stop_mb)


class ServiceRow(Sheet):
    name: Name
    fee: Yuan
    effect: Annotated[Effect, Field(strict=False)] = Effect.AT_ONCE
    ends: Annotated[Effect, Field(strict=False)] = Effect.NEXT_MONTH
    fee_by_brand: dict[str, Yuan] = {}
    includes: dict[str, Count] = {}
    unlimited: list[str] = []
    wlan: WlanRow | None = None
    note: Name | None = None
    group: str = ""
    excludes: list[str] = []
    needs: str = ""
    brands: list[str] = []
    star: Annotated[int, Field(ge=0, le=5)] = 0
    deposit: Yuan = 0
    paid_by_group: bool = False
    free_with: list[str] = []
    provider: Name | None = None
    cancel_code: str = ""


class Brands(Sheet):
    """conf/tariffs/brands.yaml."""

    items: dict[str, ItemRow]
    brands: dict[Code, BrandRow]


class Plans(Sheet):
    """conf/tariffs/plans.yaml."""

    plans: dict[Code, PlanRow]


class Services(Sheet):
    """conf/tariffs/services.yaml."""

    services: dict[Code, ServiceRow]


def catalogue(
    brands: Brands, plans: Plans, services: Services, zone: tzinfo = SHANGHAI
) -> Catalogue:
    """The three files as one catalogue; `problems` says whether they agree."""
    return Catalogue(
        brands={code: _brand(code, row) for code, row in brands.brands.items()},
        plans={code: _plan(code, row) for code, row in plans.plans.items()},
        services={code: _service(code, row) for code, row in services.services.items()},
        items={code: Item(code, row.name.label(), row.unit) for code, row in brands.items.items()},
        zone=zone,
    )


def _brand(code: str, row: BrandRow) -> Brand:
    return Brand(code, row.name.label(), row.points.label(), frozenset(row.changes_to))


def _plan(code: str, row: PlanRow) -> Plan:
    return Plan(
        code=code,
        brand=row.brand,
        name=row.name.label(),
        fee_fen=row.fee,
        includes=row.includes,
        over=row.over,
        local=row.local,
        family_numbers=row.family_numbers,
        family_fen=row.family,
        excludes=frozenset(row.excludes),
    )


def _service(code: str, row: ServiceRow) -> Service:
    service = Service(
        code=code,
        name=row.name.label(),
        fee_fen=row.fee,
        effect=row.effect,
        ends=row.ends,
        fee_by_brand=row.fee_by_brand,
        includes=row.includes,
        unlimited=frozenset(row.unlimited),
        group=row.group,
        excludes=frozenset(row.excludes),
        needs=row.needs,
        brands=frozenset(row.brands),
        star=row.star,
        deposit_fen=row.deposit,
        paid_by_group=row.paid_by_group,
        free_with=frozenset(row.free_with),
        cancel_code=row.cancel_code,
    )
    wlan = row.wlan.rule() if row.wlan else None
    note = row.note.label() if row.note else UNNAMED
    provider = row.provider.label() if row.provider else UNNAMED
    return replace(service, wlan=wlan, note=note, provider=provider)


# What must hold between the files.


def brand_problems(catalogue: Catalogue) -> Iterator[Problem]:
    for code, brand in catalogue.brands.items():
        place = ("brands", code, "changes_to")
        yield from _unknown(place, brand.changes_to, catalogue.brands, "brand")


def plan_problems(catalogue: Catalogue) -> Iterator[Problem]:
    yield from _namesakes("plans", catalogue.plans)
    for code, plan in catalogue.plans.items():
        here = ("plans", code)
        yield from _unknown((*here, "brand"), [plan.brand], catalogue.brands, "brand")
        yield from _unknown((*here, "includes"), plan.includes, catalogue.items, "item")
        yield from _unknown((*here, "over"), plan.over, catalogue.items, "item")
        yield from _unknown((*here, "excludes"), plan.excludes, catalogue.services, "service")


def service_problems(catalogue: Catalogue) -> Iterator[Problem]:
    yield from _namesakes("services", catalogue.services)
    for code, service in catalogue.services.items():
        here = ("services", code)
        needs = [service.needs] if service.needs else []
        yield from _unknown((*here, "includes"), service.includes, catalogue.items, "item")
        yield from _unknown((*here, "unlimited"), service.unlimited, catalogue.items, "item")
        for key, named in (("excludes", service.excludes), ("free_with", service.free_with)):
            yield from _unknown((*here, key), named, catalogue.services, "service")
        yield from _unknown((*here, "needs"), needs, catalogue.services, "service")
        yield from _unknown((*here, "brands"), service.brands, catalogue.brands, "brand")
        yield from _own(service)
        yield from _unknown(
            (*here, "fee_by_brand"), service.fee_by_brand, catalogue.brands, "brand"
        )


def _own(service: Service) -> Iterator[Problem]:
    """Where a service contradicts itself."""
    here = ("services", service.code)
    named = {"excludes": service.excludes, "free_with": service.free_with, "needs": [service.needs]}
    for key, codes in named.items():
        if service.code in codes:
            yield Problem((*here, key), f"'{service.code}' names itself", "Take it out")
    for item in sorted(service.unlimited & service.includes.keys()):
        what = f"'{item}' has an end and has none"
        yield Problem((*here, "unlimited"), what, "Keep it in includes: or in unlimited:")
    if service.wlan and service.wlan.cap_fen < service.fee_fen:
        yield Problem((*here, "wlan", "cap"), "the cap is less than the fee", "Correct one of them")


def _namesakes(section: str, things: Mapping[str, Plan | Service]) -> Iterator[Problem]:
    """Two things that a subscriber could not tell apart."""
    for language in ("zh", "en"):
        seen: dict[str, str] = {}
        for code, thing in things.items():
            name = str(thing.name) if language == "zh" else thing.name.en
            if name in seen:
                what = f"'{name}' is also the name of {seen[name]}"
                yield Problem((section, code, "name", language), what, "Name one otherwise")
            seen.setdefault(name, code)


PROBLEMS: dict[str, Callable[[Catalogue], Iterator[Problem]]] = {
    "brands.yaml": brand_problems,
    "plans.yaml": plan_problems,
    "services.yaml": service_problems,
}


def _unknown(
    place: Place, named: Iterable[str], known: Collection[str], kind: str
) -> Iterator[Problem]:
    for code in named:
        if code not in known:
            there = f"conf/tariffs has no {kind} '{code}'"
            yield Problem(place, there, one_of(known, code))
