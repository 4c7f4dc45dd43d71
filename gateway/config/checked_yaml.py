"""Reading conf/: YAML 1.2 into strict models, and every mistake with its file and line."""

from __future__ import annotations

import codecs
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice, takewhile
from pathlib import Path
from typing import Final, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from gateway.config.model_errors import problem_of
from gateway.config.yaml_lines import MOST_MIB, Fault, Mapping, Node, Scalar, Sequence, node_of
from tariffs.file_problem import FilePlace, FileProblem

MOST_FINDINGS: Final = 50  # told of a file at once

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Finding:
    """One mistake in a file, or, without a line, in what was given elsewhere: where, what, and what
    to write instead."""

    file: str
    line: int
    what: str
    fix: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.what}" + (f". {self.fix}" if self.fix else "")


class BadFile(Exception):
    """Something under conf/ cannot be used."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = list(findings)
        super().__init__("\n".join(map(str, self.findings)))


@dataclass(frozen=True, slots=True)
class Document:
    """A file as it was read, and on which line each place of it stands; or, for a value that was
    given over it, by whom."""

    file: str
    data: object
    lines: dict[FilePlace, int]
    given: dict[FilePlace, str] = field(default_factory=dict)
    written: dict[FilePlace, str] = field(
        default_factory=dict
    )  # numbers and the like, as they stand

    def line(self, place: FilePlace) -> int:
        """The line of the place, or of what surrounds it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def finding(self, problem: FileProblem) -> Finding:
        source = self._giver(problem.place)
        if source or not self.lines:
            return Finding(source or self.file, 0, problem.what, problem.fix)
        return Finding(self.file, self.line(problem.place), problem.what, problem.fix)

    def _giver(self, place: FilePlace) -> str:
        """Who gave what stands at a place, or made it necessary; empty if it is the file."""
        for given, source in self.given.items():
            if place[: len(given)] == given:
                return source
        if place in self.lines or (place[:-1] in self.lines and place[:-1]):
            return ""
        alike = {source: _common(place, given) for given, source in self.given.items()}
        nearest = max(alike, key=alike.__getitem__, default="")
        return nearest if alike.get(nearest) else ""


def _common(one: FilePlace, other: FilePlace) -> int:
    """How many steps two places have in common."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


@dataclass(frozen=True, slots=True)
class CheckedFile(Generic[Model]):
    value: Model
    document: Document

    def findings(self, problems: Iterable[FileProblem]) -> list[Finding]:
        """The first of them: each may be dear to find, and nobody mends a thousand at once."""
        return [self.document.finding(problem) for problem in islice(problems, MOST_FINDINGS)]


def read(path: Path, model: type[Model]) -> CheckedFile[Model]:
    """`load` and `fit`. Raises BadFile."""
    document = load(path)
    return CheckedFile(fit(document, model), document)


def load(path: Path) -> Document:
    """The plain data of a YAML file. An empty file is an empty mapping. Raises BadFile."""
    return parse(text_of(path), str(path))


def text_of(path: Path) -> str:
    """What stands in a file. Raises BadFile."""
    try:
        return _utf8(path, bytes_of(path, MOST_MIB * 2**20))
    except OSError as error:
        reason = error.strerror or str(error)
        raise BadFile(
            [Finding(str(path), 1, f"cannot be read: {reason}", _instead(path))]
        ) from None


def bytes_of(path: Path, most: int) -> bytes:
    """The content of a plain file. Raises BadFile, also if it is larger, and OSError. It never
    waits, as it would for what comes by a pipe."""
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise BadFile([Finding(str(path), 1, "is no file", "Put a file of text there")])
        content = file.read(most + 1)
    if len(content) > most:
        size = f"{most >> 20} MiB" if most >= 2**20 else f"{most >> 10} KiB"
        what, fix = f"is larger than {size}", "Take out what is not needed, or divide it"
        raise BadFile([Finding(str(path), 1, what, fix)])
    return content


def _utf8(path: Path, content: bytes) -> str:
    fix = "Save it as UTF-8"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise BadFile([Finding(str(path), 1, "is not UTF-8 but UTF-16", fix)])
    try:  # some editors begin a file with a mark of its encoding
        text = content.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadFile([Finding(str(path), line, "is not UTF-8", fix)]) from None
    return text.replace("\r\n", "\n")


def _instead(path: Path) -> str:
    """What to do about a file that is not there: another one may be meant."""
    try:
        beside = [other.name for other in path.parent.iterdir()]
    except OSError:
        return "Correct the name of its folder, or make it"
    known = {name.lower(): name for name in beside}
    for name in (path.name.lower(), path.with_suffix(".yml").name.lower()):
        if name in known and known[name] != path.name:
            return f"Rename {known[name]} to {path.name}"
    if path.is_symlink():
        return "Correct where it points to"
    return "Let this user read it" if path.name in beside else "Add it"


def parse(text: str, file: str) -> Document:
    """The plain data of YAML text that came from `file`. Raises BadFile."""
    try:
        node = node_of(text)
    except Fault as fault:
        raise BadFile([Finding(file, fault.line, fault.what, fault.fix)]) from None
    reading = _Reading(file, {(): 1}, {}, [])
    data = {} if node is None else reading.value(node, ())
    if reading.findings:
        raise BadFile(reading.findings)
    return Document(file, data, reading.lines, written=reading.written)


@dataclass(slots=True)
class _Reading:
    """A walk over the nodes of one file, which remembers on which line each place stands."""

    file: str
    lines: dict[FilePlace, int]
    written: dict[FilePlace, str]
    findings: list[Finding]

    def value(self, node: Node, place: FilePlace) -> object:
        if place not in self.lines or not place:
            self.lines[place] = node.line
        if isinstance(node, Mapping):
            return self._mapping(node, place)
        if isinstance(node, Sequence):
            return [self.value(item, (*place, n)) for n, item in enumerate(node.items)]
        if node.written:
            self.written[place] = node.written
        return node.value

    def _mapping(self, node: Mapping, place: FilePlace) -> dict[object, object]:
        found: dict[object, object] = {}
        for key_node, value_node in node.pairs:
            line = key_node.line
            if not isinstance(key_node, Scalar):
                self.findings.append(Finding(self.file, line, "a key must be a word", "Quote it"))
                continue
            key = key_node.value
            if key in found:
                fix = "Keep one of the two"
                self.findings.append(Finding(self.file, line, f"'{key}' stands here twice", fix))
            here = (*place, key if isinstance(key, int) else str(key))
            self.lines[here] = line
            found[key] = self.value(value_node, here)
        return found


def fit(document: Document, model: type[Model]) -> Model:
    """The data as a model. Raises BadFile with one finding per mistake."""
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        raise BadFile(_mistakes(document, error)) from None


def _mistakes(document: Document, error: ValidationError) -> Iterator[Finding]:
    for detail in error.errors(include_url=False)[:MOST_FINDINGS]:
        missing = detail["type"] == "missing"
        place = _place(document.data, tuple(detail["loc"]), missing=missing)
        yield document.finding(problem_of(detail, place, document.written))


def _place(data: object, named: FilePlace, *, missing: bool) -> FilePlace:
    """A place as it is in the file: where several kinds of value may stand, the model names the
    kind as well. `missing`: the last key is not there."""
    found: list[str | int] = []
    for n, step in enumerate(named):
        if isinstance(data, dict) and step in data:
            data = data[step]
        elif isinstance(data, dict) and str(step) in map(str, data):  # a key that is no text
            data = None
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        elif not (missing and n == len(named) - 1):
            continue
        found.append(step)
    return tuple(found)
