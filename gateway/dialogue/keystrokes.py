"""What is remembered of an input to a menu: the key, never what was asked for."""

from __future__ import annotations

import re
from typing import Final
from unicodedata import normalize

from commands.parser.masking import HIDDEN
from menus.model.book import Book
from menus.model.position import Position

RUBBISH: Final = "?"
_KEYS: Final = re.compile(r"[*#]|[0-9]{1,2}(?:[, ]{1,2}[0-9]{1,2}){0,3}")
"""A key, or a few numbers of a list: nothing as long as a password or a telephone number."""


def key_typed(book: Book, at: Position, text: str) -> str:
    """A key or numbers of a list; stars for something that was asked for; "?" for anything else."""
    key = normalize("NFKC", text).strip()
    screen = book.screens.get(at.screen)
    if screen is not None and screen.collect is not None:
        known = {option.key for option in screen.options} | {"", "0", "9", "*", "#"}
        return key if key in known else HIDDEN
    return key if not key or _KEYS.fullmatch(key) else RUBBISH
