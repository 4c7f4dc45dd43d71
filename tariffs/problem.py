"""What does not fit in a file that operations people write: the place inside it, and what to do."""

from __future__ import annotations

from dataclasses import dataclass

Place = tuple[str | int, ...]  # keys and positions from the top of the file: ("services", "EDU40")


@dataclass(frozen=True, slots=True)
class Problem:
    """Found by whoever knows the meaning; the reader of the file turns the place into a line."""

    place: Place
    what: str
    fix: str = ""
