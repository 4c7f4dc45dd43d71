"""When a fault strikes: always, never, so many times, by chance; of some kinds of PDU or call."""

from __future__ import annotations

import math
from collections.abc import Container
from dataclasses import dataclass
from random import Random


@dataclass(slots=True, eq=False)
class FaultTiming:
    """The occasions on which a fault strikes.

    `kinds` are PDU names, none meaning all of them; of the occasions that fit, `skip` pass, then
    `left` are struck, each with `probability`.
    """

    left: float = 0.0
    probability: float = 1.0
    kinds: frozenset[str] = frozenset()
    skip: int = 0

    def strikes(self, kind: str, chance: Random) -> bool:
        if self.left <= 0 or (self.kinds and kind not in self.kinds):
            return False
        if self.skip:
            self.skip -= 1
            return False
        if self.probability < 1 and chance.random() >= self.probability:
            return False
        self.left -= 1
        return True


def always(*kinds: str) -> FaultTiming:
    return FaultTiming(math.inf, kinds=frozenset(kinds))


def times(count: int, *kinds: str, after: int = 0) -> FaultTiming:
    """The next `count` occasions, once `after` have passed."""
    return FaultTiming(count, kinds=frozenset(kinds), skip=after)


def sometimes(probability: float, *kinds: str) -> FaultTiming:
    return FaultTiming(math.inf, probability, frozenset(kinds))


NEVER = FaultTiming()  # one for all: a fault that never strikes never counts


def parse_fault_timing(value: str, kinds: Container[str]) -> FaultTiming:
    """`always`, `never`, `3`, `5%`, each with `:kind,kind` after it."""
    often, _, after = value.partition(":")
    named = tuple(kind for kind in after.split(",") if kind)
    unknown = [kind for kind in named if kind not in kinds]
    if unknown:
        raise ValueError(f"no PDU is named {', '.join(unknown)}")
    if often == "never":
        return NEVER
    if often == "always":
        return always(*named)
    if often.endswith("%"):
        return sometimes(float(often[:-1]) / 100, *named)
    if not often.isdigit():
        raise ValueError("write always, never, a count or a percentage")
    return times(int(often), *named)
