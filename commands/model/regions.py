"""Where a number belongs (归属地), by the first digits of numbers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from tariffs.bilingual_name import BilingualName

SHORTEST, LONGEST = 3, 9  # digits of a prefix: 138, 138001380
DIGITS: Final = 11  # of a mobile number


@dataclass(frozen=True, slots=True)
class Regions:
    by_prefix: Mapping[str, BilingualName] = field(default_factory=dict)
    campuses: Mapping[str, BilingualName] = field(default_factory=dict)  # by prefix as well

    def of(self, msisdn: str) -> BilingualName | None:
        """The region of the longest prefix that fits; None: not in the list."""
        return _longest(self.by_prefix, msisdn)

    def ranges_of(self, names: Collection[str]) -> list[tuple[int, int]]:
        """From one number to another, both included: all numbers of these regions lie there, and
        some of others, where a longer prefix has a region of its own."""
        mine = sorted(prefix for prefix, region in self.by_prefix.items() if str(region) in names)
        ranges: list[tuple[int, int]] = []
        for prefix in mine:
            first, last = int(prefix.ljust(DIGITS, "0")), int(prefix.ljust(DIGITS, "9"))
            if ranges and first <= ranges[-1][1] + 1:
                ranges[-1] = ranges[-1][0], max(last, ranges[-1][1])
            else:
                ranges.append((first, last))
        return ranges

    def campus_of(self, msisdn: str) -> BilingualName | None:
        """The campus whose number it is; None: it is no campus's."""
        return _longest(self.campuses, msisdn) if self.campuses else None


def _longest(by_prefix: Mapping[str, BilingualName], msisdn: str) -> BilingualName | None:
    for length in range(LONGEST, SHORTEST - 1, -1):
        if found := by_prefix.get(msisdn[:length]):
            return found
    return None


NO_REGIONS: Final = Regions()
