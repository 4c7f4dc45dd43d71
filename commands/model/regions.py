"""Where a number belongs (归属地), by the first digits of numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from tariffs.bilingual_name import BilingualName

SHORTEST, LONGEST = 3, 9  # digits of a prefix: 138, 138001380


@dataclass(frozen=True, slots=True)
class Regions:
    by_prefix: Mapping[str, BilingualName] = field(default_factory=dict)

    def of(self, msisdn: str) -> BilingualName | None:
        """The region of the longest prefix that fits; None: not in the list."""
        for length in range(LONGEST, SHORTEST - 1, -1):
            if found := self.by_prefix.get(msisdn[:length]):
                return found
        return None


NO_REGIONS: Final = Regions()
