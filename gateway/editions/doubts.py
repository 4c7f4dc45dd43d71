"""What conf/ says that a hall can be run with, and hardly anybody means: noted, and no mistake. A
hall that has been running with it starts as before, and what was published stays of use."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from commands.config.command_file import CommandsFile
from commands.config.doubts import cancel_doubts, command_doubts, offer_doubts
from commands.config.offer_file import OffersFile
from gateway.config.checked_yaml import CheckedFile, Document, Finding, Model, fit
from gateway.config.editions.conf_files import MENUS, ConfFiles
from gateway.config.roles import RolesFile, role_doubts
from gateway.dialogue.snapshot import HallSnapshot
from menus.lint.announcement_doubts import announcement_doubts
from tariffs import changes, tariff_files
from tariffs.file_problem import FileProblem


def doubts(read: Mapping[str, Document], snapshot: HallSnapshot) -> Iterator[Finding]:
    """`read`: the files of a conf/, by their names in it, from which `snapshot` was opened."""
    commands = _file(read, "commands.yaml", CommandsFile)
    yield from commands.findings(command_doubts(commands.value))
    plans = _file(read, "tariffs/plans.yaml", tariff_files.PlansFile)
    yield from plans.findings(changes.plan_change_doubts(plans.value))
    yield from plans.findings(tariff_files.plan_doubts(snapshot.catalogue))
    services = _file(read, "tariffs/services.yaml", tariff_files.ServicesFile)
    yield from services.findings(changes.service_change_doubts(services.value))
    yield from services.findings(tariff_files.service_doubts(snapshot.catalogue))
    yield from services.findings(cancel_doubts(snapshot.register, snapshot.catalogue))
    offers = _file(read, "offers.yaml", OffersFile)
    yield from offers.findings(offer_doubts(offers.value, snapshot.register, snapshot.catalogue))
    if "roles.yaml" in read:
        roles = _file(read, "roles.yaml", RolesFile)
        yield from roles.findings(role_doubts(roles.value))
    for one in announcement_doubts(snapshot.menus.book, snapshot.world):
        document = read[f"menus/{Path(one.file).name}"]
        yield document.finding(FileProblem(one.place, one.what, one.fix))


def unfinished(files: ConfFiles, folder: Path | None = None) -> Iterator[Finding]:
    """Texts in which somebody has left word that they are not written yet. Comments may say so."""
    for name, text in files.items():
        if not name.startswith(_TEXTS):
            continue
        for n, line in enumerate(text.splitlines(), 1):
            if (found := _LEFT.search(line.partition(" #")[0])) and not line.lstrip().startswith(
                "#"
            ):
                what = f"'{found.group()}' stands in what subscribers read"
                yield Finding(str(folder / name) if folder else name, n, what, "Write the text")


_TEXTS: Final = ("replies/", f"{MENUS}/", "offers.yaml")
_LEFT: Final = re.compile(r"\b(?:TODO|TBD|FIXME|XXX)\b|待定|待补")


def _file(read: Mapping[str, Document], name: str, model: type[Model]) -> CheckedFile[Model]:
    return CheckedFile(fit(read[name], model), read[name])
