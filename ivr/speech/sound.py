"""What all languages share."""

from __future__ import annotations

from enum import Enum
from typing import Final, NamedTuple

LARGEST: Final = 10**12
"""Numbers from here on have no words."""
GIGABYTE: Final = 1024  # megabytes


class Sound(NamedTuple):
    """A sound's name below its language's folder, and the text that it says."""

    name: str
    text: str


class Unspeakable(ValueError):
    """There are no words for it."""


class CountedUnit(Enum):
    """What people count."""

    MESSAGES = "messages"
    PEOPLE = "people"
    TIMES = "times"
    DAYS = "days"
    HOURS = "hours"
    MINUTES = "minutes"
    SECONDS = "seconds"
    POINTS = "points"
    ITEMS = "items"


def speakable_size(number: int) -> int:
    """The number's size, if it has words."""
    if abs(number) >= LARGEST:
        raise Unspeakable(f"a number of {len(str(abs(number)))} digits")
    return abs(number)
