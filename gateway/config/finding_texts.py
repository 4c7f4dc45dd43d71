"""What is found wrong in conf/, in Chinese: finding_texts.tsv has each text of the checks, with
gaps for what is filled in."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from gateway.config.checked_yaml import Finding
from gateway.config.chinese_texts import ChineseText, ChineseTexts

_PLACE: Final = re.compile(r"(\S+?:\d+|\S+): (.+)", re.DOTALL)
_JOINT: Final = ". "
_TEXTS: Final = ChineseTexts(Path(__file__).with_suffix(".tsv"))


def catalogue() -> Iterator[ChineseText]:
    """In the order of the file."""
    return _TEXTS.entries()


def in_chinese(text: str) -> str:
    """Empty: the catalogue does not have it."""
    return _TEXTS.of(text)


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
