"""A ZIP of conf/ as changes of what is in force."""

from __future__ import annotations

import zipfile
from typing import BinaryIO, Final

from gateway.config.editions.conf_files import APART, ConfFiles, unfit_names
from gateway.editions.publishing import NotPublished

_MOST_FILES: Final = 200
_MOST_OCTETS: Final = 8 * 1024 * 1024  # of all files together, unpacked
_WHOLE: Final = "commands.yaml"  # without it nothing is all of conf/
_NOT_OURS: Final = ("gateway.yaml", "menus/schema.json")  # of a process; made from the program


def imported(archive: BinaryIO, held: ConfFiles) -> dict[str, str | None]:
    """What is otherwise than in `held`; None: gone. Raises NotPublished."""
    found = _texts(archive)
    changed: dict[str, str | None] = {
        name: text for name, text in found.items() if held.get(name) != text
    }
    if _WHOLE in found:
        changed |= {name: None for name in held if name not in found}
    if not changed:
        raise NotPublished("nothing in it is otherwise than what is in force")
    return changed


def _texts(archive: BinaryIO) -> dict[str, str]:
    """By their paths below conf/. What lies there for others is left out."""
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = [one for one in opened.infolist() if not one.is_dir()]
            if len(entries) > _MOST_FILES:
                raise NotPublished(f"it has more than {_MOST_FILES} files")
            if sum(one.file_size for one in entries) > _MOST_OCTETS:
                raise NotPublished("it is more than any conf/")
            names = {_below(one.filename): one for one in entries}
            kept = {name: one for name, one in names.items() if not _is_apart(name)}
            _must_fit(kept)
            return {name: _read(opened, one) for name, one in kept.items()}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError):
        raise NotPublished("it is no ZIP that can be read") from None


def _read(opened: zipfile.ZipFile, one: zipfile.ZipInfo) -> str:
    """No more than it says of itself, whatever it holds."""
    with opened.open(one) as stream:
        octets = stream.read(one.file_size + 1)
    if len(octets) > one.file_size or b"\0" in octets:
        raise NotPublished(f"{one.filename} is no text")
    try:
        return octets.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise NotPublished(f"{one.filename} is no text") from None


def _below(path: str) -> str:
    return path.removeprefix("./").removeprefix("conf/")


def _is_apart(name: str) -> bool:
    return name in _NOT_OURS or name.split("/")[0] in APART or name.endswith((".md", ".DS_Store"))


def _must_fit(names: dict[str, zipfile.ZipInfo]) -> None:
    if findings := unfit_names({name: "" for name in names}):
        raise NotPublished(f"{findings[0].file} {findings[0].what}. {findings[0].fix}")
