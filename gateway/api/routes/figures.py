"""Figures of a day and of a month, as they have been counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Final, Literal

from fastapi import Query, Response
from pydantic import AfterValidator, Field

from gateway.api.act import Act
from gateway.api.downloads import as_file
from gateway.api.guard import Routes, Runs
from gateway.api.models import Told
from gateway.figures.forms import as_csv, as_data, as_json
from gateway.figures.reading import read_period
from gateway.figures.report import Period, Report, day_of, month_of, report
from gateway.figures.xlsx import as_xlsx
from gateway.model.operators.rights import Right

routes = Routes("figures")
READ, EXPORT = Right("read", "figures"), Right("export", "figures")
FORMS: Final[dict[str, tuple[str, Callable[[Report], bytes]]]] = {
    "csv": ("text/csv", lambda made: as_csv(made).encode()),
    "json": ("application/json", lambda made: as_json(made).encode()),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
}
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


Form = Annotated[Literal["csv", "json", "xlsx"], Query()]
_BYTES: Final[dict[str, object]] = {"schema": {"type": "string", "format": "binary"}}
_ANY: Final[dict[str, object]] = {"schema": {}}
_FILE: Final = {media: _ANY if form == "json" else _BYTES for form, (media, _) in FORMS.items()}


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


@routes.get("/figures/day/file", EXPORT, Runs.LOOKING, response_class=Response, content=_FILE)
def day_file(act: Act, at: At = None, form: Form = "csv") -> Response:
    """The same as a file."""
    return _file(act, at, day_of, form)


@routes.get("/figures/month/file", EXPORT, Runs.LOOKING, response_class=Response, content=_FILE)
def month_file(act: Act, at: At = None, form: Form = "csv") -> Response:
    """The same as a file."""
    return _file(act, at, month_of, form)


def _told(act: Act, at: date | None, of: Callable[[date], Period]) -> ReportTold:
    return ReportTold.model_validate(as_data(_report(act, at, of)))


def _report(act: Act, at: date | None, of: Callable[[date], Period]) -> Report:
    period = of(at or act.store.calendar.at(act.now).date())
    names = act.context.conf.figure_names()
    return report(period, read_period(act.store, act.connection, period), names)


def _file(act: Act, at: date | None, of: Callable[[date], Period], form: str) -> Response:
    made, (media, written) = _report(act, at, of), FORMS[form]
    name = f"figures-{made.period}.{form}"
    act.note(result=f"done: {name}")
    return Response(written(made), media_type=media, headers=as_file(name))
