"""What is worth a second look about a conf/ with which nothing is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from gateway.config.checked_yaml import Document, Finding, parse
from gateway.config.editions.conf_files import MENUS, ConfFiles
from gateway.dialogue.snapshot import HallSnapshot
from gateway.editions.doubts import doubts, unfinished
from gateway.editions.past import over

_FOLDERS: Final = ("", "tariffs", MENUS)
"""Where times are written, and whatever else may be doubtful."""


def notes(
    files: ConfFiles, snapshot: HallSnapshot, now: int, folder: Path | None = None
) -> Iterator[Finding]:
    """What is over, and what is doubtful, of the files that `snapshot` was made of; `folder`: where
    they lie. `now`: a minute of the wall clock (periods.period)."""
    read = documents(files, folder)
    yield from over(read, now)
    yield from doubts(read, snapshot)
    yield from unfinished(files, folder)


def documents(files: ConfFiles, folder: Path | None = None) -> dict[str, Document]:
    """Those that are looked at, by their names in conf/. Raises BadFile."""
    return {
        name: parse(text, str(folder / name) if folder else name)
        for name, text in files.items()
        if name.endswith(".yaml") and (name.rpartition("/")[0] in _FOLDERS)
    }
