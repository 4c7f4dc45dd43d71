"""A report as a workbook (Office Open XML, ECMA-376): a sheet for each section, with the definition
of each figure below its name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from typing import Final
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from gateway.figures.basics import Value
from gateway.figures.report import Report, Section

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KIND: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\]")  # in the name of a sheet
_DAY: Final = (1980, 1, 1, 0, 0, 0)  # the same report is the same file


def as_xlsx(report: Report) -> bytes:
    sheets = [(section.title, _table(report, section)) for section in report.sections]
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name, text in _parts(sheets):
            archive.writestr(ZipInfo(name, _DAY), _HEAD + text, ZIP_DEFLATED)
    return packed.getvalue()


def _table(report: Report, section: Section) -> Iterator[Sequence[Value]]:
    """The overview stands upright: there its definitions can be read."""
    yield (report.title, f"统计截至 {report.until}" if report.until else "未统计")
    if not section.keys:
        yield ("指标", "数值", "单位", "定义")
        for row in section.rows:
            for measure, value in zip(section.measures, row, strict=True):
                yield (measure.name, value, measure.unit, measure.definition)
        return
    aside = ("",) * (len(section.keys) - 1)
    yield (*section.keys, *[f"{m.name}({m.unit})" if m.unit else m.name for m in section.measures])
    yield ("定义", *aside, *[measure.definition for measure in section.measures])
    yield from section.rows


def _parts(sheets: Sequence[tuple[str, Iterable[Sequence[Value]]]]) -> Iterator[tuple[str, str]]:
    numbers = range(1, len(sheets) + 1)
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_KIND}.worksheet+xml"/>'
        for n in numbers
    )
    yield (
        "[Content_Types].xml",
        (
            f'<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
            f"{overrides}</Types>"
        ),
    )
    book = f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    yield "_rels/.rels", _relationships(book)
    names = "".join(
        f'<sheet name="{escape(_FORBIDDEN.sub(" ", name))[:31]}" sheetId="{n}" r:id="r{n}"/>'
        for n, (name, _) in zip(numbers, sheets, strict=True)
    )
    yield (
        "xl/workbook.xml",
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{names}</sheets></workbook>',
    )
    links = "".join(
        f'<Relationship Id="r{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    yield "xl/_rels/workbook.xml.rels", _relationships(links)
    for n, (_, rows) in zip(numbers, sheets, strict=True):
        yield f"xl/worksheets/sheet{n}.xml", _sheet(rows)


def _relationships(links: str) -> str:
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def _sheet(rows: Iterable[Sequence[Value]]) -> str:
    lines = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{lines}</sheetData></worksheet>'


def _cell(value: Value) -> str:
    """Words are words here, also those that begin like a formula."""
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, int | float):
        return f"<c><v>{value}</v></c>"
    words = escape(_NOT_IN_XML.sub("", value))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{words}</t></is></c>'
