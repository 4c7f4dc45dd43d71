"""What surrounds every part of a simulator: its faults, its book, its time and its chance."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from twisted.internet.interfaces import IReactorTime

from simulators.audit import Audit
from simulators.faults import Faults, When


@dataclass(frozen=True, slots=True)
class Conditions:
    faults: Faults
    audit: Audit
    clock: IReactorTime
    chance: Random

    @property
    def now(self) -> float:
        return self.clock.seconds()

    def strikes(self, fault: When, kind: str) -> bool:
        """Whether a fault happens to this PDU; asking counts as an occasion."""
        return fault.strikes(kind, self.chance)
