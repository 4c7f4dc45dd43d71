"""The catalogue: brands, plans and services with their prices, as values. Money is int fen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from periods.period import ALWAYS, TimeSpan
from tariffs.bilingual_name import BilingualName

NOTHING: Final[Mapping[str, int]] = {}
UNNAMED: Final = BilingualName("")
SHANGHAI: Final = ZoneInfo("Asia/Shanghai")


class EffectiveFrom(StrEnum):
    """When an order begins to hold."""

    AT_ONCE = "T0"
    NEXT_MONTH = "T1"


class ItemUnit(StrEnum):
    MINUTES = "min"
    HOURS = "hours"  # counted in minutes, told in hours and minutes
    MEGABYTES = "mb"
    PIECES = "pieces"


@dataclass(frozen=True, slots=True)
class AllowanceItem:
    """Something a plan or service includes so many of, and that is counted as it is used."""

    code: str  # voice_min
    name: BilingualName  # 通话
    unit: ItemUnit


@dataclass(frozen=True, slots=True)
class Brand:
    code: str  # QQT
    name: BilingualName  # 全球通
    points: BilingualName  # how its points are called: 积分, M值, 福分
    changes_to: frozenset[str] = frozenset()  # brands open to change without going to a hall


@dataclass(frozen=True, slots=True)
class Plan:
    """A main plan (主套餐). `over` is fen per unit beyond what is included; both go by item."""

    code: str  # QQT88
    brand: str
    name: BilingualName
    fee_fen: int
    includes: Mapping[str, int] = field(default_factory=lambda: NOTHING)
    over: Mapping[str, int] = field(default_factory=lambda: NOTHING)
    local: bool = False  # the minutes count for local calls only
    family_numbers: int = 0  # 亲情号码, at `family_fen` a minute
    family_fen: int = 0
    excludes: frozenset[str] = frozenset()  # services that cannot be had with it
    sold: TimeSpan = ALWAYS  # when it can be changed to
    on_sale: bool = True  # whether it can now


@dataclass(frozen=True, slots=True)
class WlanRule:
    """How campus WLAN is charged beyond what it includes, and where it ends."""

    campus_fen: int  # per minute on campus beyond the included ones
    outside_fen: int  # per minute off campus
    cap_fen: int  # a month's most, the monthly fee included
    stop_mb: int  # at this volume the service rests until the month ends


@dataclass(frozen=True, slots=True)
class Service:
    """Something a subscriber can add to a plan."""

    code: str  # EDU40
    name: BilingualName
    fee_fen: int  # a month
    effect: EffectiveFrom = EffectiveFrom.AT_ONCE
    ends: EffectiveFrom = EffectiveFrom.NEXT_MONTH  # a cancelled service is used until then
    fee_by_brand: Mapping[str, int] = field(default_factory=lambda: NOTHING)
    includes: Mapping[str, int] = field(default_factory=lambda: NOTHING)
    wlan: WlanRule | None = None
    unlimited: frozenset[str] = frozenset()  # items that may be used without end
    note: BilingualName = (
        UNNAMED  # what holds beyond the included: one short clause for the confirm
    )
    group: str = ""  # a subscriber has at most one service of a group
    excludes: frozenset[str] = frozenset()  # services that cannot be had beside it
    needs: str = ""  # a service that must be there first
    brands: frozenset[str] = frozenset()  # those that may have it; empty: all
    star: int = 0  # 星级 from which on it is given
    deposit_fen: int = 0  # credit and balance that there must be for it
    paid_by_group: bool = False
    free_with: frozenset[str] = frozenset()  # beside one of these it costs nothing
    provider: BilingualName = UNNAMED  # who offers it, if not we
    cancel_code: str = ""  # QXEDU
    sold: TimeSpan = ALWAYS  # when it can be ordered; who has it keeps it
    on_sale: bool = True  # whether it can now

    def fee_for(self, brand: str) -> int:
        """A month's fee in fen for a subscriber of this brand."""
        return self.fee_by_brand.get(brand, self.fee_fen)


@dataclass(frozen=True, slots=True)
class Prepayment:
    """Pay so much, get so much to spend."""

    pay_fen: int
    get_fen: int


@dataclass(frozen=True, slots=True)
class Campaign:
    """An offer of marketing's. It is only shown here, and taken up elsewhere."""

    code: str
    name: BilingualName
    terms: BilingualName
    where: BilingualName  # who takes it up
    brands: tuple[str, ...] = ()  # for whom; empty: everybody
    prepayments: tuple[Prepayment, ...] = ()


@dataclass(frozen=True, slots=True)
class PointsExchange:
    """What points can be given for: money on the account."""

    code: str  # HF27
    name: BilingualName
    points: int
    gives_fen: int
    brands: frozenset[str] = frozenset()  # for whom; empty: everybody


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Catalogue:
    """Everything that has a price, by code. Months begin and end in `zone`."""

    brands: Mapping[str, Brand] = field(default_factory=dict)
    plans: Mapping[str, Plan] = field(default_factory=dict)
    services: Mapping[str, Service] = field(default_factory=dict)
    items: Mapping[str, AllowanceItem] = field(default_factory=dict)
    campaigns: Mapping[str, Campaign] = field(default_factory=dict)
    exchanges: Mapping[str, PointsExchange] = field(default_factory=dict)
    zone: tzinfo = SHANGHAI
    schedule: tuple[tuple[int, Catalogue], ...] = field(default=(), repr=False, compare=False)
    """If prices change: all that is known of what will hold, this one too, and from when."""
    number: str = ""  # the service number whose prices these are; empty: the hall's own
    numbers: Mapping[str, Catalogue] = field(default_factory=dict, repr=False, compare=False)
    """If some service number has prices of its own: each of them by its number, the hall's too."""

    @property
    def stretches(self) -> tuple[tuple[int, Catalogue], ...]:
        """From when each catalogue holds, in seconds since 1970: this one, if no price changes."""
        return self.schedule or ((0, self),)

    def at(self, now: int) -> Catalogue:
        """The one that holds at a moment."""
        found = self
        for since, catalogue in self.schedule:
            if since > now:
                break
            found = catalogue
        return found

    def of(self, number: str, now: int) -> Catalogue:
        """With the prices of a service number at a moment: the hall's own, if it has none."""
        theirs = self.numbers.get(number) or self.numbers.get("", self)
        return theirs.at(now)

    @property
    def everywhere(self) -> tuple[Catalogue, ...]:
        """All that is known: at any moment, at any service number."""
        held = self.numbers.values() or (self,)
        return tuple(each for one in held for _, each in one.stretches)

    def service(self, code: str) -> Service | None:
        return self.services.get(code)

    def of_group(self, group: str) -> Iterator[Service]:
        """The services of one exclusion group: EDU."""
        return (service for service in self.services.values() if service.group == group)

    def amounts(self, includes: Mapping[str, int]) -> list[tuple[AllowanceItem, int]]:
        """What is included, item by item, in the catalogue's order."""
        return [(item, includes[code]) for code, item in self.items.items() if includes.get(code)]


def with_fees(catalogue: Catalogue, number: str, fees: Mapping[str, int]) -> Catalogue:
    """As it is at a service number where some services and plans cost something else: fen a month,
    for whatever brand."""

    def there(one: Catalogue) -> Catalogue:
        services = {
            code: replace(each, fee_fen=fees[code], fee_by_brand=NOTHING) if code in fees else each
            for code, each in one.services.items()
        }
        plans = {
            code: replace(each, fee_fen=fees[code]) if code in fees else each
            for code, each in one.plans.items()
        }
        return replace(one, services=services, plans=plans, number=number, schedule=())

    return scheduled([(since, there(each)) for since, each in catalogue.stretches])


def at_numbers(catalogue: Catalogue, fees: Mapping[str, Mapping[str, int]]) -> Catalogue:
    """The same, and it knows the prices of each service number that has some of its own."""
    theirs = {number: with_fees(catalogue, number, each) for number, each in fees.items() if each}
    if not theirs:
        return catalogue
    known = {"": catalogue, **theirs}
    for one in known.values():
        for _, each in one.stretches:
            object.__setattr__(each, "numbers", known)
    return catalogue


def scheduled(catalogues: Sequence[tuple[int, Catalogue]]) -> Catalogue:
    """The first of them, and each knows them all."""
    if len(catalogues) == 1:
        return catalogues[0][1]
    known = tuple((since, replace(catalogue)) for since, catalogue in catalogues)
    for _, catalogue in known:
        object.__setattr__(catalogue, "schedule", known)
    return known[0][1]
