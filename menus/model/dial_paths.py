"""Numbers dialled in full: `*139*1#`, `*139*4*860000000000000001#`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from menus.model.book import Book, DialPath
from menus.model.fields import TypedSecret
from menus.model.wording import MenuChannel

MOST_KEYS = 16


@dataclass(frozen=True, slots=True)
class DialledNumber:
    """Where a dialled number leads: a screen, and what is as good as typed from there on."""

    entry: str
    screen: str
    ahead: tuple[TypedSecret, ...]  # a card's secret may be among it
    path: str = ""  # the book's name for it


def parse(dialled: str, starts: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    """The entry that a full path belongs to, and what follows: keys and {fields}."""
    for start in sorted(starts, key=len, reverse=True):
        stem = start.rstrip("#")
        if dialled.startswith(f"{stem}*") and dialled.endswith("#"):
            return start, tuple(dialled[len(stem) + 1 : -1].split("*"))
    return "", ()


def is_path(dialled: str) -> bool:
    """As people dial it: *139*1#, or *139*4*{card}# for something to be filled in."""
    return re.fullmatch(r"\*[0-9]+(\*([0-9]+|\{[a-z_]+\}))+#", dialled) is not None


def dial(book: Book, dialled: str) -> DialledNumber | None:
    """What a dialled number means; None if it is none of ours. Never raises."""
    starts = book.entries.get(MenuChannel.USSD, {})
    if dialled in starts:
        return DialledNumber(dialled, starts[dialled], ())
    entry, keys = parse(dialled, starts)
    if not entry:
        return None
    for path in book.paths.values():
        if path.to and path.entry == entry:
            typed = _filled(path, keys, book)
            if typed is not None:
                return DialledNumber(entry, path.to, typed, path.dialled)
    ahead = tuple(TypedSecret(key) for key in keys[:MOST_KEYS])
    mine = (p for p in book.paths.values() if p.entry == entry)
    known = next((p.dialled for p in mine if p.keys == keys), "")
    return DialledNumber(entry, starts[entry], ahead, known)


def _filled(path: DialPath, keys: tuple[str, ...], book: Book) -> tuple[TypedSecret, ...] | None:
    """What stands for the fields of a path, or None if the keys are not of it."""
    if len(path.keys) != len(keys):
        return None
    typed = []
    for wanted, key in zip(path.keys, keys, strict=True):
        if not wanted.startswith("{"):
            if wanted != key:
                return None
            continue
        field = book.fields.get(wanted[1:-1])
        if field is None or field.clean(key) is None:
            return None
        typed.append(TypedSecret(key))
    return tuple(typed)
