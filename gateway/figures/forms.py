"""A report as text for a terminal, as CSV, as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from csv import DictWriter
from io import StringIO
from typing import Any

import orjson

from gateway.figures.basics import Value
from gateway.figures.report import Report, Section
from gateway.wording.csv_cells import plain_cell

HEADINGS = ("表", "对象", "指标", "数值", "单位", "定义")
"""Of a report as rows: one figure each, with its definition beside it."""


def figure_rows(report: Report) -> Iterator[dict[str, Value]]:
    """A row for each figure, under the headings."""
    for section in report.sections:
        many = len(section.keys)
        for row in section.rows:
            of = " / ".join(str(word) for word in row[:many] if word)
            for measure, value in zip(section.measures, row[many:], strict=True):
                values = (section.title, of, measure.name, value, measure.unit, measure.definition)
                yield dict(zip(HEADINGS, values, strict=True))


def as_data(report: Report) -> dict[str, Any]:
    """For JSON: null is what cannot be had."""
    return {
        "title": report.title,
        "period": report.period,
        "counted_until": report.until or None,
        "returns_until": report.returns_until or None,
        "sections": [_section(section) for section in report.sections],
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "title": section.title,
        "keys": list(section.keys),
        "figures": [
            {"name": one.name, "unit": one.unit, "definition": one.definition}
            for one in section.measures
        ],
        "rows": [
            {
                "of": [str(word) for word in row[: len(section.keys)]],
                "values": list(row[len(section.keys) :]),
            }
            for row in section.rows
        ],
    }


def as_json(report: Report) -> str:
    return orjson.dumps(as_data(report), option=orjson.OPT_INDENT_2).decode() + "\n"


def as_csv(report: Report) -> str:
    """For a spreadsheet: with a mark of UTF-8, and no cell that it would take for a formula; some
    hold what subscribers wrote."""
    text = StringIO()
    writer = DictWriter(text, HEADINGS, lineterminator="\r\n")
    writer.writeheader()
    for row in figure_rows(report):
        writer.writerow({name: _plain(value) for name, value in row.items()})
    return f"\ufeff{text.getvalue()}"


def _plain(value: Value) -> str:
    text = cell(value)
    return plain_cell(text) if isinstance(value, str) else text


def cell(value: Value) -> str:
    """A figure that cannot be had is an empty cell."""
    return "" if value is None else str(value)
