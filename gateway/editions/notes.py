"""What is worth a second look about a conf/ with which nothing is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from gateway.config.checked_yaml import Document, Finding, load
from gateway.config.unread_files import left_by_packages, yaml_files
from gateway.dialogue.snapshot import HallSnapshot
from gateway.editions.doubts import doubts
from gateway.editions.past import over

_FOLDERS: Final = ("", "tariffs", "menus")


def notes(conf: Path, snapshot: HallSnapshot, now: int) -> Iterator[Finding]:
    """Of the folder that `snapshot` was opened from: what is over, what is doubtful, and what a
    package has left there. `now`: a minute of the wall clock (periods.period)."""
    read = documents(conf)
    yield from over(read, now)
    yield from doubts(read, snapshot)
    yield from left_by_packages(conf)


def documents(conf: Path) -> dict[str, Document]:
    """The files of a conf/ that people write times into, by their names in it. Raises BadFile."""
    paths = [path for folder in _FOLDERS for path in yaml_files(conf / folder)]
    return {path.relative_to(conf).as_posix(): load(path) for path in paths}
