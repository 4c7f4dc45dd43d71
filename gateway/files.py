"""Reading conf/: YAML 1.2 into strict models, and every mistake with its file and line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel

from tariffs.problem import Place, Problem

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Finding:
    file: str
    line: int
    what: str
    fix: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}" + (f". {self.fix}" if self.fix else "")


class BadFile(Exception):
    """Something under conf/ cannot be used."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("\n".join(map(str, findings)))
        self.findings = findings


@dataclass(frozen=True, slots=True)
class Document:
    """A file as it was read, and on which line each place of it stands."""

    file: str
    data: object
    lines: dict[Place, int]

    def finding(self, problem: Problem) -> Finding:
        """On the line of the problem's place, or of what surrounds it."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Loaded(Generic[Model]):
    value: Model
    document: Document


def load(path: Path) -> Document:
    """The plain data of a YAML file. Raises BadFile."""
    raise NotImplementedError


def fit(document: Document, model: type[Model]) -> Model:
    """The data as a model. Raises BadFile with one finding per mistake."""
    raise NotImplementedError


def read(path: Path, model: type[Model]) -> Loaded[Model]:
    """`load` and `fit`. Raises BadFile."""
    document = load(path)
    return Loaded(fit(document, model), document)
