"""Options in the order of their use: the key that most people want comes first.

Keys are what people remember, so the order is proposed unless a screen says `reorder: apply`, and
pinned options keep their keys.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from menus.model.book import Book, Option, Screen
from menus.model.key_order import reordered

OptionUse = Mapping[str, int]  # "screen/option" -> how often it was taken, on all channels


@dataclass(frozen=True, slots=True)
class KeyMove:
    """An option that would get another key."""

    option: str
    key: str
    instead: str  # the key it would have
    used: int


def in_order_of_use(book: Book, use: OptionUse) -> Book:
    """The book with the screens that say `reorder: apply` put in order. It is another version."""
    screens = {
        name: in_use_order(screen, use) if screen.by_use == "apply" else screen
        for name, screen in book.screens.items()
    }
    moved = [
        f"{name}/{option.name}={option.key}"
        for name, screen in screens.items()
        if screen != book.screens[name]
        for option in screen.options
    ]
    if not moved:
        return book
    version = sha256("\n".join([book.version, *moved]).encode()).hexdigest()[:12]
    return replace(book, screens=screens, version=version)


def proposals(book: Book, use: OptionUse) -> Iterator[tuple[Screen, list[KeyMove]]]:
    """The screens that say `order: by_use`, and what would move on each."""
    for screen in book.screens.values():
        if screen.by_use:
            moved = _moves(screen, use)
            if moved:
                yield screen, moved


def _moves(screen: Screen, use: OptionUse) -> list[KeyMove]:
    after = {option.place: option.key for option in in_use_order(screen, use).options}
    return [
        KeyMove(option.name, option.key, after[option.place], _used(screen, option, use))
        for option in screen.options
        if after[option.place] != option.key
    ]


def in_use_order(screen: Screen, use: OptionUse) -> Screen:
    """The screen with its keys given out anew, the most used first."""
    options = reordered(screen.options, lambda some: -sum(_used(screen, o, use) for o in some))
    return replace(screen, options=options)


def _used(screen: Screen, option: Option, use: OptionUse) -> int:
    return use.get(f"{screen.name}/{option.name}", 0)
