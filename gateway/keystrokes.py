"""What is remembered of an input to a menu: the key, never what was asked for."""

from __future__ import annotations

from typing import Final
from unicodedata import normalize

from commands.masking import HIDDEN
from menus.book import Book
from menus.position import Position

RUBBISH: Final = "?"
_KEYS: Final = frozenset("0123456789*#, ")
_LONGEST: Final = 12  # characters of a list of numbers


def key_typed(book: Book, at: Position, text: str) -> str:
    """A key or numbers of a list; stars for something that was asked for; "?" for anything else."""
    key = normalize("NFKC", text).strip()
    screen = book.screens.get(at.screen)
    if screen is not None and screen.collect is not None:
        known = {option.key for option in screen.options} | {"", "0", "9", "*", "#"}
        return key if key in known else HIDDEN
    return key if len(key) <= _LONGEST and _KEYS.issuperset(key) else RUBBISH
