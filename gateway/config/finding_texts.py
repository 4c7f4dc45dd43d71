"""What is found wrong in conf/, in Chinese: finding_texts.tsv has each text of the checks, with
gaps for what is filled in."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from gateway.config.checked_yaml import Finding

FILE: Final = Path(__file__).with_suffix(".tsv")
_GAP: Final = re.compile(r"<(\d)(~?)>")
_PLACE: Final = re.compile(r"(\S+?:\d+|\S+): (.+)", re.DOTALL)
_JOINT: Final = ". "


class FindingText(NamedTuple):
    """`english` as the code says it, <1> for what is filled in; `said`: gaps of which the filling
    is a text of the catalogue too."""

    english: str
    chinese: str
    pattern: re.Pattern[str]
    said: frozenset[str]

    @property
    def literal(self) -> int:
        return len(_GAP.sub("", self.english))


def catalogue() -> Iterator[FindingText]:
    """In the order of the file."""
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            english, _, chinese = line.partition("\t")
            yield FindingText(english, chinese, _pattern(english), _said(english))


@lru_cache(maxsize=2_000)  # who writes a draft is told the same at each key
def in_chinese(text: str) -> str:
    """Empty: the catalogue does not have it."""
    for one in _by_length():
        if (found := one.pattern.fullmatch(text)) is not None:
            filled = {f"<{n}>": words for n, words in enumerate(found.groups(), 1)}
            for gap in one.said:
                filled[gap] = in_chinese(filled[gap])
            if all(filled[gap] for gap in one.said):
                return _GAP.sub(lambda gap, filled=filled: filled[gap[0]], one.chinese)  # type: ignore[misc]
    return ""


def told(finding: Finding, language: str) -> Finding:
    """In that language; what has no Chinese stays as it is."""
    if language == "en":
        return finding
    what, fix = (in_chinese(text) or text for text in (finding.what, finding.fix))
    return Finding(finding.file, finding.line, what, fix)


def told_in_line(finding: Finding, language: str) -> str:
    """With its place, as a verb tells it."""
    if language == "en":
        return str(finding)
    one = told(finding, language)
    place = f"{one.file}:{one.line}" if one.line else one.file
    return f"{place}:{'。'.join(filter(None, (one.what, one.fix)))}"


def line_told(line: str) -> str:
    """A finding as `str` makes it, in Chinese; empty if it is none that the catalogue has."""
    found = _PLACE.fullmatch(line)
    if found is None:
        return ""
    place, words = found.groups()
    for joint in re.finditer(re.escape(_JOINT), words):
        what, fix = in_chinese(words[: joint.start()]), in_chinese(words[joint.end() :])
        if what and fix:
            return f"{place}:{what}。{fix}"
    whole = in_chinese(words)
    return f"{place}:{whole}" if whole else ""


def language_of(environment: Mapping[str, str] = os.environ) -> str:
    """In which language a verb tells what is wrong: Chinese where the locale is (locale(7))."""
    names = (environment.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "zh" if next(filter(None, names), "").startswith("zh") else "en"


@cache
def _by_length() -> tuple[FindingText, ...]:
    """What says most first: it knows best what is meant."""
    return tuple(sorted(catalogue(), key=lambda one: -one.literal))


def _pattern(english: str) -> re.Pattern[str]:
    """What stands before a colon is not part of what stands behind it."""
    first, *others = (re.escape(part) for part in _GAP.split(english)[::3])
    gaps = (f"(.*?)(?<!:){part}" if part[:2] == r"\ " else f"(.*?){part}" for part in others)
    return re.compile("".join([first, *gaps]), re.DOTALL)


def _said(english: str) -> frozenset[str]:
    return frozenset(f"<{n}>" for n, said in _GAP.findall(english) if said)
