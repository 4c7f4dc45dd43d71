"""What every part of the simulated SMSC needs: its faults, its audit, its time and its chance."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from twisted.internet.interfaces import IReactorTime

from simulators.fault_timing import FaultTiming
from simulators.smsc.audit import SmscAudit
from simulators.smsc.faults import SmscFaults


@dataclass(frozen=True, slots=True)
class SmscContext:
    faults: SmscFaults
    audit: SmscAudit
    clock: IReactorTime
    chance: Random

    @property
    def now(self) -> float:
        return self.clock.seconds()

    def strikes(self, fault: FaultTiming, kind: str) -> bool:
        """Whether a fault happens to this PDU; asking counts as an occasion."""
        return fault.strikes(kind, self.chance)
