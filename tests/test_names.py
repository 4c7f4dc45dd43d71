"""The shape of the code: one name for one thing, files and folders that fit in the eye."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
PACKAGES: Final = (
    "gateway",
    "smpp",
    "ivr",
    "commands",
    "menus",
    "tariffs",
    "periods",
    "simulators",
)
LONGEST: Final = 350  # lines of a file
MOST: Final = 25  # Python files in a folder

# What may be longer for now, and why.
LONG_FILES: Final = {"smpp/session.py": "one machine: it has one reason to change"}
FULL_FOLDERS: Final[dict[str, str]] = {
    "gateway/store/migrations/versions": "one file a change of the schema; none is ever taken away",
}


def test_no_public_class_has_the_name_of_another() -> None:
    """A name that means two things is renamed at every import, or mistaken."""
    places = defaultdict(list)
    for path in _files():
        for name, line in _public_classes(path):
            places[name].append(f"{_short(path)}:{line}")
    twice = [f"{name}: {', '.join(found)}" for name, found in places.items() if len(found) > 1]
    assert not twice, "\n".join(["public class names defined twice:", *sorted(twice)])


def test_no_file_is_too_long() -> None:
    """One that passes the limit has two subjects. An exception that is none any more goes."""
    long = {_short(path): lines for path in _files() if (lines := _lines(path)) > LONGEST}
    more = [f"{path}: {lines} lines" for path, lines in long.items() if path not in LONG_FILES]
    assert not more, "\n".join([f"longer than {LONGEST} lines:", *more])
    assert not LONG_FILES.keys() - long, "no longer than others: take them off LONG_FILES"


def test_no_folder_is_too_full() -> None:
    """What is looked for is found by reading the names once."""
    files: dict[str, int] = defaultdict(int)
    for path in _files():
        files[_short(path.parent)] += 1
    full = {folder: count for folder, count in files.items() if count > MOST}
    more = [f"{where}: {count} files" for where, count in full.items() if where not in FULL_FOLDERS]
    assert not more, "\n".join([f"more than {MOST} files:", *more])
    assert not FULL_FOLDERS.keys() - full, "no fuller than others: take them off FULL_FOLDERS"


def _files() -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))


def _short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _lines(path: Path) -> int:
    return path.read_text().count("\n")


def _public_classes(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node.name, node.lineno
