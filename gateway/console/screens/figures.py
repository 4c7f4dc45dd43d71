"""Figures of a day or a month, each with its definition, as tables, as a chart, and as a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, Final

import orjson
from starlette.responses import Response

from gateway.api.guard import Runs
from gateway.api.problems import Problem
from gateway.api.routes import figures
from gateway.api.routes.figures import EXPORT, FORMS, READ, SectionTold
from gateway.console.figure_texts import figure_told
from gateway.console.frame import language_of
from gateway.console.pages import Outcome, Pages, ShownPage, Visit, Words

pages: Final = Pages()
_SPANS: Final = {"day": figures.day, "month": figures.month}
_FILES: Final = {"day": figures.day_file, "month": figures.month_file}
_CHARTED: Final = ("请求数", "完成数", "未理解数", "故障数", "通话数")
_STEPS: Final = ("分小时", "分日期")


@pages.get("/figures", READ)
def figures_page(visit: Visit) -> Outcome:
    span, at = _span(visit), _at(visit)
    told = _SPANS[span](visit.act, at)
    overview = next((one for one in told.sections if not one.keys), None)
    steps = next((one for one in told.sections if one.title in _STEPS), None)
    tell = figure_told(language_of(visit.request), _named(visit))
    values: dict[str, Any] = {
        "tell": tell,
        "span": span,
        "at": at,
        "before": _other(span, at, -1),
        "after": _other(span, at, 1),
        "told": told,
        "overview": list(_upright(overview)) if overview else [],
        "sections": [one for one in told.sections if one.keys],
        "chart": _chart(steps, language_of(visit.request), tell) if steps else "",
        "may_export": visit.may(EXPORT),
        "forms": list(FORMS),
    }
    return ShownPage("figures.html", Words("报表", "Figures"), values)


def _named(visit: Visit) -> dict[str, str]:
    """English names of what reports call by its Chinese one."""
    conf = visit.act.context.conf
    names = [name for kind in conf.code_names().values() for name in kind.values()]
    return {str(name): name.en for name in (*names, *conf.tickets().region_names())}


@pages.get("/figures/file", EXPORT, Runs.LOOKING)
def figures_file(visit: Visit) -> Outcome:
    form = visit.query("form")
    if form not in FORMS:
        raise Problem(404, "there is no such page")
    made: Response = _FILES[_span(visit)](visit.act, _at(visit), form)
    return made


def _span(visit: Visit) -> str:
    return "month" if visit.query("span") == "month" else "day"


def _at(visit: Visit) -> date:
    """A day, or a month as 2026-11; today, if it is none."""
    written = visit.query("at")
    try:
        found = date.fromisoformat(written if len(written) > len("2026-11") else f"{written}-01")
    except ValueError:
        found = visit.act.store.calendar.at(visit.act.now).date()
    return found if 2000 <= found.year <= 2999 else date(2026, 1, 1)


def _other(span: str, at: date, by: int) -> date:
    if span == "day":
        return at + timedelta(days=by)
    return (at.replace(day=15) + timedelta(days=30 * by)).replace(day=1)


def _upright(section: SectionTold) -> Any:
    row: Sequence[Any] = section.rows[0].values if section.rows else ()
    return zip(section.figures, row, strict=False)


def _chart(steps: SectionTold, language: str, tell: Callable[[str], str]) -> str:
    names = [row.of[0] for row in steps.rows]
    shown = [one.name for one in steps.figures if one.name in _CHARTED]
    at = {one.name: index for index, one in enumerate(steps.figures)}
    series = [
        {"name": tell(name), "values": [row.values[at[name]] for row in steps.rows]}
        for name in shown
    ]
    if not any(any(one["values"]) for one in series):
        return ""
    unit = Words("时", "h") if len(names[0]) == len("00") else Words("日", "day")
    drawn = {
        "x": list(range(len(names))),
        "names": [name[-2:] for name in names],
        "axis": unit.said(language),
        "series": series,
    }
    return orjson.dumps(drawn).decode()
