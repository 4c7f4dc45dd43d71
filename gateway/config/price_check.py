"""Prices in texts: whether each that stands beside a service or plan is the tariff's.

A price is written once, in conf/tariffs; labels, replies and offers take it from there by
{price:LL10}. An amount is looked for in the sentence that names what it belongs to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final

from commands.config.command_file import CommandsFile
from commands.model.parameters import in_fen
from gateway.wording.formatting import price
from gateway.wording.tariff_references import all_references, depends_on_brand, value_of
from tariffs.catalogue import Campaign, Catalogue, Service
from tariffs.file_problem import FilePlace, FileProblem

_AMOUNT: Final = re.compile(
    # a rate such as 0.02元/分钟 is no price of a month
    r"(?<![\d.])(\d{1,6}(?:\.\d{1,2})?)\s*(?:元|块|圆|[Yy]uan|RMB|CNY)"
    r"(?!\s*(?:/|每|per )\s*(?!月|month))"
    r"|[¥￥]\s*(\d{1,6}(?:\.\d{1,2})?)"
)
_RATE: Final = re.compile(r"(?<![\d.])(\d{1,6}(?:\.\d{1,2})?)\s*(?:元|[Yy]uan)")
_FROM_WHEN: Final = re.compile(r"\d月|\d日|起|[Ff]rom |[Uu]ntil ")
_SENTENCE: Final = re.compile(r"[。;;!!??\n]|\. ")
_PLAN: Final = re.compile(r"(\d{1,6}(?:\.\d{1,2})?)元(?:(?:至|到|-)(\d{1,6}(?:\.\d{1,2})?)元)?套餐")

Fees = frozenset[int]
Codes = Mapping[int, str]  # a price in fen, and the code of what costs it


@dataclass(frozen=True, slots=True)
class PriceCheck:
    """What each thing costs in a month, in fen, by its code, its names and the codes that order it;
    several where it depends on the subscriber's brand, or changes. `coming`: what it will cost, and
    does not cost yet: only a text that says from when may say so."""

    fees: Mapping[str, Codes]
    coming: Mapping[str, Fees] = field(default_factory=dict)

    def of(self, word: str) -> Codes | None:
        return self.fees.get(word)

    def odd(self, text: str, subject: str = "") -> Iterator[tuple[str, str]]:
        """Amounts in a text that belong to the subject, or to what its sentence names: each is
        wrong already, or will be when the price changes. What is wrong, and what to write."""
        if not _AMOUNT.search(text):
            return
        if subject in self.fees:
            yield from self._odd(text, [subject])
            return
        for sentence in _SENTENCE.split(text):
            if _AMOUNT.search(sentence) and (named := self._named(sentence)):
                yield from self._odd(sentence, named)

    def _odd(self, text: str, subjects: Sequence[str]) -> Iterator[tuple[str, str]]:
        known: dict[int, str] = {}
        for subject in subjects:
            known = {**self.fees[subject], **known}
        coming = frozenset(fen for one in subjects for fen in self.coming.get(one, ()))
        for fen in amounts(text):
            if fen in coming and _FROM_WHEN.search(text):
                continue
            whose = " and ".join(subjects)
            if fen in known:
                what = f"says {price(fen)} yuan for {whose}, which stands in conf/tariffs"
                yield what, f"Write {{price:{known[fen]}}} instead of {price(fen)}"
                continue
            says = " or ".join(
                f"{price(f)} ({{price:{code}}})" for f, code in sorted(known.items())
            )
            yield f"says {price(fen)} yuan for {whose}", f"conf/tariffs says {says}"

    def _named(self, sentence: str) -> list[str]:
        """The things that a sentence names; a name that is part of a longer one is none."""
        found: list[str] = []
        for word in self.fees:  # the longest first
            if word in sentence and _alone(word, sentence):
                found.append(word)
                sentence = sentence.replace(word, " " * len(word) if word.isascii() else word[:0])
        return found


def amounts(text: str) -> Iterator[int]:
    """In fen."""
    return (in_fen(one or other) for one, other in _AMOUNT.findall(text))


def _alone(word: str, sentence: str) -> bool:
    """A code such as LL10 is a word of its own: KTLL10 is another."""
    return not word.isascii() or bool(
        re.search(rf"(?<![A-Za-z0-9]){re.escape(word)}(?![A-Za-z0-9])", sentence)
    )


def prices(catalogue: Catalogue, sheet: CommandsFile) -> PriceCheck:
    """A code that is read by hours or by price (edu_code_reading) may stand beside either."""
    fees: dict[str, dict[int, str]] = {}

    def add(words: Iterable[str], code: str, costs: Fees) -> None:
        for word in words:
            if len(word) > 1:
                known = fees.setdefault(word, {})
                for fen in costs:
                    known.setdefault(fen, code)

    stretches = [then for _, then in catalogue.stretches]
    for held in stretches:
        for service in held.services.values():
            code = service.code
            add((code, service.name, service.name.en), code, _fees(service))
        for plan in held.plans.values():
            code = plan.code
            add((code, plan.name, plan.name.en), code, frozenset([plan.fee_fen]))
    for row in sheet.commands.values():
        for word, fixed in [*row.variants.items(), *row.price_variants.items()]:
            for kind, things in (("service", catalogue.services), ("plan", catalogue.plans)):
                if (named := fixed.get(kind)) in things:
                    for fen, code in fees[str(named)].items():
                        add([word], code, frozenset([fen]))
    known = {word: fees[word] for word in sorted(fees, key=len, reverse=True)}
    return PriceCheck(known, _coming(stretches, fees))


def _coming(stretches: Sequence[Catalogue], fees: Mapping[str, Codes]) -> dict[str, Fees]:
    """By every word that stands for what will cost it, whatever it is called until then."""
    now, later = stretches[0], stretches[1:]
    found: dict[str, Fees] = {}
    for code in (*now.services, *now.plans):
        held = _costs(now, code)
        if fresh := frozenset().union(*(_costs(one, code) for one in later)) - held:
            theirs = [word for word, codes in fees.items() if code in codes.values()]
            found |= {word: found.get(word, frozenset()) | fresh for word in theirs}
    return found


def _costs(catalogue: Catalogue, code: str) -> Fees:
    if (service := catalogue.services.get(code)) is not None:
        return _fees(service)
    plan = catalogue.plans.get(code)
    return frozenset([plan.fee_fen]) if plan is not None else frozenset()


def _fees(service: Service) -> Fees:
    free = [0] if service.free_with or service.paid_by_group else []
    return frozenset([service.fee_fen, service.deposit_fen, *service.fee_by_brand.values(), *free])


def reference_problems(
    references: Iterable[str], catalogue: Catalogue
) -> Iterator[tuple[str, str]]:
    """Of a text that says the same to everybody: codes that the tariff does not have, and prices
    that are another for some."""
    for one in references:
        if value_of(one, catalogue, "zh") is None:
            code, known = one.partition(":")[2], all_references(catalogue)
            near = [f"{{{name}}}" for name in get_close_matches(one, known, n=2, cutoff=0.6)]
            fix = f"Did you mean {' or '.join(near)}?" if near else "Write the code of a service"
            yield f"asks for {{{one}}}, and the tariff has no price or name of {code}", fix
        elif depends_on_brand(one, catalogue):
            what = f"says {{{one}}} to everybody, and it depends on the brand"
            yield what, "Say it in a menu, which knows the brand, or leave the price out"


def service_prices(catalogue: Catalogue) -> Iterator[FileProblem]:
    """Amounts in the name and the note of a service."""
    for code, service in catalogue.services.items():
        own = _fees(service)
        if rule := service.wlan:
            own |= {rule.campus_fen, rule.outside_fen, rule.cap_fen}
        for key, label in (("name", service.name), ("note", service.note)):
            for language, text in (("zh", str(label)), ("en", label.en)):
                found = _RATE.findall(text) if service.wlan else ()
                for fen in dict.fromkeys([*amounts(text), *map(in_fen, found)]):
                    if fen not in own:
                        place: FilePlace = ("services", code, key, language)
                        what = f"says {price(fen)} yuan, which {code} does not cost"
                        fix = f"It costs {', '.join(price(f) for f in sorted(own - {0} or own))}"
                        yield FileProblem(place, what, fix)


def plan_prices(catalogue: Catalogue) -> Iterator[FileProblem]:
    """Amounts in the name of a plan."""
    for code, plan in catalogue.plans.items():
        for language, text in (("zh", str(plan.name)), ("en", plan.name.en)):
            for fen in amounts(text):
                if fen != plan.fee_fen:
                    place: FilePlace = ("plans", code, "name", language)
                    what = f"says {price(fen)} yuan, which {code} does not cost"
                    yield FileProblem(place, what, f"It costs {price(plan.fee_fen)}")


def exchange_prices(catalogue: Catalogue) -> Iterator[FileProblem]:
    """Amounts in the name of what points are given for."""
    for code, exchange in catalogue.exchanges.items():
        for language, text in (("zh", str(exchange.name)), ("en", exchange.name.en)):
            for fen in amounts(text):
                if fen != exchange.gives_fen:
                    place: FilePlace = ("exchanges", code, "name", language)
                    what = f"says {price(fen)} yuan, and gives {price(exchange.gives_fen)}"
                    yield FileProblem(place, what, "Correct one of them")


def campaign_prices(catalogue: Catalogue) -> Iterator[FileProblem]:
    """Plans in the terms of a campaign, named by their fees."""
    fees = {plan.fee_fen for plan in catalogue.plans.values()}
    for code, campaign in catalogue.campaigns.items():
        for fen in _plans(campaign):
            if fen not in fees:
                place: FilePlace = ("campaigns", code, "terms", "zh")
                yield FileProblem(
                    place, f"there is no plan of {price(fen)} yuan", "Correct the amount"
                )


def _plans(campaign: Campaign) -> Iterator[int]:
    for least, most in _PLAN.findall(str(campaign.terms)):
        yield from (in_fen(amount) for amount in (least, most) if amount)
