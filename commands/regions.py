"""Where a number belongs (归属地): conf/regions.yaml, by the first digits of numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final

from pydantic import Field

from tariffs.label import Label
from tariffs.problem import Problem
from tariffs.sheets import Name, Sheet

SHORTEST, LONGEST = 3, 9  # digits of a prefix: 138, 138001380
Prefix = Annotated[str, Field(pattern=rf"^1[3-9][0-9]{{{SHORTEST - 2},{LONGEST - 2}}}$")]


class RegionRow(Sheet):
    region: Name
    prefixes: list[Prefix]


class RegionSheet(Sheet):
    """conf/regions.yaml."""

    regions: list[RegionRow]


@dataclass(frozen=True, slots=True)
class Regions:
    by_prefix: Mapping[str, Label] = field(default_factory=dict)

    def of(self, msisdn: str) -> Label | None:
        """The region of the longest prefix that fits; None: not in the list."""
        for length in range(LONGEST, SHORTEST - 1, -1):
            if found := self.by_prefix.get(msisdn[:length]):
                return found
        return None


NO_REGIONS: Final = Regions()


def regions(sheet: RegionSheet) -> Regions:
    return Regions({p: row.region.label() for row in sheet.regions for p in row.prefixes})


def problems(sheet: RegionSheet) -> Iterator[Problem]:
    """A prefix can belong to one region."""
    seen: dict[str, str] = {}
    for position, row in enumerate(sheet.regions):
        for place, prefix in enumerate(row.prefixes):
            if prefix in seen:
                what = f"the prefix {prefix} is also one of {seen[prefix]}"
                yield Problem(("regions", position, "prefixes", place), what, "Keep one")
            seen[prefix] = row.region.zh
