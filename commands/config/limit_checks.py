"""Limits of conf/commands.yaml that can be written, and would leave the hall open or of no use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from commands.config.command_file import CommandsFile
from commands.config.rule_file import seconds
from tariffs.file_problem import FilePlace, FileProblem

_BETWEEN: Final = {
    ("limits", "wrong_window"): ("10 min", "30 d"),
    ("limits", "lock"): ("10 min", "30 d"),
    ("limits", "step"): ("30 s", "60 min"),
    ("limits", "list"): ("1 min", "7 d"),
    ("limits", "confirm_once"): ("1 min", "24 h"),
    ("limits", "confirm_twice"): ("1 min", "72 h"),
    ("limits", "code_lasts"): ("30 s", "60 min"),
    ("limits", "card_closed"): ("10 min", "30 d"),
    ("limits", "link_lasts"): ("1 min", "24 h"),
    ("rating", "answer"): ("10 min", "30 d"),
    ("porting", "code_lasts"): ("1 min", "24 h"),
}
"""Durations: somebody has to have the time for it, and nobody else should have."""
_AT_MOST: Final = {
    "wrong_passwords": 10,
    "code_tries": 10,
    "codes_a_day": 100,
    "card_errors": 20,
    "certificate_errors": 10,
}
"""Tries: with more of them six digits are found out."""


def problems(file: CommandsFile) -> Iterator[FileProblem]:
    for (section, key), (least, most) in _BETWEEN.items():
        place: FilePlace = (section, key)
        given = getattr(getattr(file, section), key)
        if given < seconds(least):
            yield FileProblem(place, "nobody has the time for it", f"Write {least} or more")
        elif given > seconds(most):
            what = "that is long enough for somebody else to use it"
            yield FileProblem(place, what, f"Write {most} or less")
    for key, count in _AT_MOST.items():
        if getattr(file.limits, key) > count:
            what = "with so many tries it is found out"
            yield FileProblem(("limits", key), what, f"Write {count} or less")
    if file.limits.code_every > file.limits.code_lasts:
        what = "whose code has run out waits for another"
        yield FileProblem(("limits", "code_every"), what, "Write no more than code_lasts:")
