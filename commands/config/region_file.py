"""conf/regions.yaml: which first digits of numbers belong to which region."""

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
    prefixes: list[Prefix]


class RegionsFile(StrictRow):
    """conf/regions.yaml."""

    regions: list[RegionRow]


def regions(file: RegionsFile) -> Regions:
    return Regions({p: row.region.label() for row in file.regions for p in row.prefixes})


def problems(file: RegionsFile) -> Iterator[FileProblem]:
    """A prefix can belong to one region."""
    seen: dict[str, str] = {}
    for position, row in enumerate(file.regions):
        for place, prefix in enumerate(row.prefixes):
            if prefix in seen:
                what = f"the prefix {prefix} is also one of {seen[prefix]}"
                yield FileProblem(("regions", position, "prefixes", place), what, "Keep one")
            seen[prefix] = row.region.zh
