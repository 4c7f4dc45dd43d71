"""`hallgate report`: the figures of a day or a month, each with its definition."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from gateway.cli.conf_in_force import settings_in_force
from gateway.cli.management.listing import columns
from gateway.cli.verb import add_form, add_group, add_verb
from gateway.figures.forms import as_csv, as_json, cell
from gateway.figures.names import read_figure_names
from gateway.figures.reading import read_period
from gateway.figures.report import Period, Report, Section, day_of, month_of, report
from gateway.figures.xlsx import as_xlsx
from gateway.model.figures import FigureGroups
from gateway.store.figures.roll_up import RollUp
from gateway.store.opening import prepared_store
from gateway.store.store import Store

_MANY = 3  # pieces of counting that are worth a word


def add(verbs: Any, help: str) -> None:
    steps = add_group(verbs, "report", help, "period")
    for name, period, what, example in (
        ("day", day_of, "one day by its hours", "hallgate report day --at 2026-11-28"),
        ("month", month_of, "one month by its days", "hallgate report month --xlsx > 2026-11.xlsx"),
    ):
        verb = add_verb(steps, name, show, what, example)
        verb.add_argument(
            "--at", type=_date, metavar="DATE", help="2026-11-28, or 2026-11; default: today"
        )
        as_workbook = "as a workbook, on standard output or into --output"
        add_form(verb).add_argument(
            "--xlsx", dest="form", action="store_const", const="xlsx", help=as_workbook
        )
        verb.add_argument("--output", type=Path, metavar="FILE", help="into this file")
        verb.set_defaults(period=period)


def show(chosen: argparse.Namespace) -> int:
    """Counted up to this moment."""
    settings = settings_in_force(chosen)
    names = read_figure_names(settings.conf)
    at = chosen.at or datetime.now(settings.service.zone).date()
    period: Period = chosen.period(at)
    if chosen.form == "xlsx" and not chosen.output and sys.stdout.isatty():
        print("a workbook is no text: --output FILE, or > FILE", file=sys.stderr)
        return 2
    with prepared_store(settings) as store:
        _catch_up(store, replace(names.groups, effect=settings.unasked.effect))
        with store.snapshot() as connection:
            made = report(period, read_period(store, connection, period), names)
    _write(_FORMS[chosen.form](made), chosen.output)
    return 0


def _catch_up(store: Store, groups: FigureGroups) -> None:
    roll_up = RollUp(store, groups, time.time)
    due = roll_up.due(open_hour=True)
    if len(due) > _MANY:
        print(f"counting {len(due)} hours and days of the journal first …", file=sys.stderr)
    for piece in due:
        roll_up.do(piece)


def _write(made: bytes, output: Path | None) -> None:
    if output is not None:
        output.write_bytes(made)
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(made)
        sys.stdout.buffer.flush()


def _text(made: Report) -> bytes:
    lines = [made.title, *_state(made)]
    for section in made.sections:
        if section.rows:
            lines += ["", f"【{section.title}】", *_lines(section)]
    return ("\n".join([*lines, "", *_definitions(made)]) + "\n").encode()


def _state(made: Report) -> Iterator[str]:
    yield f"统计截至 {made.until}" if made.until else "这一期间没有统计数据"
    if made.until:
        back = f"统计到 {made.returns_until}" if made.returns_until else "次日过完后才有"
        yield f"一次解决率{back}"


def _lines(section: Section) -> Iterator[str]:
    if not section.keys:
        table = [
            (one.name, cell(value), one.unit, one.definition)
            for row in section.rows
            for one, value in zip(section.measures, row, strict=True)
        ]
        yield from columns([("指标", "数值", "单位", "定义"), *table])
        return
    heads = (*section.keys, *[f"{m.name}{m.unit}" for m in section.measures])
    yield from columns([heads, *[[cell(value) for value in row] for row in section.rows]])


def _definitions(made: Report) -> Iterator[str]:
    """Of the figures that the overview has not defined yet."""
    told = {
        measure for section in made.sections if not section.keys for measure in section.measures
    }
    yield "【定义】"
    for section in made.sections:
        for measure in section.measures:
            if section.rows and measure not in told:
                told.add(measure)
                yield f"{measure.name}:{measure.definition}"


def _date(written: str) -> date:
    try:
        return date.fromisoformat(written if len(written) > len("2026-11") else f"{written}-01")
    except ValueError:
        text = f"'{written}' is no date; write one like 2026-11-28, or a month like 2026-11"
        raise argparse.ArgumentTypeError(text) from None


_FORMS: dict[str, Callable[[Report], bytes]] = {
    "": _text,
    "json": lambda made: as_json(made).encode(),
    "csv": lambda made: as_csv(made).encode(),
    "xlsx": as_xlsx,
}
