"""Who walks a menu: what conditions and texts may know about a subscriber."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from types import MappingProxyType
from typing import Final

from commands.classes.customer_classes import NO_CLASSES, CustomerClasses
from commands.model.accounts import SubscriberAccount
from menus.model.conditions import MenuUser
from menus.model.wording import LANGUAGES
from tariffs.bilingual_name import in_language
from tariffs.catalogue import SHANGHAI, Catalogue

_POINTS: Final = {"zh": "积分", "en": "points"}
NO_MONEY: Final[Mapping[str, str]] = MappingProxyType({"balance": "", "arrears": ""})
"""{balance} and {arrears}, a sentence each, where nothing may be told."""
NOBODY: Final[Mapping[str, Mapping[str, str]]] = {
    language: {**NO_MONEY, "points": points} for language, points in _POINTS.items()
}
"""The facts of a caller whose number is not ours, or not shown."""


def caller_of(
    account: SubscriberAccount,
    catalogue: Catalogue,
    now: int,
    *,
    zone: tzinfo = SHANGHAI,
    level: int = 1,
    weekday: int = 0,
    holiday: bool = False,
    offers: bool = False,
    classes: CustomerClasses = NO_CLASSES,
    money: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
) -> MenuUser:
    """`level` is what has been proven, A0 to A3; `offers`: one may be shown now; `weekday` 0: the
    calendar's. `money`: what may be told of it, by language."""
    moment, groups = datetime.fromtimestamp(now, zone), account.classes_at(now)
    return MenuUser(
        brand=account.brand,
        state=account.state.value,
        groups=groups,
        star=max([account.star, *(one.star for one in classes.among(groups))]),
        level=level,
        minute=moment.hour * 60 + moment.minute,
        weekday=weekday or moment.isoweekday(),
        holiday=holiday,
        offers=offers and classes.may_be_advertised_to(groups),
        facts={
            language: {**facts_of(account, catalogue, language), **money.get(language, {})}
            for language in LANGUAGES
        },
    )


def facts_of(account: SubscriberAccount, catalogue: Catalogue, language: str) -> dict[str, str]:
    """{brand}, {points}, {plan} and {phone} in the texts of menus."""
    brand = catalogue.brands.get(account.brand)
    plan = catalogue.plans.get(account.plan)
    return {
        **NO_MONEY,
        "brand": in_language(brand.name, language) if brand else "",
        "points": in_language(brand.points, language) if brand else _POINTS[language],
        "plan": in_language(plan.name, language) if plan else "",
        "phone": f"{account.msisdn[:3]}****{account.msisdn[-4:]}",
    }
