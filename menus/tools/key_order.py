"""Options in the order of their use: the key that most people want comes first.

Keys are what people remember, so the order is proposed unless a screen says `reorder: apply`, and
pinned options keep their keys.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final

from menus.model.book import Book, Option, Screen

OptionUse = Mapping[str, int]  # "screen/option" -> how often it was taken, on all channels
_MOVES: Final = frozenset("12345678")  # 9, 0, * and # have a meaning of their own


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
        name: reordered(screen, use) if screen.by_use == "apply" else screen
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
    after = {option.place: option.key for option in reordered(screen, use).options}
    return [
        KeyMove(option.name, option.key, after[option.place], _used(screen, option, use))
        for option in screen.options
        if after[option.place] != option.key
    ]


def reordered(screen: Screen, use: OptionUse) -> Screen:
    """The screen with its keys given out anew. Options that share a key, each for its own channel
    or caller, move together; one that is pinned holds them all."""
    by_key: dict[str, list[Option]] = {}
    for option in screen.options:
        by_key.setdefault(option.key, []).append(option)
    loose = [
        key
        for key, options in by_key.items()
        if key in _MOVES and not any(option.pinned for option in options)
    ]
    wanted = sorted(
        loose, key=lambda key: -sum(_used(screen, option, use) for option in by_key[key])
    )
    given = dict(zip(wanted, sorted(loose), strict=True))
    options = [replace(o, key=given.get(o.key, o.key)) for o in screen.options]
    places = {key: at for at, key in enumerate(sorted(given.values()))}
    loosely = iter(sorted((o for o in options if o.key in places), key=lambda o: places[o.key]))
    return replace(screen, options=tuple(next(loosely) if o.key in places else o for o in options))


def _used(screen: Screen, option: Option, use: OptionUse) -> int:
    return use.get(f"{screen.name}/{option.name}", 0)
