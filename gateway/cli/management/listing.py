"""Rows on the terminal: in columns, or as JSON or CSV for programs."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Mapping, Sequence
from typing import TextIO
from unicodedata import east_asian_width

import orjson

from gateway.wording.csv_cells import plain_cell

Row = Mapping[str, object]


def show_rows(
    rows: Sequence[Row], form: str, names: Sequence[str], out: TextIO | None = None
) -> None:
    """`form`: json, csv, or empty for columns. `names` are those of the columns, in order."""
    out = out or sys.stdout
    if form == "json":
        out.write(orjson.dumps(list(rows), option=orjson.OPT_INDENT_2).decode() + "\n")
    elif form == "csv":
        out.write(as_csv(rows, names))
    else:
        for line in columns([names, *([_word(row[name]) for name in names] for row in rows)]):
            out.write(line + "\n")


def as_csv(rows: Sequence[Row], names: Sequence[str], *, heading: bool = True) -> str:
    """What a spreadsheet would take for a formula is no formula any more."""
    text = io.StringIO()
    writer = csv.writer(text)
    if heading:
        writer.writerow(names)
    writer.writerows([_cell(row[name]) for name in names] for row in rows)
    return text.getvalue()


def columns(table: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(_width, column)) for column in zip(*table, strict=True)]
    return [
        "  ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in table
    ]


def _word(value: object) -> str:
    if isinstance(value, list | tuple):
        return " ".join(map(str, value))
    return str(value)


def _cell(value: object) -> object:
    return value if isinstance(value, int | float) else plain_cell(_word(value))


def _width(cell: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in cell)
