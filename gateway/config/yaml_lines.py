"""YAML 1.2 text as nodes with their lines. What it takes to read is bounded, whatever stands there:
how deep it goes, how many values it holds, how large each is, and what its aliases come to."""

from __future__ import annotations

import functools
import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.nodes import ScalarNode

MOST_VALUES: Final = 50_000  # of a file; reading them takes about two seconds
MOST_MIB: Final = 1
DEEPEST: Final = 24  # levels; our own files have eight
LONGEST: Final = 20_000  # characters of one value
LONGEST_KEY: Final = 200
LONGEST_NUMBER: Final = 24
MOST_REMEMBERED: Final = 128  # files; our own, which are 57, come to less than 3 MB
_PLAIN: Final = "tag:yaml.org,2002:"
_QUOTE: Final = 'Put text that holds : # * & { [ or begins with a sign into quotes: "*139#"'

# What nobody sees: controls but line breaks and tabs, zero widths, the blanks that are none, marks
# of direction and of byte order, halves of characters.
_UNSEEN: Final = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xa0\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"
    r"\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3164\ud800-\udfff\ufeff\uffa0\ufff0-\uffff"
    r"\U000e0000-\U000e0fff]"
)


class Fault(Exception):
    """The text cannot be read: on which line, what is wrong, and what to write."""

    def __init__(self, line: int, what: str, fix: str = "") -> None:
        super().__init__(what)
        self.line, self.what, self.fix = line, what, fix


@dataclass(frozen=True, slots=True)
class Scalar:
    """`written`: as it stands in the file, where it was not taken as text."""

    value: object
    line: int
    written: str = ""


@dataclass(frozen=True, slots=True)
class Sequence:
    items: tuple[Node, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Mapping:
    pairs: tuple[tuple[Node, Node], ...]
    line: int


Node = Scalar | Sequence | Mapping


@functools.lru_cache(MOST_REMEMBERED)
def node_of(text: str) -> Node | None:
    """What the text holds, with every alias in its place; None if it is empty. Raises Fault.

    Remembered, for nodes never change: who reads all of conf/ again, because one file of it was
    changed, or for another edition, parses that file only, and needs half the time.
    """
    _visible(text)
    return _Composer(text).document()


def unseen(text: str) -> str:
    """The first character that nobody can see, by its number and name; or nothing."""
    found = _UNSEEN.search(text)
    if found is None:
        return ""
    name = unicodedata.name(found[0], "a control character").lower()
    return f"U+{ord(found[0]):04X}, {name},"


def _visible(text: str) -> None:
    """No character that hides in comments, blanks or words: it would be sent, or end a line."""
    found = _UNSEEN.search(text)
    if found is not None:
        line = text.count("\n", 0, found.start()) + 1
        raise Fault(line, f"{unseen(found[0])} cannot be seen", "Take it out, or write a blank")


@dataclass(frozen=True, slots=True)
class _Sized:
    """A node, the values it comes to with its aliases, and how deep it goes."""

    node: Node
    size: int = 1
    height: int = 0


class _Composer:
    def __init__(self, text: str) -> None:
        self._yaml = YAML(typ="safe", pure=True)
        self._events = self._all(text)
        self._anchors: dict[str, _Sized | None] = {}  # None: it has not ended yet
        self._values = 0
        self._line = 1

    def _all(self, text: str) -> Iterator[Event]:
        """What the parser finds, which itself needs no recursion. Raises Fault."""
        try:
            for event in self._yaml.parse(text):
                self._line = event.start_mark.line + 1
                yield event
        except YAMLError as error:
            raise _not_yaml(error, self._line) from None
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            # ruamel.yaml has such for odd text, as for "\UFFFFFFFF"
            raise Fault(self._line, f"is not YAML: {error}", _QUOTE) from None

    def document(self) -> Node | None:
        found: Node | None = None
        documents = 0
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                self._one_document(event, documents)
            elif isinstance(
                event, AliasEvent | ScalarEvent | SequenceStartEvent | MappingStartEvent
            ):
                found = self._node(event, 0).node
        return found

    def _one_document(self, event: DocumentStartEvent, count: int) -> None:
        if count > 1:
            what = "a second document begins here, behind ---"
            raise Fault(self._line, what, "Take the line --- out, or make it a file of its own")
        if event.version or event.tags:
            raise Fault(1, "a line that begins with % changes how YAML is read", "Take it out")

    def _node(self, event: Any, depth: int) -> _Sized:
        line = self._line
        if depth > DEEPEST:
            what = f"goes more than {DEEPEST} levels deep"
            raise Fault(line, what, "Close what was opened before")
        self._count(1)
        if isinstance(event, AliasEvent):
            return self._alias(event, depth)
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        if event.tag is not None:
            tag = str(event.tag).replace(_PLAIN, "!!")
            what = f"'{_short(tag)}' is a tag, and none is known here"
            raise Fault(line, what, "Take out what begins with !")
        made = self._made(event, depth, line)
        if event.anchor is not None:
            self._anchors[event.anchor] = made
        return made

    def _made(self, event: Any, depth: int, line: int) -> _Sized:
        if isinstance(event, ScalarEvent):
            return _Sized(self._scalar(event, line))
        ends = SequenceEndEvent if isinstance(event, SequenceStartEvent) else MappingEndEvent
        inside: list[_Sized] = []
        while not isinstance(following := next(self._events), ends):
            inside.append(self._node(following, depth + 1))
        size = 1 + sum(one.size for one in inside)
        height = 1 + max((one.height for one in inside), default=0)
        nodes = [one.node for one in inside]
        if isinstance(event, SequenceStartEvent):
            return _Sized(Sequence(tuple(nodes), line), size, height)
        pairs = tuple(zip(nodes[::2], nodes[1::2], strict=True))
        for key, _ in pairs:
            if isinstance(key, Scalar) and len(str(key.value)) > LONGEST_KEY:
                what = f"a key of {len(str(key.value)):,} characters"
                raise Fault(key.line, what, "Close its quotes, or shorten it")
        return _Sized(Mapping(pairs, line), size, height)

    def _count(self, more: int) -> None:
        self._values += more
        if self._values > MOST_VALUES:
            what = f"holds more than {MOST_VALUES:,} values, counting what its aliases stand for"
            raise Fault(self._line, what, "Take out what is not needed, or divide the file")

    def _alias(self, event: AliasEvent, depth: int) -> _Sized:
        name = event.anchor
        if name not in self._anchors:
            what = f"is not YAML: *{_short(name)} stands for nothing that is named &{_short(name)}"
            raise Fault(self._line, what, _QUOTE)
        meant = self._anchors[name]
        if meant is None:
            what = f"*{_short(name)} stands inside of what it stands for"
            raise Fault(self._line, what, "Write out what is meant")
        if depth + meant.height > DEEPEST:
            what = f"goes more than {DEEPEST} levels deep by *{_short(name)}"
            raise Fault(self._line, what, "Write out what is meant")
        self._count(meant.size)
        return meant

    def _scalar(self, event: ScalarEvent, line: int) -> Scalar:
        text: str = event.value
        if len(text) > LONGEST:
            what = f"a text of {len(text):,} characters; there is room for {LONGEST:,}"
            raise Fault(line, what, "Close the quotes, or shorten it")
        if hidden := unseen(text):
            raise Fault(line, f"{hidden} cannot be seen", "Take it out, or write a blank")
        if not event.implicit[0]:  # quoted, or a block
            return Scalar(text, line)
        if text == "<<":
            fix = "Write the keys out; only a whole value can be used again: a: &name … b: *name"
            raise Fault(line, "keys of another mapping (<<) are not taken over here", fix)
        tag = self._yaml.resolver.resolve(ScalarNode, text, event.implicit)
        if tag == f"{_PLAIN}str":
            return Scalar(text, line)
        return Scalar(self._plain(tag, text, line), line, text)

    def _plain(self, tag: str, text: str, line: int) -> object:
        """A number, a day, true, false or nothing."""
        quoted = "If it is text, put it into quotes"
        if len(text) > LONGEST_NUMBER:
            raise Fault(line, f"a number of {len(text):,} digits or signs", quoted)
        try:
            value: object = self._yaml.constructor.construct_object(ScalarNode(tag, text))
        except (YAMLError, ArithmeticError, ValueError, TypeError, LookupError):
            raise Fault(line, "what looks like a number or a day is none", quoted) from None
        if isinstance(value, float) and not math.isfinite(value):
            raise Fault(line, f"'{text}' is no number to count with", "Write its digits")
        if value is None or isinstance(value, bool | int | float | date):
            return value
        raise Fault(line, f"'{text}' is read as something else than text", quoted)


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"


def _not_yaml(error: YAMLError, line: int) -> Fault:
    fix = _QUOTE
    if not isinstance(error, MarkedYAMLError):
        return Fault(line, f"is not YAML: {_short(str(error).splitlines()[0])}", fix)
    if "'\\t'" in str(error.problem):
        fix = "Indent with blanks, not with tabs"
    mark = error.problem_mark or error.context_mark
    return Fault(mark.line + 1 if mark else line, f"is not YAML: {error.problem}", fix)
