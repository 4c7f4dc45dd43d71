"""The editions of conf/ in force: which one a dialogue begins with, and which it goes on with."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Final

from gateway.dialogue.snapshot import HallSnapshot
from gateway.model.notices.notice import SaidNotice

WHOLE: Final = 10_000  # shares of a canary are of so many numbers


def drawn(version: str, phone: str) -> int:
    """Where a number stands among 10,000 when this version is tried out: always at the same place,
    and elsewhere for each version."""
    return int.from_bytes(blake2b(f"{version}:{phone}".encode(), digest_size=8).digest()) % WHOLE


@dataclass(frozen=True, slots=True)
class Canary:
    """An edition that is tried out on some: on these numbers, and on a share of all."""

    snapshot: HallSnapshot
    share: int = 0
    numbers: frozenset[str] = frozenset()
    since: int = 0  # seconds since 1970

    def for_(self, phone: str) -> bool:
        """The same for a number however often it is asked; a larger share takes others in besides.
        Each edition is tried out on others."""
        return phone in self.numbers or drawn(self.snapshot.version, phone) < self.share


class EditionsInForce:
    """Never changes: another one takes its place, and dialogues that have begun find their editions
    on that one too."""

    def __init__(
        self,
        base: HallSnapshot,
        canary: Canary | None = None,
        older: Iterable[HallSnapshot] = (),
    ) -> None:
        self.base = base
        self.canary = canary
        tried = [canary.snapshot] if canary else []
        self.snapshots = {one.version: one for one in (*older, *tried, base)}
        self.alone: Final = len(self.snapshots) == 1
        """Whether nobody can have any other edition than the one in force."""
        self._prices_change = any(one.priced for one in self.snapshots.values())
        self._several_numbers = any(one.others for one in self.snapshots.values())

    def begins(self, phone: str) -> HallSnapshot:
        """For a new dialogue of this subscriber."""
        if self.canary is not None and self.canary.for_(phone):
            return self.canary.snapshot
        return self.base

    def of(self, version: str) -> HallSnapshot | None:
        """The edition that an open dialogue began with; None if it is gone."""
        return self.snapshots.get(version)

    def saying(self, said: tuple[SaidNotice, ...]) -> EditionsInForce:
        """The same, with these notices at the beginning of calls and screens."""
        return self._each(lambda one: replace(one, said=said))

    def at(self, now: float) -> EditionsInForce:
        """With the prices that hold at a moment."""
        return self._each(lambda one: one.at(now)) if self._prices_change else self

    def at_number(self, digits: str) -> EditionsInForce:
        """As they are where this number is written to or called."""
        return self._each(lambda one: one.at_number(digits)) if self._several_numbers else self

    def at_code(self, dialled: str) -> EditionsInForce:
        """As they are where this is dialled."""
        return self._each(lambda one: one.at_code(dialled)) if self._several_numbers else self

    def _each(self, as_it_is: Callable[[HallSnapshot], HallSnapshot]) -> EditionsInForce:
        made = {version: as_it_is(one) for version, one in self.snapshots.items()}
        canary = self.canary
        if canary is not None:
            canary = replace(canary, snapshot=made[canary.snapshot.version])
        return EditionsInForce(made[self.base.version], canary, made.values())
