"""Words as a cell of a spreadsheet's file."""

from __future__ import annotations

from typing import Final

_FORMULA: Final = tuple("=+-@\t\r\n＝＋－＠")
"""What begins a formula; the full-width ones do where Chinese is typed."""


def plain_cell(words: str) -> str:
    """What a spreadsheet would take for a formula is none any more."""
    return f"'{words}" if words.startswith(_FORMULA) else words
