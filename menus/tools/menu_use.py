"""How a menu is used: screens that were seen, and how often nothing was chosen there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from menus.model.book import Book, Screen
from menus.model.wording import MenuChannel


class ScreenUse(NamedTuple):
    """`left`: so often none of its options was taken: gone, wrong keys, back. None: it has none."""

    seen: int
    left: int | None

    @property
    def left_share(self) -> float | None:
        return self.left / self.seen if self.left is not None and self.seen else None


def use_of(book: Book, channel: MenuChannel, counts: Mapping[str, int]) -> dict[str, ScreenUse]:
    """`counts` are of screens and of screen/option; of screens that were seen."""
    return {
        screen.name: ScreenUse(seen, _left(screen, channel, seen, counts))
        for screen in book.screens.values()
        if (seen := counts.get(screen.name, 0))
    }


def _left(screen: Screen, channel: MenuChannel, seen: int, counts: Mapping[str, int]) -> int | None:
    options = {one.name for one in screen.options if channel in one.channels}
    if not options or channel in screen.end:
        return None
    return max(0, seen - sum(counts.get(f"{screen.name}/{name}", 0) for name in options))
