"""Silence on a call: whether the screen is said again, or a person or the end comes of it."""

from __future__ import annotations

from enum import Enum
from typing import Final

from menus.model.book import Book, BookLimits
from menus.model.position import Position

HOPS: Final = 8  # screens that are passed through without anybody typing


class AfterSilence(Enum):
    SAID_AGAIN = "said again"
    GIVEN_UP = "given up"
    OVER = "over"


def after_silence(
    at: Position, limits: BookLimits, seconds: int, *, at_entry: bool
) -> tuple[Position, AfterSilence]:
    """After a silence of so many seconds, with what was said before it. The screen is said again as
    long as that can be heard in time. Then who has pressed a key gets a person; who has not may not
    be there at all."""
    seconds = max(seconds, limits.silence)
    silent, quiet = at.silent + 1, at.quiet + seconds
    at = at._replace(silent=silent, quiet=quiet, wrong=0)
    often = silent >= limits.wrong
    if often and quiet <= limits.idle and not at_entry:
        return at, AfterSilence.GIVEN_UP
    late = often or quiet + seconds > limits.idle
    return at, AfterSilence.OVER if late else AfterSilence.SAID_AGAIN


def is_entry(book: Book, at: Position) -> bool:
    """Whether no key has led away yet from where a call begins."""
    name = book.entries.get(at.channel, {}).get(at.entry, "")
    for _ in range(HOPS):
        if name == at.screen or name not in book.screens:
            break
        name = book.screens[name].otherwise
    return name == at.screen
