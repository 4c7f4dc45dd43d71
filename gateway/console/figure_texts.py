"""Reports in English: figure_texts.tsv has what gateway/figures says in Chinese; commands, brands
and regions have their English names in conf/."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from gateway.config.chinese_texts import pairs_of

_FILE: Final = Path(__file__).with_suffix(".tsv")
_NONE: Final = "-"  # nothing is said of it in English
_TITLES: Final = (("自助营业厅日报", "The hall's day"), ("自助营业厅月报", "The hall's month"))


@cache
def figure_texts() -> Mapping[str, str]:
    """English by Chinese."""
    return dict(pairs_of(_FILE))


def figure_told(language: str, named: Mapping[str, str]) -> Callable[[str], str]:
    """How a word of a report is told; `named`: English names of conf/. What has none stays."""
    if language != "en":
        return lambda text: text

    def told(text: str) -> str:
        for title, english in _TITLES:
            text = text.replace(title, english)
        english = figure_texts().get(text) or named.get(text) or text
        return "" if english == _NONE else english

    return told
