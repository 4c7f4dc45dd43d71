"""Texts that the program tells in English, in Chinese: a file has each of them, with gaps for what
is filled in."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Final, NamedTuple

_GAP: Final = re.compile(r"<(\d)(~?)>")
_KEPT: Final = 2_000  # who writes a draft is told the same at each key


class ChineseText(NamedTuple):
    """`english` as the code says it, <1> for what is filled in; `said`: gaps of which the filling
    is a text of the catalogue too."""

    english: str
    chinese: str
    pattern: re.Pattern[str]
    said: frozenset[str]

    @property
    def literal(self) -> int:
        return len(_GAP.sub("", self.english))


def pairs_of(file: Path) -> Iterator[tuple[str, str]]:
    """In the order of the file: a text, a tab, the same in the other language; # begins what nobody
    says."""
    for line in file.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            said, _, told = line.partition("\t")
            yield said, told


class ChineseTexts:
    """Of one file of English texts with their Chinese."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._kept: OrderedDict[str, str] = OrderedDict()
        self._turn = Lock()

    def entries(self) -> Iterator[ChineseText]:
        """In the order of the file."""
        for english, chinese in pairs_of(self._file):
            yield ChineseText(english, chinese, _pattern(english), _said(english))

    def of(self, text: str) -> str:
        """Empty: the file does not have it."""
        with self._turn:
            if text in self._kept:
                return self._kept[text]
        found = self._found(text)
        with self._turn:
            self._kept[text] = found
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return found

    def _found(self, text: str) -> str:
        for one in self._by_length:
            if (found := one.pattern.fullmatch(text)) is not None:
                filled = {f"<{n}>": words for n, words in enumerate(found.groups(), 1)}
                for gap in one.said:
                    filled[gap] = self.of(filled[gap])
                if all(filled[gap] for gap in one.said):
                    return _GAP.sub(lambda gap, filled=filled: filled[gap[0]], one.chinese)  # type: ignore[misc]
        return ""

    @cached_property
    def _by_length(self) -> tuple[ChineseText, ...]:
        """What says most first: it knows best what is meant."""
        return tuple(sorted(self.entries(), key=lambda one: -one.literal))


def _pattern(english: str) -> re.Pattern[str]:
    """What stands before a colon is not part of what stands behind it, and what is quoted holds no
    quotation mark before a space: there another quotation begins."""
    first, *others = (re.escape(part) for part in _GAP.split(english)[::3])
    found, before = [first], first
    for part in others:
        quoted = before.endswith("'") and part.startswith("'")
        gap = r"((?:(?!'\s).)*?)" if quoted else "(.*?)"
        found.append(f"{gap}(?<!:){part}" if part[:2] == r"\ " else f"{gap}{part}")
        before = part
    return re.compile("".join(found), re.DOTALL)


def _said(english: str) -> frozenset[str]:
    return frozenset(f"<{n}>" for n, said in _GAP.findall(english) if said)
