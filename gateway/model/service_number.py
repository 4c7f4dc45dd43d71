"""A service number beside the hall's own: 12580 beside 10086."""

from __future__ import annotations

from dataclasses import dataclass

from tariffs.bilingual_name import BilingualName


@dataclass(frozen=True, slots=True)
class ServiceNumber:
    """What is different where this number is written to, dialled or called. Empty sets: nothing
    is."""

    digits: str
    name: BilingualName
    signature: BilingualName
    operations: frozenset[str] = frozenset()  # of the table of rights: others are not done there
    offers: frozenset[str] | None = None  # of offers.yaml, by their names; None: all
    regions: frozenset[str] = frozenset()  # how names of the regions begin that it serves
    ussd_code: str = ""  # what is dialled for it: *125#

    def serves(self, region: str) -> bool:
        return not self.regions or region.startswith(tuple(self.regions))
