"""docs/decisions/README.md: the index of the decision records, and what is wrong with a record."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.catalogues.page import ROOT, Page, page, table

FOLDER = ROOT / "docs" / "decisions"
TEMPLATE = "000-template.md"
HEADINGS = (
    ["Context", "Choice", "Consequence"],
    ["Context", "Choice", "Alternatives", "Consequence"],
)
INTRODUCTION = f"""\
Why things are as they are, where the code alone does not say it. A record is dated and stays
as it was written. A new decision is a new file: copy [{TEMPLATE}]({TEMPLATE}), take the next
number, and run `make catalogues`, which writes this list. When a decision replaces an older
one, its context says so and links to it, and the older one gets a line under its date:
`Replaced by: [NNN](NNN-….md)`, or `Replaced in part by:` if the rest still holds."""


@dataclass(frozen=True, slots=True)
class Record:
    file: str
    title: str
    number: int
    date: str
    headings: tuple[str, ...]
    links: tuple[str, ...] = ()  # files of this folder


def records(folder: Path = FOLDER) -> list[Record]:
    """All but the template, by number."""
    files = sorted(folder.glob("[0-9]*.md"))
    return [read(file) for file in files if file.name != TEMPLATE]


def read(file: Path) -> Record:
    """What cannot be found in it is empty."""
    text = file.read_text(encoding="utf-8")
    title = re.match(r"# (\d{3})\. (.+)\n", text)
    dated = re.search(r"^Date: (.*)$", text, re.MULTILINE)
    return Record(
        file.name,
        title[2] if title else "",
        int(title[1]) if title else 0,
        dated[1] if dated else "",
        tuple(re.findall(r"^## (.*)$", text, re.MULTILINE)),
        tuple(re.findall(r"\]\((\d[^)/]*)\)", text)),
    )


def decisions_page(found: Sequence[Record]) -> Page:
    rows = [[f"{each.number:03}", each.date, f"[{each.title}]({each.file})"] for each in found]
    listed = table(("", "date", "decision"), rows)
    return page("docs/decisions/README.md", "Decisions", INTRODUCTION, listed)


def faults(found: Sequence[Record]) -> list[str]:
    before, there = (None, *found), {record.file for record in found}
    return [
        f"docs/decisions/{record.file}: {fault}"
        for record, last in zip(found, before, strict=False)
        for fault in (*_faults(record, last), *_lost(record, there))
    ]


def _lost(record: Record, there: Container[str]) -> list[str]:
    return [f"there is no record {link}" for link in record.links if link not in there]


def _faults(record: Record, last: Record | None) -> Iterator[str]:
    if not re.fullmatch(r"\d{3}(-[a-z0-9]+)+\.md", record.file):
        yield "its name must be NNN-short-words.md"
        return
    number = last.number + 1 if last else 1
    if int(record.file[:3]) != number:
        yield f"the next number is {number:03}: numbers have no gaps and no doubles"
    if not record.title or record.file[:3] != f"{record.number:03}":
        yield f"its first line must be `# {record.file[:3]}. TITLE`"
    if not _a_day(record.date):
        yield "its third line must be `Date: YYYY-MM-DD`"
    elif last and record.date < last.date:
        yield f"it is dated before the record in front of it, {last.date}"
    if list(record.headings) not in HEADINGS:
        yield "its sections must be Context, Choice, Alternatives (or none), Consequence"


def _a_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
