"""`hallgate --version`: the release, the commit it was made of, and the schema that it wants."""

from __future__ import annotations

import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Final

from gateway.store.migrations.schema_version import newest

_PACKAGE: Final = Path(__file__).parents[1]
_WRITTEN: Final = _PACKAGE / "commit.txt"  # put there by whatever builds a wheel
_UNKNOWN: Final = "unknown"


def program_version() -> str:
    return f"hallgate {version('hallgate')}, commit {commit()}, schema {newest()}"


def commit() -> str:
    """Of an installation the one that it was built of; of a checkout the one that is checked
    out, with a + if files differ from it."""
    if _WRITTEN.exists():
        return _WRITTEN.read_text().strip() or _UNKNOWN
    if not (_PACKAGE.parent / ".git").exists():
        return _UNKNOWN
    words = ["git", "-C", str(_PACKAGE), "describe", "--always", "--abbrev=12", "--exclude=*"]
    try:
        told = subprocess.run([*words, "--dirty=+"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return _UNKNOWN
    return told.stdout.strip()
