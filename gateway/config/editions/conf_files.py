"""The files of conf/ that make up an edition: read as texts, and laid out as a folder again.

One reader serves both: what lies in conf/, and what lies in the store and is laid out first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Final

from gateway.config.checked_yaml import BadFile, Finding, bytes_of, text_of
from gateway.config.editions.edition_folders import edition_folder
from gateway.config.sentence_examples import EXAMPLES, LEARNT, MOST_OCTETS
from gateway.config.settings import Settings
from gateway.config.sources import is_configuration
from gateway.config.unread_files import strays

APART: Final = ("asterisk", "sample")  # for the exchange; for who tries the hall out
MENUS: Final = "menus"
_OURS: Final = {
    "classes.yaml", "commands.yaml", "holidays.yaml", "interfaces.yaml", "offers.yaml",
    "regions.yaml", "reminders.yaml", "roles.yaml", "tickets.yaml",
}  # fmt: skip
"""Never taken for settings of a process, whatever stands in them."""
PARTS: Final = frozenset({*_OURS, "numbers.yaml", MENUS, "plain", "replies", "tariffs"})
"""What lies in conf/ of an edition."""
_NAME: Final = re.compile(r"(?:[\w-][\w.-]{0,80}/){0,3}[\w-][\w.-]{0,80}", re.ASCII)

ConfFiles = Mapping[str, str]
"""Path below conf/ -> what stands there."""


def conf_files(folder: Path) -> dict[str, str]:
    """Everything that is read of a conf/, but gateway.yaml: that is of the process. Raises
    BadFile."""
    if not folder.is_dir():
        raise BadFile([Finding(str(folder), 1, "is no folder", "Name the folder of commands.yaml")])
    found, findings = {}, []
    for path in _yaml(folder):
        try:
            found[path.relative_to(folder).as_posix()] = text_of(path)
        except BadFile as bad:
            findings += bad.findings
    for name in (EXAMPLES, LEARNT):
        if (path := folder / name).exists():
            try:
                found[name] = _text(path)
            except BadFile as bad:
                findings += bad.findings
    if findings:
        raise BadFile(findings)
    return found


def _yaml(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*.yaml")):
        inside = path.relative_to(folder).parts
        if any(part.startswith(".") for part in inside) or inside[0] in APART:
            continue
        if len(inside) > 1 or path.name in _OURS or not is_configuration(path):
            yield path


def _text(path: Path) -> str:
    try:
        return bytes_of(path, MOST_OCTETS).decode("utf-8")
    except (OSError, ValueError) as error:
        what = f"cannot be read: {type(error).__name__}"
        raise BadFile([Finding(str(path), 1, what, "Let this user read it")]) from None


def version_of(files: ConfFiles, *more: str) -> str:
    """The same for the same content under the same names, and what else it is made of."""
    digest = sha256()
    for name, text in sorted(files.items()):
        digest.update(f"{name}\0{text}\0".encode())
    for each in more:
        digest.update(each.encode())
    return digest.hexdigest()[:12]


def below(files: ConfFiles, folder: str) -> dict[str, str]:
    """What lies in one of its folders, by the names there."""
    head = f"{folder}/"
    return {n.removeprefix(head): text for n, text in files.items() if n.startswith(head)}


def with_folder(files: ConfFiles, folder: str, texts: ConfFiles) -> dict[str, str]:
    """The same files, but for those of one folder: these instead."""
    head = f"{folder}/"
    rest = {name: text for name, text in files.items() if not name.startswith(head)}
    return rest | {head + name: text for name, text in texts.items()}


def unfit_names(files: ConfFiles) -> list[Finding]:
    """What no file of conf/ is called."""
    return [
        Finding(name, 1, "is no name of a file in conf/", "Write it as menus/hall.yaml")
        for name in files
        if not _NAME.fullmatch(name) or name.split("/")[0] in APART
    ]


@contextmanager
def laid_out(files: ConfFiles) -> Iterator[Path]:
    """As a folder that is read like conf/, and is gone at the end. Raises BadFile for names that
    would lead out of it; findings within are named as they are in conf/."""
    if findings := unfit_names(files):
        raise BadFile(findings)
    with edition_folder() as folder:
        write_out(files, folder)
        try:
            yield folder
        except BadFile as bad:
            raise BadFile([_inside(finding, folder) for finding in bad.findings]) from None


def write_out(files: ConfFiles, folder: Path) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")


def _inside(finding: Finding, folder: Path) -> Finding:
    head = f"{folder}/"
    return Finding(
        finding.file.removeprefix(head),
        finding.line,
        finding.what.replace(head, ""),
        finding.fix.replace(head, ""),
    )


def not_read(folder: Path, files: ConfFiles) -> list[Finding]:
    """What lies in a folder that is to be an edition, and would not be part of it."""
    read = {folder / name for name in files}
    return [
        found
        for found in strays(folder, read, apart=APART)
        if Path(found.file).parent != folder or not is_configuration(Path(found.file))
    ]


def at_folder(settings: Settings, folder: Path) -> Settings:
    """The same process, with another conf/."""
    return settings.model_copy(update={"conf": folder})
