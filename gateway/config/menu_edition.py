"""Editions of the menus: what was published by whom, when and why, and which is in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Final

from gateway.config.menu_files import MenuFiles, menus_of
from menus.model.book import Book
from menus.tools.key_order import in_order_of_use

FROM_CONF: Final = "conf/menus"  # the author of what gateways found there before they were told


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of the menus. `use` are the counts its options were put in order by; `made_at` is
    in seconds since 1970."""

    version: str
    made_at: int
    author: str
    reason: str
    files: Mapping[str, str]  # name -> what stands in it
    use: Mapping[str, int] = field(default_factory=dict)

    def menus(self) -> MenuFiles:
        """As it is walked. Raises BadFile, if this program no longer understands it."""
        found = menus_of(self.files)
        return replace(found, book=in_order_of_use(found.book, self.use))


def edition_of(
    menus: MenuFiles, author: str, reason: str, now: int, use: Mapping[str, int] | None = None
) -> Edition:
    """With its options in order, where a screen says `reorder: apply`."""
    counts = dict(use or {})
    book = in_order_of_use(menus.book, counts)
    files = {Path(name).name: text for name, text in menus.texts.items()}
    applied = counts if book is not menus.book else {}
    return Edition(book.version, now, author, reason, files, applied)


class DecisionKind(StrEnum):
    PUBLISHED = "published"
    ROLLED_BACK = "rolled back"
    CANARY = "canary"
    CANARY_ENDED = "canary ended"
    PROMOTED = "promoted"


@dataclass(frozen=True, slots=True)
class EditionDecision:
    """What has held since `at`: a version for all, and another for some while it is tried out.
    `share` is of 10,000 numbers."""

    at: int
    author: str
    reason: str
    what: DecisionKind
    version: str
    canary: str = ""
    share: int = 0
    numbers: frozenset[str] = frozenset()


def before(decisions: Sequence[EditionDecision]) -> str:
    """The version that was in force before the one that is; empty if there was none. What was
    rolled back is not gone back to."""
    held: list[str] = []
    for decision in decisions:
        if decision.what is DecisionKind.ROLLED_BACK and held and decision.version != held[-1]:
            held.pop()
        if not held or held[-1] != decision.version:
            held.append(decision.version)
    return held[-2] if len(held) > 1 else ""


Books = Mapping[str, Book]  # by version
