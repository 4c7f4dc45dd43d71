"""conf/regions.yaml: which first digits of numbers belong to which region, and which campus."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from commands.mobile_number import BEGINNING
from commands.model.regions import LONGEST, SHORTEST, Regions
from tariffs.file_problem import FileProblem
from tariffs.rows import NameRow, StrictRow

Prefix = Annotated[str, Field(pattern=rf"^{BEGINNING}[0-9]{{{SHORTEST - 2},{LONGEST - 2}}}$")]


class RegionRow(StrictRow):
    region: NameRow
    prefixes: Annotated[list[Prefix], Field(min_length=1)]


class CampusRow(StrictRow):
    campus: NameRow
    prefixes: Annotated[list[Prefix], Field(min_length=1)]


class RegionsFile(StrictRow):
    """conf/regions.yaml."""

    regions: list[RegionRow]
    campuses: list[CampusRow] = Field(default_factory=list)


def regions(file: RegionsFile) -> Regions:
    return Regions(
        {p: row.region.label() for row in file.regions for p in row.prefixes},
        {p: row.campus.label() for row in file.campuses for p in row.prefixes},
    )


def problems(file: RegionsFile) -> Iterator[FileProblem]:
    """A prefix can belong to one region, and to one campus."""
    rows = [(row.region.zh, row.prefixes) for row in file.regions]
    yield from _twice("regions", rows)
    yield from _twice("campuses", [(row.campus.zh, row.prefixes) for row in file.campuses])
    yield from _named_twice("regions", "region", [row.region for row in file.regions])
    yield from _named_twice("campuses", "campus", [row.campus for row in file.campuses])


def _named_twice(section: str, key: str, names: list[NameRow]) -> Iterator[FileProblem]:
    """One name in Chinese, and several in English."""
    seen: dict[str, str] = {}
    for position, name in enumerate(names):
        if (other := seen.setdefault(name.zh, name.en)) != name.en:
            what = f"{name.zh} is {other} above, and {name.en} here"
            yield FileProblem((section, position, key, "en"), what, "Correct one of the names")


def _twice(section: str, rows: list[tuple[str, list[str]]]) -> Iterator[FileProblem]:
    seen: dict[str, str] = {}
    for position, (name, prefixes) in enumerate(rows):
        for place, prefix in enumerate(prefixes):
            if prefix in seen:
                what = f"the prefix {prefix} is also one of {seen[prefix]}"
                yield FileProblem((section, position, "prefixes", place), what, "Keep one")
            seen[prefix] = name
