"""conf/roles.yaml: which role has which rights."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field

from gateway.config.checked_yaml import BadFile, fit, parse, read
from gateway.config.editions.conf_files import PARTS
from gateway.config.settings import OWN_CONF, own_or_ours
from gateway.model.operators.rights import OBJECTS, Right, Role, Roles
from tariffs.file_problem import FilePlace, FileProblem, namesakes, one_of
from tariffs.rows import NameRow, StrictRow

FILE: Final = "roles.yaml"
_MANAGES: Final = Right("change", "operators")
_SEEING: Final = ("change", "approve", "reveal", "assign", "escalate", "export", "stop")
"""Verbs of who must see what they do it to."""
_CHANGES: Final = Right("change", "editions")
_REVEALS: Final = Right("reveal", "subscribers")


class RoleRow(StrictRow):
    name: NameRow
    rights: dict[str, list[str]]
    reveals: int | None = Field(None, ge=1)  # of subscribers in a day, for each of them
    edits: list[str] | None = Field(None, min_length=1)  # files and folders of conf/


class RolesFile(StrictRow):
    """conf/roles.yaml."""

    roles: dict[Annotated[str, Field(pattern=r"^[a-z][a-z_]{1,31}$")], RoleRow]

    def read(self) -> Roles:
        return {
            code: Role(
                code, row.name.label(), _rights(row), row.reveals or 0, tuple(row.edits or ())
            )
            for code, row in self.roles.items()
        }


def _rights(row: RoleRow) -> frozenset[Right]:
    return frozenset(Right(verb, thing) for thing, verbs in row.rights.items() for verb in verbs)


def problems(file: RolesFile) -> Iterator[FileProblem]:
    """What no right is, and whether anybody may manage operators."""
    yield from namesakes("roles", "zh", {code: row.name.zh for code, row in file.roles.items()})
    for code, row in file.roles.items():
        for thing, verbs in row.rights.items():
            here: FilePlace = ("roles", code, "rights", thing)
            if thing not in OBJECTS:
                fix = one_of(sorted(OBJECTS), thing)
                yield FileProblem(here, f"nothing is named '{thing}'", fix)
                continue
            for position, verb in enumerate(verbs):
                if verb not in OBJECTS[thing]:
                    what = f"nobody can {verb} {thing}"
                    yield FileProblem((*here, position), what, one_of(OBJECTS[thing], verb))
            blind = next((verb for verb in verbs if verb in _SEEING), None)
            if blind and "read" in OBJECTS[thing] and "read" not in verbs:
                what = f"may {blind} {thing} and not read them"
                yield FileProblem(here, what, "Add read")
        yield from _edits(code, row)
    if not any(_MANAGES in _rights(row) for row in file.roles.values()):
        what = "no role may change operators"
        yield FileProblem(("roles",), what, "Give one of them operators: [change]")


def _edits(code: str, row: RoleRow) -> Iterator[FileProblem]:
    for position, name in enumerate(row.edits or ()):
        if name.partition("/")[0] not in PARTS:
            fix = one_of(sorted(PARTS), name)
            yield FileProblem(("roles", code, "edits", position), f"conf/ has no '{name}'", fix)
    if row.edits and _CHANGES not in _rights(row):
        what = "edits something and may not change editions"
        yield FileProblem(
            ("roles", code, "edits"), what, "Add editions: [read, change], or take it out"
        )


def role_doubts(file: RolesFile) -> Iterator[FileProblem]:
    """What is of no use to who has the role."""
    for code, row in file.roles.items():
        if not _rights(row):
            what = "who has this role may do nothing"
            yield FileProblem(("roles", code, "rights"), what, "Give it a right, or take it out")
        elif row.reveals is not None and _REVEALS not in _rights(row):
            what = "reveals so many subscribers and may not reveal any"
            fix = "Add subscribers: [read, reveal], or take it out"
            yield FileProblem(("roles", code, "reveals"), what, fix)


def roles_of(text: str | None) -> Roles:
    """The roles of an edition that has this as its roles.yaml; without one, the project's own.
    Raises BadFile."""
    if text is None:
        return read_roles(OWN_CONF)
    return fit(parse(text, FILE), RolesFile).read()


def read_roles(folder: Path) -> Roles:
    """The roles of a conf/ folder. Raises BadFile."""
    loaded = read(own_or_ours(folder, FILE), RolesFile)
    if findings := loaded.findings(problems(loaded.value)):
        raise BadFile(findings)
    return loaded.value.read()
