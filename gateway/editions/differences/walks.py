"""Walks that were really walked, in two editions: which end differently, and how."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from menus.tools.diff import ReplayedDialogue

_MOST: Final = 20  # kinds of difference that are told one by one


class WalkChange(NamedTuple):
    """Walks that differ in the same way; `name` is that of one of them."""

    name: str
    times: int
    was: str
    now: str

    def __str__(self) -> str:
        others = f" and {self.times - 1} more" if self.times > 1 else ""
        return f"! {self.name}{others}:\n    was {self.was}\n    now {self.now}"


def walk_changes(different: Iterable[ReplayedDialogue]) -> Iterator[WalkChange]:
    """Those that differ in the same way together, the most frequent first."""
    names: dict[tuple[str, str], str] = {}
    kinds: Counter[tuple[str, str]] = Counter()
    for dialogue in different:
        kinds[dialogue.was, dialogue.now] += 1
        names.setdefault((dialogue.was, dialogue.now), dialogue.name)
    for (was, now), times in kinds.most_common(_MOST):
        yield WalkChange(names[was, now], times, was, now)
