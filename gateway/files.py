"""Reading conf/: YAML 1.2 into strict models, and every mistake with its file and line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from tariffs.problem import Place, Problem

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
    lines: dict[Place, int]
    given: Mapping[Place, str] = field(default_factory=dict)

    def line(self, place: Place) -> int:
        """The line of the place, or of what surrounds it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def finding(self, problem: Problem) -> Finding:
        for place, source in self.given.items():
            if problem.place[: len(place)] == place:
                return Finding(source, 0, problem.what, problem.fix)
        return Finding(self.file, self.line(problem.place), problem.what, problem.fix)


@dataclass(frozen=True, slots=True)
class Loaded(Generic[Model]):
    value: Model
    document: Document

    def findings(self, problems: Iterable[Problem]) -> list[Finding]:
        return [self.document.finding(problem) for problem in problems]


def read(path: Path, model: type[Model]) -> Loaded[Model]:
    """`load` and `fit`. Raises BadFile."""
    document = load(path)
    return Loaded(fit(document, model), document)


def load(path: Path) -> Document:
    """The plain data of a YAML file. An empty file is an empty mapping. Raises BadFile."""
    return parse(text_of(path), str(path))


def text_of(path: Path) -> str:
    """What stands in a file. Raises BadFile."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        reason = error.strerror or str(error)
        raise BadFile([Finding(str(path), 1, f"cannot be read: {reason}")]) from None
    except UnicodeDecodeError:
        raise BadFile([Finding(str(path), 1, "is not UTF-8", "Save it as UTF-8")]) from None


def parse(text: str, file: str) -> Document:
    """The plain data of YAML text that came from `file`. Raises BadFile."""
    yaml = YAML(typ="safe", pure=True)
    try:
        node = yaml.compose(text)
        reading = _Reading(file, yaml, {}, [])
        data = {} if node is None else reading.value(node, ())
    except YAMLError as error:
        raise BadFile([_not_yaml(file, error)]) from None
    if reading.findings:
        raise BadFile(reading.findings)
    return Document(file, data, reading.lines)


def _not_yaml(file: str, error: YAMLError) -> Finding:
    fix = 'Put text that holds : # * & { [ or begins with a sign into quotes: "*139#"'
    if not isinstance(error, MarkedYAMLError):
        return Finding(file, 1, f"is not YAML: {error}", fix)
    if "'\\t'" in str(error.problem):
        fix = "Indent with blanks, not with tabs"
    mark = error.problem_mark or error.context_mark
    return Finding(file, mark.line + 1 if mark else 1, f"is not YAML: {error.problem}", fix)


@dataclass(slots=True)
class _Reading:
    """A walk over the nodes of one file, which remembers on which line each place stands."""

    file: str
    yaml: YAML
    lines: dict[Place, int]
    findings: list[Finding]

    def value(self, node: Node, place: Place) -> object:
        self.lines.setdefault(place, node.start_mark.line + 1)
        if isinstance(node, MappingNode):
            return self._mapping(node, place)
        if isinstance(node, SequenceNode):
            return [self.value(item, (*place, n)) for n, item in enumerate(node.value)]
        return self._scalar(node)

    def _mapping(self, node: MappingNode, place: Place) -> dict[object, object]:
        found: dict[object, object] = {}
        for key_node, value_node in node.value:
            key, line = self._scalar(key_node), key_node.start_mark.line + 1
            if key in found:
                fix = "Keep one of the two"
                self.findings.append(Finding(self.file, line, f"'{key}' stands here twice", fix))
            here = (*place, key if isinstance(key, int) else str(key))
            self.lines[here] = line
            found[key] = self.value(value_node, here)
        return found

    def _scalar(self, node: Node) -> object:
        if not isinstance(node, ScalarNode):
            line = node.start_mark.line + 1
            self.findings.append(Finding(self.file, line, "a key must be a word", "Quote it"))
            return ""
        return self.yaml.constructor.construct_object(node)


def fit(document: Document, model: type[Model]) -> Model:
    """The data as a model. Raises BadFile with one finding per mistake."""
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        raise BadFile(_mistakes(document, error)) from None


def _mistakes(document: Document, error: ValidationError) -> Iterator[Finding]:
    for detail in error.errors(include_url=False):
        yield document.finding(_problem(detail))


def _problem(detail: ErrorDetails) -> Problem:
    place: Place = tuple(detail["loc"])
    key = ".".join(map(str, place)) or "the file"
    match detail["type"]:
        case "extra_forbidden":
            return Problem(place, f"unknown key '{key}'", "Remove it, or correct its spelling")
        case "missing":
            return Problem(place, f"'{key}' is missing", "Add it")
        case "string_type":
            return Problem(place, f"'{key}' must be text", _quoted(detail["input"]))
        case "literal_error" | "enum":
            expected = detail["ctx"]["expected"].replace("'", "").replace(" or ", ", ")
            return Problem(place, f"'{key}' cannot be that", f"Write one of: {expected}")
        case kind if kind in _NOT_A:
            what, fix = _NOT_A[kind]
            return Problem(place, f"'{key}' must be {what}", fix)
        case kind if kind in _BEYOND:
            what, fix = _BEYOND[kind]
            limit = f"{next(iter(detail['ctx'].values())):g}"
            return Problem(place, f"'{key}' {what}", fix.format(limit))
        case "value_error":
            what, _, fix = _plain(detail["msg"]).partition("; ")
            return Problem(place, f"'{key}': {what}", fix[:1].upper() + fix[1:])
        case "string_pattern_mismatch":
            what = f"'{key}' cannot be {detail['input']!r}"
            return Problem(place, what, "Correct its spelling: no capitals, blanks or signs")
        case _:
            return Problem(place, f"'{key}': {_plain(detail['msg'])}")


_BEYOND: Final = {
    "greater_than_equal": ("is too small", "Write {} or more"),
    "greater_than": ("is too small", "Write more than {}"),
    "less_than_equal": ("is too large", "Write {} or less"),
    "less_than": ("is too large", "Write less than {}"),
}
_MAPPING: Final = ("a mapping", "Write name: value, one a line, indented below it")
_WHOLE: Final = ("a whole number", "Write its digits, without quotes")
_NUMBER: Final = ("a number", "Write it as in 1.5, without quotes")
_LIST: Final = ("a list", "Write [one, another], or each on a line of its own after a -")
_YES_OR_NO: Final = ("true or false", "Write one of them")
_NOT_A: Final = {
    "dict_type": _MAPPING,
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "list_type": _LIST,
    "tuple_type": _LIST,
    "bool_type": _YES_OR_NO,
    "bool_parsing": _YES_OR_NO,
}


def _quoted(given: object) -> str:
    """YAML takes 0012 for twelve: whoever means the digits must quote them."""
    return f'Put it into quotes: "{given}"' if isinstance(given, int | float) else ""


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ")
