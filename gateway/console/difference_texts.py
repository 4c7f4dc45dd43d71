"""What an edition changes, in the reader's language: difference_texts.tsv has what the differences
tell in English."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from gateway.config.chinese_texts import ChineseText, ChineseTexts

_TEXTS: Final = ChineseTexts(Path(__file__).with_suffix(".tsv"))
_STEP: Final = " ▸ "  # between the steps of a walk


def difference_catalogue() -> Iterator[ChineseText]:
    """In the order of the file."""
    return _TEXTS.entries()


def difference_told(text: str, language: str) -> str:
    """As it is, where it has no Chinese: names of conf/, and what people wrote."""
    return text if language == "en" else _TEXTS.of(text) or text


def walk_told(text: str, language: str) -> str:
    """A recorded walk: each of its steps."""
    return _STEP.join(difference_told(step, language) for step in text.split(_STEP))
