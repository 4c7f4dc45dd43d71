"""conf/tariffs/exchanges.yaml: what points can be given for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from tariffs.catalogue import Catalogue, PointsExchange
from tariffs.file_problem import FileProblem, one_of
from tariffs.rows import Code, NameRow, StrictRow, Yuan


class PointsExchangeRow(StrictRow):
    name: NameRow
    points: Annotated[int, Field(ge=1)]
    gives: Yuan
    brands: list[str] = Field(default_factory=list)


class PointsExchangesFile(StrictRow):
    """conf/tariffs/exchanges.yaml."""

    exchanges: dict[Code, PointsExchangeRow]


def points_exchanges(file: PointsExchangesFile) -> dict[str, PointsExchange]:
    return {code: _exchange(code, row) for code, row in file.exchanges.items()}


def _exchange(code: str, row: PointsExchangeRow) -> PointsExchange:
    return PointsExchange(code, row.name.label(), row.points, row.gives, frozenset(row.brands))


def points_exchange_problems(catalogue: Catalogue) -> Iterator[FileProblem]:
    for code, exchange in catalogue.exchanges.items():
        for brand in sorted(exchange.brands - catalogue.brands.keys()):
            fix = one_of(catalogue.brands, brand)
            place = ("exchanges", code, "brands")
            yield FileProblem(place, f"conf/tariffs has no brand '{brand}'", fix)
