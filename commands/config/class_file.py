"""conf/classes.yaml: what customer classes mean, and whether that fits conf/commands.yaml."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from commands.classes.customer_classes import CustomerClass, CustomerClasses
from commands.config.command_file import LevelName
from commands.model.request import AuthLevel
from tariffs.file_problem import FilePlace, FileProblem, namesakes, one_of
from tariffs.rows import NameRow, StrictRow

CODE: Final = r"^[a-z][a-z0-9_]{0,31}$"
_LONGEST: Final = {"zh": 50, "en": 100}  # of a refusal: it fits on a screen


def _proof(level: AuthLevel) -> AuthLevel:
    if level < AuthLevel.A2:
        raise ValueError("what a class must prove is A2 (password) or A3 (and a random code)")
    return level


class ClassRow(StrictRow):
    name: NameRow
    first: bool = False
    star: Annotated[int, Field(ge=0, le=5)] = 0
    queue: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")] | None = None
    advertising: bool = True
    unlimited: bool = False
    refused: list[str] = Field(default_factory=list)
    barred: bool = False
    says: NameRow | None = None
    only: list[str] = Field(default_factory=list)
    proof: dict[str, Annotated[LevelName, AfterValidator(_proof)]] = Field(default_factory=dict)


class ClassesFile(StrictRow):
    """conf/classes.yaml."""

    classes: dict[Annotated[str, Field(pattern=CODE)], ClassRow] = Field(max_length=200)

    def read(self) -> CustomerClasses:
        return CustomerClasses(tuple(_class(code, row) for code, row in self.classes.items()))


def _class(code: str, row: ClassRow) -> CustomerClass:
    return CustomerClass(
        code=code,
        name=row.name.label(),
        first=row.first,
        star=row.star,
        queue=row.queue or "",
        advertising=row.advertising,
        unlimited=row.unlimited,
        refused=frozenset(row.refused),
        barred=row.barred,
        says=row.says.label() if row.says else None,
        only=frozenset(row.only),
        proof={operation: int(level) for operation, level in row.proof.items()},
    )


def problems(file: ClassesFile, operations: Collection[str]) -> Iterator[FileProblem]:
    """What names no operation, contradicts itself, or cannot be said."""
    yield from namesakes("classes", "zh", {code: row.name.zh for code, row in file.classes.items()})
    for code, row in file.classes.items():
        here: FilePlace = ("classes", code)
        named: list[tuple[FilePlace, str]] = [
            *(((*here, "refused", n), name) for n, name in enumerate(row.refused)),
            *(((*here, "only", n), name) for n, name in enumerate(row.only)),
            *(((*here, "proof", name), name) for name in row.proof),
        ]
        for place, name in named:
            if name not in operations:
                what = f"commands.yaml has no operation '{name}'"
                yield FileProblem(place, what, one_of(sorted(operations), name))
        for name in set(row.refused) & set(row.only):
            what = f"'{name}' is only for {code}, and refused to it"
            yield FileProblem((*here, "only", row.only.index(name)), what, "Take one of them out")
        if row.barred and not row.says:
            what = "nobody is told why the hall does not serve them"
            yield FileProblem((*here, "barred"), what, "Write says: {zh: …, en: …}")
        if row.barred and row.only:
            what = f"the hall does not serve {code} at all, and lets only {code} do something"
            yield FileProblem((*here, "only"), what, "Take one of them out")
        if row.says and not (row.refused or row.barred):
            what = "it refuses nothing, so these words are never said"
            yield FileProblem((*here, "says"), what, "Name operations under refused:")
        yield from _too_long(here, row)


def _too_long(here: FilePlace, row: ClassRow) -> Iterator[FileProblem]:
    for language, text in (("zh", row.says.zh), ("en", row.says.en)) if row.says else ():
        most = _LONGEST[language]
        if not text.strip() or len(text) > most:
            what = f"a refusal has 1 to {most} characters, this has {len(text)}"
            yield FileProblem((*here, "says", language), what, "Shorten it")
