"""How well sentences were understood: what was answered, held against what may and must not be.

A table has the columns text, expect, never and why. `expect` are ways between commas, each an
outcome or several joined by +; `never` are outcomes that must not be. An outcome is an action, with
`done:` or `suggest:` before it or nothing, and its parameter in brackets: `suggest:q.bill(-1)`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

HEAD: Final = ["text", "expect", "never", "why"]
_OUTCOME: Final = re.compile(r"(?:(done|suggest|ask):)?([A-Za-z_.:*?]+)(?:\(([^)]*)\))?")
_ALSO: Final = {"complaint": "tk.complaint", "person": "hu.callback"}
_HARMLESS: Final = frozenset({"help", "person", "refuse", "dropped", "menu.main"})
_PROPOSALS: Final = 2  # of an answer that count


@dataclass(frozen=True, slots=True)
class Sentence:
    text: str
    expect: tuple[str, ...]
    never: tuple[str, ...]
    group: str
    why: str


@dataclass(frozen=True, slots=True)
class What:
    how: str  # done, suggest, ask or nothing
    name: str
    argument: str | None


@dataclass(frozen=True, slots=True)
class Wrong:
    sentence: Sentence
    answer: Sequence[str]
    broken: tuple[str, ...]  # what must never be, and was

    def __str__(self) -> str:
        one = self.sentence
        never = f"  NEVER {','.join(self.broken)}" if self.broken else ""
        return f"{one.text}: {','.join(self.answer)}{never}  ({one.group}: {one.why})"


@dataclass(frozen=True, slots=True)
class Score:
    right: Counter[str]  # by group
    asked: Counter[str]
    wrong: tuple[Wrong, ...]

    @property
    def accuracy(self) -> float:
        return self.right.total() / max(1, self.asked.total())

    @property
    def never(self) -> list[Wrong]:
        return [wrong for wrong in self.wrong if wrong.broken]


def sentences(path: Path) -> Iterator[Sentence]:
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    assert head.split("\t") == HEAD, path
    for line in lines:
        text, expect, never, why = line.split("\t")
        group, _, reason = why.partition(": ")
        yield Sentence(
            text, tuple(expect.split(",")), tuple(filter(None, never.split(","))), group, reason
        )


def score(path: Path, answered: Callable[[str], Sequence[str]], today: date) -> Score:
    right, asked, wrong = Counter[str](), Counter[str](), []
    for sentence in sentences(path):
        answer = answered(sentence.text)
        broken = tuple(n for n in sentence.never if _broken(n, answer, today))
        good = not broken and any(_met(way, answer, today) for way in sentence.expect)
        asked[sentence.group] += 1
        right[sentence.group] += good
        if not good:
            wrong.append(Wrong(sentence, answer, broken))
    return Score(right, asked, tuple(wrong))


def _what(text: str) -> What:
    found = _OUTCOME.fullmatch(text)
    assert found, text
    how, name, argument = found[1] or "", found[2], found[3]
    if name == "info.hall_only" and argument:
        return What(how, f"explain:{argument}", None)
    return What(how, name, argument)


def _met(way: str, answer: Sequence[str], today: date) -> bool:
    return all(_one_met(_what(part), answer, today) for part in way.split("+"))


def _one_met(want: What, answer: Sequence[str], today: date) -> bool:
    proposed = [text for text in answer if text.startswith("suggest:")][:_PROPOSALS]
    got = [_what(text) for text in answer if not text.startswith("suggest:") or text in proposed]
    if also := _ALSO.get(want.name):
        return any(one.name in (want.name, also) for one in got)
    return any(
        one.name == want.name
        and (one.how == "suggest") == (want.how == "suggest")
        and _same(want.argument, one.argument, today)
        for one in got
    )


def _broken(never: str, answer: Sequence[str], today: date) -> bool:
    bad = _what(never)
    for one in map(_what, answer):
        if bad.how == "ask" and one.how == "suggest":
            continue
        if bad.how in ("done", "suggest") and one.how != bad.how:
            continue
        if one.name in _HARMLESS or not fnmatchcase(one.name, bad.name):
            continue
        if _same(bad.argument, one.argument, today):
            return True
    return False


def _same(wanted: str | None, got: str | None, today: date) -> bool:
    """-1 is last month, 09 a September."""
    if wanted is None or got is None:
        return wanted is None
    if re.fullmatch(r"-\d+", wanted):
        month = today.year * 12 + today.month - 1 + int(wanted)
        return got == f"{month // 12}{month % 12 + 1:02}"
    return got.endswith(wanted) if re.fullmatch(r"\d\d", wanted) else wanted in got.split(";")
