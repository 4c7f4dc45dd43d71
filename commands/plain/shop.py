"""Which code orders or ends a service that somebody names, by its price, its hours or its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from commands.plain.tagging import Tagged


@dataclass(frozen=True, slots=True)
class Variant:
    """A code, and what it is known by. `yuan`: its fee in whole yuan."""

    code: str
    service: str = ""  # in conf/tariffs; empty: it ends all of its group
    yuan: str = ""
    hours: str = ""
    brand: str = ""  # the tag of a plan's brand
    called: str = ""  # what tells a plan by its name


@dataclass(frozen=True, slots=True)
class Goods:
    """What is sold under one tag."""

    opens: tuple[Variant, ...] = ()
    closes: tuple[Variant, ...] = ()
    changes: tuple[Variant, ...] = ()
    choices: str = ""  # the code that lists the variants
    value: str = ""  # the kind of number that follows the code: KTHZ#13800138002


ALL: Final = "0000"  # from there everything can be given up
PLANS: Final = "TCBG"


@dataclass(frozen=True, slots=True)
class Shop:
    goods: Mapping[str, Goods]  # by tag, in the order in which they are looked for
    signs: Mapping[str, str]  # of the tags
    plans: tuple[Variant, ...] = ()

    def named(self, tagged: Tagged) -> Goods | None:
        """The service that is named last: 不是彩铃是来显."""
        found = {tagged.signs.rfind(self.signs[tag]): goods for tag, goods in self.goods.items()}
        last = max(found, default=-1)
        return found[last] if last >= 0 else None

    def has(self, tagged: Tagged, tag: str) -> bool:
        return self.signs[tag] in tagged.signs


def _numbers(tagged: Tagged) -> Iterator[str]:
    for kind in ("yuan", "digits"):
        yield from tagged.all(kind)


def _fitting(variants: tuple[Variant, ...], shop: Shop, tagged: Tagged) -> tuple[Variant, ...]:
    """Those that the text can mean: by hours, by price, or all."""
    for number in reversed(tagged.all("hours") + tagged.all("digits")):  # 从40小时升到100小时
        if found := tuple(v for v in variants if v.hours == number):
            return found[:1]
    prices = [*_numbers(tagged), *(["0"] if shop.has(tagged, "free") else [])]
    for price in reversed(prices):
        if found := tuple(v for v in variants if v.yuan == price):
            return found[:1]
    return variants


def _open(shop: Shop, tagged: Tagged) -> tuple[str, ...]:
    return _chosen(shop, tagged, "opens")


def _change(shop: Shop, tagged: Tagged) -> tuple[str, ...]:
    return _chosen(shop, tagged, "changes")


def _chosen(shop: Shop, tagged: Tagged, how: str) -> tuple[str, ...]:
    goods = shop.named(tagged)
    variants: tuple[Variant, ...] = getattr(goods, how) if goods else ()
    if goods is None or not variants:
        return ()
    if goods.value:
        code, value = variants[0].code, tagged.value(goods.value)
        if not value and goods.value == "yuan":
            value = tagged.value("digits")
        return (f"{code}#{value}" if value else code,)
    fitting = _fitting(variants, shop, tagged)
    if len({v.service for v in fitting}) == 1:
        return (fitting[0].code,)
    return (goods.choices,) if goods.choices else tuple(v.code for v in fitting[:2])


def _close(shop: Shop, tagged: Tagged) -> tuple[str, ...]:
    """Where it may be one of several, all that there is: who has ordered it sees it there."""
    goods = shop.named(tagged)
    variants = goods.closes if goods else ()
    fitting = _fitting(variants, shop, tagged)
    whole = tuple(v for v in variants if not v.service)
    if len({v.service for v in fitting}) == 1 and variants:
        return (fitting[0].code,)
    return (whole[0].code,) if whole else (ALL,)


def _price(shop: Shop, tagged: Tagged) -> tuple[str, ...]:
    goods = shop.named(tagged)
    if goods is None or not goods.opens or not goods.opens[0].service:
        return ()
    fitting = _fitting(goods.opens, shop, tagged)
    if len({v.service for v in fitting}) > 1 and goods.choices:
        return (goods.choices,)
    return (f"ZF#{fitting[0].service}",)


def _plan(shop: Shop, tagged: Tagged) -> tuple[str, ...]:
    if by_name := [v for v in shop.plans if v.called and v.called in tagged.signs]:
        return (by_name[-1].code,)
    prices = set(_numbers(tagged))
    brands = {v.brand for v in shop.plans if v.brand and shop.has(tagged, v.brand)}
    fitting = [v for v in shop.plans if v.yuan in prices and (not brands or v.brand in brands)]
    return (fitting[0].code,) if len(fitting) == 1 else (PLANS,)


def asked(item: str, shop: Shop, tagged: Tagged) -> tuple[str, ...]:
    """The codes of OPEN, CLOSE …; OPEN:tone orders the service of that tag, whether or not the text
    names it."""
    what, _, tag = item.partition(":")
    if tag:
        tagged = Tagged(tagged.signs + shop.signs[tag], tagged.numbers)
    return ASKED[what](shop, tagged)


def _language(shop: Shop, tagged: Tagged) -> tuple[str, ...]:
    english, chinese = (tagged.signs.rfind(shop.signs[tag]) for tag in ("english", "chinese"))
    return ("EN",) if english > chinese else ("ZH",)


ASKED: Final[Mapping[str, Callable[[Shop, Tagged], tuple[str, ...]]]] = {
    "OPEN": _open,
    "CLOSE": _close,
    "CHANGE": _change,
    "PRICE": _price,
    "PLAN": _plan,
    "LANGUAGE": _language,
}
OTHERS: Final = "OTHERS"
OPENS: Final = "OPENS"
CLOSES: Final = "CLOSES"
