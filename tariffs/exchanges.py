"""conf/tariffs/exchanges.yaml: what points can be given for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from tariffs.catalogue import Catalogue, Exchange
from tariffs.problem import Problem, one_of
from tariffs.sheets import Code, Name, Sheet, Yuan


class ExchangeRow(Sheet):
    name: Name
    points: Annotated[int, Field(ge=1)]
    gives: Yuan
    brands: list[str] = Field(default_factory=list)


class Exchanges(Sheet):
    """The file."""

    exchanges: dict[Code, ExchangeRow]


def exchanges(sheet: Exchanges) -> dict[str, Exchange]:
    return {code: _exchange(code, row) for code, row in sheet.exchanges.items()}


def _exchange(code: str, row: ExchangeRow) -> Exchange:
    return Exchange(code, row.name.label(), row.points, row.gives, frozenset(row.brands))


def exchange_problems(catalogue: Catalogue) -> Iterator[Problem]:
    for code, exchange in catalogue.exchanges.items():
        for brand in sorted(exchange.brands - catalogue.brands.keys()):
            fix = one_of(catalogue.brands, brand)
            place = ("exchanges", code, "brands")
            yield Problem(place, f"conf/tariffs has no brand '{brand}'", fix)
