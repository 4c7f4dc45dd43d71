"""Who walks a menu: what conditions and texts may know about a subscriber."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from functools import partial
from types import MappingProxyType
from typing import Final

from commands.classes.customer_classes import NO_CLASSES, CustomerClasses
from commands.model.accounts import SubscriberAccount
from commands.model.regions import NO_REGIONS, Regions
from gateway.config.holidays import NO_HOLIDAYS, Holidays
from gateway.wording.tariff_references import TariffTexts
from menus.model.conditions import MenuUser
from menus.model.wording import LANGUAGES
from periods.period import DAY, minute_of
from tariffs.bilingual_name import in_language
from tariffs.catalogue import SHANGHAI, Catalogue

_POINTS: Final = {"zh": "积分", "en": "points"}
_NOTHING: Final = frozenset[str]()
NO_MONEY: Final[Mapping[str, str]] = MappingProxyType({"balance": "", "arrears": ""})
"""{balance} and {arrears}, a sentence each, where nothing may be told."""
_TEXTS: Final = TariffTexts()
TellsMoney = Callable[[str], Mapping[str, str]]
"""What may be said of somebody's money in a language, {balance} and {arrears}."""


def no_money(language: str) -> Mapping[str, str]:
    return NO_MONEY


class LazyFacts(Mapping[str, str]):
    """Facts that are put together once a text names one: most texts name none."""

    __slots__ = ("_known", "_of")

    def __init__(self, of: Callable[[], Mapping[str, str]]) -> None:
        self._of = of
        self._known: Mapping[str, str] | None = None

    def _all(self) -> Mapping[str, str]:
        if self._known is None:
            self._known = self._of()
        return self._known

    def __getitem__(self, name: str) -> str:
        return self._all()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())


def _by_language(of: Callable[[str], Mapping[str, str]]) -> Mapping[str, Mapping[str, str]]:
    return {language: LazyFacts(partial(of, language)) for language in LANGUAGES}


@dataclass(frozen=True, slots=True)
class MomentOfTurn:
    """When somebody walks, on the hall's clock and calendar."""

    moment: int  # the minute of the wall clock: periods.period
    weekday: int
    holiday: bool = False

    @property
    def minute(self) -> int:
        return self.moment % DAY

    def of(self, caller: MenuUser) -> MenuUser:
        """The same caller at this moment."""
        return replace(
            caller, minute=self.minute, moment=self.moment, weekday=self.weekday,
            holiday=self.holiday,
        )  # fmt: skip


def moment_of_turn(now: int, zone: tzinfo, holidays: Holidays = NO_HOLIDAYS) -> MomentOfTurn:
    there = datetime.fromtimestamp(now, zone)
    weekday, holiday = holidays.of(there.date())
    return MomentOfTurn(minute_of(there), weekday, holiday)


def nobody(
    when: MomentOfTurn,
    catalogue: Catalogue,
    *,
    mobile: bool,
    references: frozenset[str] = _NOTHING,
) -> MenuUser:
    """A caller whose number is not ours, or not shown."""

    def facts(language: str) -> Mapping[str, str]:
        texts = _TEXTS.of(references, catalogue, language)
        return {**NO_MONEY, "points": _POINTS[language], **texts}

    return MenuUser(
        minute=when.minute, moment=when.moment, weekday=when.weekday, holiday=when.holiday,
        mobile=mobile, facts=_by_language(facts),
    )  # fmt: skip


def caller_of(
    account: SubscriberAccount,
    catalogue: Catalogue,
    now: int,
    *,
    zone: tzinfo = SHANGHAI,
    when: MomentOfTurn | None = None,
    level: int = 1,
    offers: bool = False,
    classes: CustomerClasses = NO_CLASSES,
    regions: Regions = NO_REGIONS,
    references: frozenset[str] = _NOTHING,
    money: TellsMoney = no_money,
) -> MenuUser:
    """`level` is what has been proven, A0 to A3; `offers`: one may be shown now; `references` are
    what the book wants from the tariff. `money`: what may be told of it."""

    def facts(language: str) -> Mapping[str, str]:
        return {
            **facts_of(account, catalogue, language),
            **_TEXTS.of(references, catalogue, language, account.brand),
            **money(language),
        }

    groups = account.classes_at(now)
    there = when or moment_of_turn(now, zone)
    return MenuUser(
        brand=account.brand,
        state=account.state.value,
        groups=groups,
        star=max([account.star, *(one.star for one in classes.among(groups))]),
        level=level,
        minute=there.minute,
        moment=there.moment,
        weekday=there.weekday,
        holiday=there.holiday,
        region=regions.of(account.msisdn) or "",
        campus=regions.campus_of(account.msisdn) or "",
        offers=offers and classes.may_be_advertised_to(groups),
        facts=_by_language(facts),
    )


def facts_of(account: SubscriberAccount, catalogue: Catalogue, language: str) -> dict[str, str]:
    """{brand}, {points}, {plan} and {phone} in the texts of menus."""
    brand = catalogue.brands.get(account.brand)
    plan = catalogue.plans.get(account.plan)
    return {
        "brand": in_language(brand.name, language) if brand else "",
        "points": in_language(brand.points, language) if brand else _POINTS[language],
        "plan": in_language(plan.name, language) if plan else "",
        "phone": f"{account.msisdn[:3]}****{account.msisdn[-4:]}",
    }
