"""What a look has found: well, to be minded, or wrong, and what cures it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Health(Enum):
    """`MIND`: it works, and somebody should know."""

    WELL = "ok"
    MIND = "warn"
    WRONG = "WRONG"


@dataclass(frozen=True, slots=True)
class HealthFinding:
    """`what` names the part. `cure` is what to do, empty where all is well."""

    health: Health
    what: str
    found: str
    cure: str = ""

    def __str__(self) -> str:
        cure = f"\n       cure: {self.cure}" if self.cure else ""
        return f"{self.health.value:<5}  {self.what}: {self.found}{cure}"


def well(what: str, found: str) -> HealthFinding:
    return HealthFinding(Health.WELL, what, found)


def mind(what: str, found: str, cure: str) -> HealthFinding:
    return HealthFinding(Health.MIND, what, found, cure)


def wrong(what: str, found: str, cure: str) -> HealthFinding:
    return HealthFinding(Health.WRONG, what, found, cure)
