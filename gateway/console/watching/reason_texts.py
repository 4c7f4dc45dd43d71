"""Why gateways say that they are not ready, in the reader's language: reason_texts.tsv has what
/readyz says in English."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from gateway.config.chinese_texts import ChineseText, ChineseTexts

_TEXTS: Final = ChineseTexts(Path(__file__).with_suffix(".tsv"))


def reason_catalogue() -> Iterator[ChineseText]:
    """In the order of the file."""
    return _TEXTS.entries()


def reason_told(reason: str, language: str) -> str:
    """As it is, where it has no Chinese: a gateway may be of another version."""
    return reason if language == "en" else _TEXTS.of(reason) or reason
