"""What pages show as the hall tells it in English, in the reader's language: told_texts.tsv."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from gateway.api.refusal_texts import in_chinese
from gateway.config.chinese_texts import ChineseText, ChineseTexts

_REFUSED: Final = "refused: "  # before what the API has told, in an entry of the audit
_TEXTS: Final = ChineseTexts(Path(__file__).with_suffix(".tsv"))


def told_catalogue() -> Iterator[ChineseText]:
    """In the order of the file."""
    return _TEXTS.entries()


def text_told(text: str, language: str) -> str:
    """As it is, where it has no Chinese: most is Chinese already, for subscribers read it."""
    if language == "en":
        return text
    if text.startswith(_REFUSED) and (why := in_chinese(text.removeprefix(_REFUSED))):
        return f"{_TEXTS.of(_REFUSED.rstrip(': '))}:{why}"
    return _TEXTS.of(text) or text
