"""What does not fit in a file that operations people write: the place inside it, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

FilePlace = tuple[
    str | int, ...
]  # keys and positions from the top of the file: ("services", "EDU40")


@dataclass(frozen=True, slots=True)
class FileProblem:
    """Found by whoever knows the meaning; the reader of the file turns the place into a line."""

    place: FilePlace
    what: str
    fix: str = ""


_MOST: Final = 100  # names told
_LONGEST: Final = 60  # characters that are compared


def one_of(known: Iterable[str], written: str) -> str:
    """What to write instead of a name that is none: those like it, or all."""
    names = list(known)
    if near := get_close_matches(written[:_LONGEST], names, n=2, cutoff=0.7):
        return f"Did you mean {' or '.join(near)}?"
    more = ", …" if len(names) > _MOST else ""
    return f"Write one of: {', '.join(names[:_MOST])}{more}" if names else "Take it out"


def namesakes(section: str, language: str, names: Mapping[str, str]) -> Iterator[FileProblem]:
    """Two things that nobody could tell apart; `names` in that language, by their codes."""
    seen: dict[str, str] = {}
    for code, name in names.items():
        if (other := seen.setdefault(name, code)) != code:
            what = f"'{name}' is also the name of {other}"
            yield FileProblem((section, code, "name", language), what, "Name one otherwise")
