"""Folders in which an edition lies while it is read. Whoever has one holds a lock on it, which ends
with the process, however that ends: what one that was killed has left goes when the next needs a
folder."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import gettempdir, mkdtemp
from typing import Final

PREFIX: Final = "hallgate-edition."


@contextmanager
def edition_folder() -> Iterator[Path]:
    """An empty one, gone at the end."""
    _remove_what_is_left()
    folder, held = _made()
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
        os.close(held)


def _made() -> tuple[Path, int]:
    """With its lock. Another may take it for left before we have that: then it is made anew."""
    while True:
        folder = Path(mkdtemp(prefix=PREFIX))
        with suppress(OSError):
            if (held := _locked(folder)) is not None:
                return folder, held


def _locked(folder: Path) -> int | None:
    """A descriptor that holds the lock (flock(2)); None if the folder has gone meanwhile. Raises
    OSError if somebody else holds it, or may see it alone."""
    held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if folder.exists():
            return held
    except OSError:
        os.close(held)
        raise
    os.close(held)
    return None


def _remove_what_is_left() -> None:
    for folder in Path(gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):  # in use, somebody else's, or gone by now
            if (held := _locked(folder)) is not None:
                shutil.rmtree(folder, ignore_errors=True)
                os.close(held)
