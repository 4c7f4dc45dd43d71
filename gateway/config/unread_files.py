"""Files in conf/ that look as if they were read, and are not."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from gateway.config.checked_yaml import BadFile, Finding

_LIKE_YAML: Final = re.compile(r"\.ya?ml(?![a-z])", re.IGNORECASE)
_LEFT: Final = re.compile(r"\.(?:dpkg|ucf)-(?:dist|new|old|tmp)$")
_MOST: Final = 20  # told of at once
MOST_FILES: Final = 200  # in a folder
_MIB: Final = 2
MOST_OCTETS: Final = _MIB * 2**20  # of all of them


def yaml_files(folder: Path) -> list[Path]:
    """What is read of a folder, in order. Raises BadFile if it is more than anybody wrote."""
    found = sorted(path for path in folder.glob("*.yaml") if not path.name.startswith("."))
    if len(found) > MOST_FILES:
        what = f"holds more than {MOST_FILES} files"
        raise BadFile([Finding(str(folder), 1, what, "Take out what is not needed")])
    sizes = {path: path.stat().st_size for path in found if path.is_file()}
    if sum(sizes.values()) > MOST_OCTETS:
        largest = max(sizes, key=sizes.__getitem__)
        what = f"is the largest file of {folder.name}/, which holds more than {_MIB} MiB"
        raise BadFile([Finding(str(largest), 1, what, "Take out what is not needed")])
    return found


def strays(
    folder: Path, read: Collection[Path], *, apart: Collection[str] = ()
) -> Iterator[Finding]:
    """Below a folder, but for the folders `apart`. Hidden files are nobody's, and what dpkg has
    left is no mistake."""
    found = 0
    for path in _like_yaml(folder, apart):
        if path in read or _LEFT.search(path.name):
            continue
        yield Finding(str(path), 1, "is not read", _fix(path, folder))
        found += 1
        if found == _MOST:
            return


def left_by_packages(folder: Path) -> Iterator[Finding]:
    """Where a file here and the one of a new release have both changed, dpkg keeps one of them
    beside the other."""
    for path in _like_yaml(folder):
        if _LEFT.search(path.name):
            what = "was left by the package: it is not read"
            ours = _LEFT.sub("", path.name)
            yield Finding(str(path), 1, what, f"Compare it with {ours}, then remove it")


def _like_yaml(folder: Path, apart: Collection[str] = ()) -> Iterator[Path]:
    for at, folders, names in os.walk(folder):
        inside = Path(at)
        folders[:] = [n for n in sorted(folders) if not n.startswith(".")]
        if inside == folder:
            folders[:] = [name for name in folders if name not in apart]
        for name in sorted(names):
            if not name.startswith(".") and _LIKE_YAML.search(name):
                yield inside / name


def _fix(path: Path, folder: Path) -> str:
    plain = f"{_LIKE_YAML.split(path.name)[0].lower()}.yaml"
    if path.name != plain and path.name.lower().endswith((".yaml", ".yml")):
        return f"Rename it to {plain}"
    return "Remove it, or put it where it belongs; what conf/ holds stands in README.md"
