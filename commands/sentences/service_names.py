"""Which code orders or ends a service that somebody names, by its price, its hours or its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from commands.sentences.tagging import TaggedSentence


@dataclass(frozen=True, slots=True)
class ServiceVariant:
    """A code, and what it is known by. `yuan`: its fee in whole yuan."""

    code: str
    service: str = ""  # in conf/tariffs; empty: it ends all of its group
    yuan: str = ""
    hours: str = ""
    brand: str = ""  # the tag of a plan's brand
    called: str = ""  # what tells a plan by its name


@dataclass(frozen=True, slots=True)
class ServiceFamily:
    """What is sold under one tag."""

    opens: tuple[ServiceVariant, ...] = ()
    closes: tuple[ServiceVariant, ...] = ()
    changes: tuple[ServiceVariant, ...] = ()
    choices: str = ""  # the code that lists the variants
    value: str = ""  # the kind of number that follows the code: KTHZ#13800138002


ALL: Final = "0000"  # from there everything can be given up
PLANS: Final = "TCBG"


@dataclass(frozen=True, slots=True)
class ServiceNames:
    families: Mapping[str, ServiceFamily]  # by tag, in the order in which they are looked for
    signs: Mapping[str, str]  # of the tags
    plans: tuple[ServiceVariant, ...] = ()

    def named(self, tagged: TaggedSentence) -> ServiceFamily | None:
        """The service that is named last: 不是彩铃是来显."""
        found = {
            tagged.signs.rfind(self.signs[tag]): family for tag, family in self.families.items()
        }
        last = max(found, default=-1)
        return found[last] if last >= 0 else None

    def has(self, tagged: TaggedSentence, tag: str) -> bool:
        return self.signs[tag] in tagged.signs


def _numbers(tagged: TaggedSentence) -> Iterator[str]:
    for kind in ("yuan", "digits"):
        yield from tagged.all(kind)


def _fitting(
    variants: tuple[ServiceVariant, ...], names: ServiceNames, tagged: TaggedSentence
) -> tuple[ServiceVariant, ...]:
    """Those that the text can mean: by hours, by price, or all."""
    for number in reversed(tagged.all("hours") + tagged.all("digits")):  # 从40小时升到100小时
        if found := tuple(v for v in variants if v.hours == number):
            return found[:1]
    prices = [*_numbers(tagged), *(["0"] if names.has(tagged, "free") else [])]
    for price in reversed(prices):
        if found := tuple(v for v in variants if v.yuan == price):
            return found[:1]
    return variants


def _open(names: ServiceNames, tagged: TaggedSentence) -> tuple[str, ...]:
    return _chosen(names, tagged, "opens")


def _change(names: ServiceNames, tagged: TaggedSentence) -> tuple[str, ...]:
    return _chosen(names, tagged, "changes")


def _chosen(names: ServiceNames, tagged: TaggedSentence, how: str) -> tuple[str, ...]:
    family = names.named(tagged)
    variants: tuple[ServiceVariant, ...] = getattr(family, how) if family else ()
    if family is None or not variants:
        return ()
    if family.value:
        code, value = variants[0].code, tagged.value(family.value)
        if not value and family.value == "yuan":
            value = tagged.value("digits")
        return (f"{code}#{value}" if value else code,)
    fitting = _fitting(variants, names, tagged)
    if len({v.service for v in fitting}) == 1:
        return (fitting[0].code,)
    return (family.choices,) if family.choices else tuple(v.code for v in fitting[:2])


def _close(names: ServiceNames, tagged: TaggedSentence) -> tuple[str, ...]:
    """Where it may be one of several, all that there is: who has ordered it sees it there."""
    family = names.named(tagged)
    variants = family.closes if family else ()
    fitting = _fitting(variants, names, tagged)
    whole = tuple(v for v in variants if not v.service)
    if len({v.service for v in fitting}) == 1 and variants:
        return (fitting[0].code,)
    return (whole[0].code,) if whole else (ALL,)


def _price(names: ServiceNames, tagged: TaggedSentence) -> tuple[str, ...]:
    family = names.named(tagged)
    if family is None or not family.opens or not family.opens[0].service:
        return ()
    fitting = _fitting(family.opens, names, tagged)
    if len({v.service for v in fitting}) > 1 and family.choices:
        return (family.choices,)
    return (f"ZF#{fitting[0].service}",)


def _plan(names: ServiceNames, tagged: TaggedSentence) -> tuple[str, ...]:
    if by_name := [v for v in names.plans if v.called and v.called in tagged.signs]:
        return (by_name[-1].code,)
    prices = set(_numbers(tagged))
    brands = {v.brand for v in names.plans if v.brand and names.has(tagged, v.brand)}
    fitting = [v for v in names.plans if v.yuan in prices and (not brands or v.brand in brands)]
    return (fitting[0].code,) if len(fitting) == 1 else (PLANS,)


def asked(item: str, names: ServiceNames, tagged: TaggedSentence) -> tuple[str, ...]:
    """The codes of OPEN, CLOSE …; OPEN:tone orders the service of that tag, whether or not the text
    names it."""
    what, _, tag = item.partition(":")
    if tag:
        tagged = TaggedSentence(tagged.signs + names.signs[tag], tagged.numbers)
    return ASKED[what](names, tagged)


def _language(names: ServiceNames, tagged: TaggedSentence) -> tuple[str, ...]:
    english, chinese = (tagged.signs.rfind(names.signs[tag]) for tag in ("english", "chinese"))
    return ("EN",) if english > chinese else ("ZH",)


ASKED: Final[Mapping[str, Callable[[ServiceNames, TaggedSentence], tuple[str, ...]]]] = {
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
