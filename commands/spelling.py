"""One spelling for all the ways a text can be written: full width, blanks, case, quotes, endings.

Every function is total, and bounded by `LONGEST`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

LONGEST: Final = 1000  # characters that are looked at; no command is near it


def _codes(*spans: tuple[int, int]) -> Iterator[int]:
    for first, last in spans:
        yield from range(first, last + 1)


_FULL_WIDTH: Final = {code: code - 0xFEE0 for code in _codes((0xFF01, 0xFF5E))}
_BLANKS: Final = _codes(
    (0x09, 0x0D), (0x1C, 0x1F), (0x85, 0x85), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A),
    (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0x3164, 0x3164),
    (0xFFA0, 0xFFA0),
)  # fmt: skip
# Controls, joiners, marks of direction and byte order, fillers, selectors of variants, tags.
_UNSEEN: Final = _codes(
    (0x00, 0x08), (0x0E, 0x1B), (0x7F, 0x84), (0x86, 0x9F), (0xAD, 0xAD), (0x34F, 0x34F),
    (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180E), (0x200B, 0x200F),
    (0x202A, 0x202E), (0x2060, 0x206F), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFF0, 0xFFFB),
    (0xE0000, 0xE007F), (0xE0100, 0xE01EF),
)  # fmt: skip
_CLEAN: Final[dict[int, int | str | None]] = {
    **_FULL_WIDTH,
    **dict.fromkeys(_BLANKS, " "),
    **dict.fromkeys(_UNSEEN, None),
}
_UPPER: Final = {code: code - 32 for code in range(ord("a"), ord("z") + 1)}

_QUOTES: Final = " \"'`“”‘’„‟«»「」『』《》〈〉【】〔〕()[]{}<>"
_ENDINGS: Final = _QUOTES + "。.!?~～、;:；：…·-—_¡¿｡"

_SEPARATED: Final = re.compile(r"[^ #*+,]+")


@dataclass(frozen=True, slots=True)
class Spelt:
    """A text in one spelling: as written, and in upper case. The two have the same length.
    `dropped` are the signs around it that were left out: they may be a question mark."""

    clean: str
    upper: str
    dropped: str = ""

    def pieces(self) -> list[re.Match[str]]:
        """What stands between separators, in upper case, with its place."""
        return list(_SEPARATED.finditer(self.upper))


@lru_cache(maxsize=1)  # one text is looked at several times in a row; none is kept for long
def spell(text: str) -> Spelt:
    """Half width, single blanks, no quotes around it, no ending; and upper case for ASCII only."""
    if text.isascii() and text.isalnum() and len(text) <= LONGEST:
        return Spelt(text, text.upper())
    clean = " ".join(text[:LONGEST].translate(_CLEAN).split())
    opened = clean.lstrip(_QUOTES)
    bare = opened.rstrip(_ENDINGS)
    dropped = clean[: len(clean) - len(opened)] + opened[len(bare) :]
    # nothing but signs, and a question mark among them, is a question
    clean = bare or ("?" if "?" in clean else clean.strip())
    return Spelt(clean, clean.translate(_UPPER), dropped)
