"""Figures of a day and of a month, as they have been counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Final

from fastapi import Query
from pydantic import AfterValidator, Field

from gateway.api.act import Act
from gateway.api.guard import Routes
from gateway.api.models import Told
from gateway.figures.forms import as_data
from gateway.figures.reading import read_period
from gateway.figures.report import Period, day_of, month_of, report
from gateway.model.operators.rights import Right

routes = Routes("figures")
READ = Right("read", "figures")
_YEARS: Final = (2000, 2999)


def _sensible(day: date) -> date:
    if not _YEARS[0] <= day.year <= _YEARS[1]:
        raise ValueError(f"a year from {_YEARS[0]} to {_YEARS[1]}")
    return day


At = Annotated[
    date | None,
    Query(description="a day, also for a month; default: today"),
    AfterValidator(lambda day: _sensible(day) if day else None),
]


class FigureTold(Told):
    name: str
    unit: str
    definition: str


class RowTold(Told):
    of: list[str] = Field(description="what its figures are of, under the section's keys")
    values: list[int | float | str | None] = Field(
        description="one for each figure of the section; null: it cannot be had"
    )


class SectionTold(Told):
    title: str
    keys: list[str]
    figures: list[FigureTold]
    rows: list[RowTold]


class ReportTold(Told):
    title: str
    period: str
    counted_until: str | None
    returns_until: str | None = Field(description="the last day of which 一次解决率 is known")
    sections: list[SectionTold]


@routes.get("/figures/day", READ)
def day(act: Act, at: At = None) -> ReportTold:
    """One day by its hours, each figure with its definition."""
    return _told(act, at, day_of)


@routes.get("/figures/month", READ)
def month(act: Act, at: At = None) -> ReportTold:
    """One month by its days, each figure with its definition."""
    return _told(act, at, month_of)


def _told(act: Act, at: date | None, of: Callable[[date], Period]) -> ReportTold:
    period = of(at or act.store.calendar.at(act.now).date())
    names = act.context.conf.figure_names()
    counts = read_period(act.store, act.connection, period)
    return ReportTold.model_validate(as_data(report(period, counts, names)))
