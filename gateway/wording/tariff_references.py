"""What texts take from the tariff: {price:LL10} is what it costs, {name:LL10} how it is called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Protocol
from weakref import ref

from gateway.wording.formatting import price
from tariffs.bilingual_name import BilingualName, in_language
from tariffs.catalogue import Catalogue

REFERENCE: Final = re.compile(r"\{((?:price|name):[A-Z][A-Z0-9]*)\}")
_PRICE: Final = "price"
_Asked = tuple[frozenset[str], str, str]


def referred(text: str) -> Iterator[str]:
    """The references of a text: price:LL10."""
    return (found[1] for found in REFERENCE.finditer(text))


def value_of(reference: str, catalogue: Catalogue, language: str, brand: str = "") -> str | None:
    """What stands for a reference, for a subscriber of this brand; None: the tariff has no such
    code. A price is a number as it is advertised, 10 or 0.50, without its unit."""
    kind, _, code = reference.partition(":")
    if kind == _PRICE:
        fen = _fee(code, catalogue, brand)
        return None if fen is None else price(fen)
    for named in _named(catalogue):
        if code in named:
            return in_language(named[code].name, language)
    return None


class _Named(Protocol):
    @property
    def name(self) -> BilingualName: ...


def _named(catalogue: Catalogue) -> tuple[Mapping[str, _Named], ...]:
    return (
        catalogue.services, catalogue.plans, catalogue.campaigns, catalogue.exchanges,
        catalogue.brands,
    )  # fmt: skip


def _fee(code: str, catalogue: Catalogue, brand: str) -> int | None:
    if (service := catalogue.services.get(code)) is not None:
        return service.fee_for(brand)
    plan = catalogue.plans.get(code)
    return None if plan is None else plan.fee_fen


def values_of(
    references: Iterable[str], catalogue: Catalogue, language: str, brand: str = ""
) -> dict[str, str]:
    """Of those that the tariff knows."""
    found = {one: value_of(one, catalogue, language, brand) for one in references}
    return {one: value for one, value in found.items() if value is not None}


class TariffTexts:
    """What all references of a book say, remembered: a hall has few brands and two languages, and
    each step of each menu asks. It is forgotten with the catalogue."""

    MOST: Final = 500  # of a catalogue; books in force with it have some dozens

    def __init__(self) -> None:
        self._known: dict[int, tuple[ref[Catalogue], dict[_Asked, Mapping[str, str]]]] = {}

    def of(
        self, references: frozenset[str], catalogue: Catalogue, language: str, brand: str = ""
    ) -> Mapping[str, str]:
        """As `values_of`; nobody changes it."""
        asked = (references, language, brand)
        known = self._of(catalogue)
        found = known.get(asked)
        if found is None:
            if len(known) >= self.MOST:
                known.clear()
            found = known[asked] = values_of(references, catalogue, language, brand)
        return found

    def _of(self, catalogue: Catalogue) -> dict[_Asked, Mapping[str, str]]:
        """By its id, which no other can have as long as it lives: nor is it there longer."""
        at = id(catalogue)
        known = self._known.get(at)
        if known is None:
            forgets = self._known
            gone = ref(catalogue, lambda _: forgets.pop(at, None))
            known = self._known[at] = gone, {}
        return known[1]


def put_in(text: str, values: Mapping[str, str]) -> str:
    """The text with its references filled in."""
    return REFERENCE.sub(lambda found: values.get(found[1], ""), text) if "{" in text else text


def all_references(catalogue: Catalogue) -> list[str]:
    """Every one that can be written."""
    priced = (*catalogue.services, *catalogue.plans)
    names = [f"name:{code}" for named in _named(catalogue) for code in named]
    return [*names, *(f"price:{code}" for code in priced)]


def depends_on_brand(reference: str, catalogue: Catalogue) -> bool:
    """Whether the price is another for some brand: then a text for everybody cannot say it."""
    kind, _, code = reference.partition(":")
    service = catalogue.services.get(code) if kind == _PRICE else None
    return service is not None and any(
        fee != service.fee_fen for fee in service.fee_by_brand.values()
    )
