"""What the files of conf/tariffs may say, and the catalogue made of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import tzinfo
from typing import Annotated, Final

from pydantic import Field

from periods.period import ALWAYS
from tariffs.catalogue import (
    SHANGHAI,
    UNNAMED,
    AllowanceItem,
    Brand,
    Catalogue,
    EffectiveFrom,
    ItemUnit,
    Plan,
    Service,
    WlanRule,
)
from tariffs.file_problem import FilePlace, FileProblem, namesakes, one_of
from tariffs.rows import Code, Count, NameRow, PeriodRow, StrictRow, Yuan


class ItemRow(StrictRow):
    name: NameRow
    unit: Annotated[ItemUnit, Field(strict=False)]


class BrandRow(StrictRow):
    name: NameRow
    points: NameRow
    changes_to: list[str] = Field(default_factory=list)


class PlanChangeRow(PeriodRow):
    """What is another for a time, or from then on."""

    name: NameRow | None = None
    fee: Yuan | None = None
    includes: dict[str, Count] | None = None
    over: dict[str, Yuan] | None = None


class ServiceChangeRow(PeriodRow):
    name: NameRow | None = None
    fee: Yuan | None = None
    fee_by_brand: dict[str, Yuan] | None = None
    includes: dict[str, Count] | None = None
    note: NameRow | None = None


class PlanRow(StrictRow):
    brand: str
    name: NameRow
    fee: Yuan
    includes: dict[str, Count] = Field(default_factory=dict)
    over: dict[str, Yuan] = Field(default_factory=dict)
    local: bool = False
    family_numbers: Count = 0
    family: Yuan = 0
    excludes: list[str] = Field(default_factory=list)
    sold: PeriodRow | None = None
    changes: list[PlanChangeRow] = Field(default_factory=list, max_length=50)


class WlanRow(StrictRow):
    campus: Yuan
    outside: Yuan
    cap: Yuan
    stop_mb: Count

    def rule(self) -> WlanRule:
        return WlanRule(self.campus, self.outside, self.cap, self.stop_mb)


class ServiceRow(StrictRow):
    name: NameRow
    fee: Yuan
    effect: Annotated[EffectiveFrom, Field(strict=False)] = EffectiveFrom.AT_ONCE
    ends: Annotated[EffectiveFrom, Field(strict=False)] = EffectiveFrom.NEXT_MONTH
    fee_by_brand: dict[str, Yuan] = Field(default_factory=dict)
    includes: dict[str, Count] = Field(default_factory=dict)
    unlimited: list[str] = Field(default_factory=list)
    wlan: WlanRow | None = None
    note: NameRow | None = None
    group: str = ""
    excludes: list[str] = Field(default_factory=list)
    needs: str = ""
    brands: list[str] = Field(default_factory=list)
    star: Annotated[int, Field(ge=0, le=5)] = 0
    deposit: Yuan = 0
    paid_by_group: bool = False
    free_with: list[str] = Field(default_factory=list)
    provider: NameRow | None = None
    cancel_code: str = ""
    sold: PeriodRow | None = None
    changes: list[ServiceChangeRow] = Field(default_factory=list, max_length=50)


class BrandsFile(StrictRow):
    """conf/tariffs/brands.yaml."""

    items: dict[str, ItemRow]
    brands: dict[Code, BrandRow]


class PlansFile(StrictRow):
    """conf/tariffs/plans.yaml."""

    plans: dict[Code, PlanRow]


class ServicesFile(StrictRow):
    """conf/tariffs/services.yaml."""

    services: dict[Code, ServiceRow]


def catalogue(
    brands: BrandsFile,
    plans: PlansFile,
    services: ServicesFile,
    zone: tzinfo = SHANGHAI,
    minute: int = 0,
) -> Catalogue:
    """The three files as one catalogue, with what is sold at a minute of the wall clock; `problems`
    says whether they agree."""
    return Catalogue(
        brands={code: _brand(code, row) for code, row in brands.brands.items()},
        plans={code: _plan(code, row, minute) for code, row in plans.plans.items()},
        services={code: _service(code, row, minute) for code, row in services.services.items()},
        items={
            code: AllowanceItem(code, row.name.label(), row.unit)
            for code, row in brands.items.items()
        },
        zone=zone,
    )


def _brand(code: str, row: BrandRow) -> Brand:
    return Brand(code, row.name.label(), row.points.label(), frozenset(row.changes_to))


def _plan(code: str, row: PlanRow, minute: int) -> Plan:
    sold = row.sold.period if row.sold else ALWAYS
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
        sold=sold,
        on_sale=sold.holds(minute),
    )


def _service(code: str, row: ServiceRow, minute: int) -> Service:
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
    sold = row.sold.period if row.sold else ALWAYS
    return replace(
        service, wlan=wlan, note=note, provider=provider, sold=sold, on_sale=sold.holds(minute)
    )


# What must hold between the files.


def brand_problems(catalogue: Catalogue) -> Iterator[FileProblem]:
    for code, brand in catalogue.brands.items():
        place = ("brands", code, "changes_to")
        yield from _unknown(place, brand.changes_to, catalogue.brands, "brand")
        if code in brand.changes_to:
            yield FileProblem(place, f"'{code}' names itself", "Take it out")


def plan_problems(catalogue: Catalogue) -> Iterator[FileProblem]:
    yield from _namesakes("plans", catalogue.plans)
    for code, plan in catalogue.plans.items():
        here = ("plans", code)
        yield from _unknown((*here, "brand"), [plan.brand], catalogue.brands, "brand")
        yield from _unknown((*here, "includes"), plan.includes, catalogue.items, "item")
        yield from _unknown((*here, "over"), plan.over, catalogue.items, "item")
        yield from _unknown((*here, "excludes"), plan.excludes, catalogue.services, "service")
        yield from _none_of_it(here, plan.includes)


def service_problems(catalogue: Catalogue) -> Iterator[FileProblem]:
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
        yield from _none_of_it(here, service.includes)
        yield from _own(service)
        yield from _unknown(
            (*here, "fee_by_brand"), service.fee_by_brand, catalogue.brands, "brand"
        )


def _none_of_it(here: FilePlace, includes: Mapping[str, int]) -> Iterator[FileProblem]:
    for item, count in includes.items():
        if not count:
            what = "includes none of it"
            yield FileProblem((*here, "includes", item), what, "Write how much, or take it out")


def _own(service: Service) -> Iterator[FileProblem]:
    """Where a service contradicts itself."""
    here = ("services", service.code)
    named = {"excludes": service.excludes, "free_with": service.free_with, "needs": [service.needs]}
    for key, codes in named.items():
        if service.code in codes:
            yield FileProblem((*here, key), f"'{service.code}' names itself", "Take it out")
    for item in sorted(service.unlimited & service.includes.keys()):
        what = f"'{item}' has an end and has none"
        yield FileProblem((*here, "unlimited"), what, "Keep it in includes: or in unlimited:")
    if service.wlan and service.wlan.cap_fen < service.fee_fen:
        yield FileProblem(
            (*here, "wlan", "cap"), "the cap is less than the fee", "Correct one of them"
        )


def plan_doubts(catalogue: Catalogue) -> Iterator[FileProblem]:
    """Prices of a unit that nobody would pay: the point slipped, or fen were written."""
    for plan in catalogue.plans.values():
        for item, fen in plan.over.items():
            if fen > _DEAR:
                what = f"one more costs {fen // 100} yuan"
                place = ("plans", plan.code, "over", item)
                yield FileProblem(place, what, "Correct it: amounts are yuan")


_DEAR: Final = 1_000  # fen for a minute, a MB or a message


def service_doubts(catalogue: Catalogue) -> Iterator[FileProblem]:
    """Services that need, or are free with, what they are never beside."""
    for service in catalogue.services.values():
        for key, codes in (("needs", {service.needs}), ("free_with", service.free_with)):
            for code in sorted(service.excludes & codes):
                what = f"is never beside '{code}', which it excludes"
                yield FileProblem(
                    ("services", service.code, key), what, "Take it out in one of the two"
                )


def _namesakes(section: str, things: Mapping[str, Plan | Service]) -> Iterator[FileProblem]:
    yield from namesakes(section, "zh", {code: str(each.name) for code, each in things.items()})
    yield from namesakes(section, "en", {code: each.name.en for code, each in things.items()})


PROBLEMS: dict[str, Callable[[Catalogue], Iterator[FileProblem]]] = {
    "brands.yaml": brand_problems,
    "plans.yaml": plan_problems,
    "services.yaml": service_problems,
}


def _unknown(
    place: FilePlace, named: Iterable[str], known: Collection[str], kind: str
) -> Iterator[FileProblem]:
    for code in named:
        if code not in known:
            there = f"conf/tariffs has no {kind} '{code}'"
            yield FileProblem(place, there, one_of(known, code))
