"""One spelling for all the ways a text can be written: full width, blanks, case, quotes, endings,
what a phone puts before and behind an answer, emoji, traditional characters, pinyin with its tones.

Every function is total, and bounded by `LONGEST`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from commands.parser.traditional_characters import SIMPLIFIED

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
# Emoji, arrows, dingbats, flags, skins and the rim of a keycap: they say how, not what …
_EMOJI: Final = _codes(
    (0x20E3, 0x20E3), (0x2190, 0x21FF), (0x2300, 0x23FF), (0x25A0, 0x27BF), (0x2B00, 0x2BFF),
    (0x1F000, 0x1FAFF),
)  # fmt: skip
# … but for some that stand for a word.
_WORDS: Final = {
    **dict.fromkeys(map(ord, "💰💵💴💸🪙"), "钱"),
    **dict.fromkeys(map(ord, "📱📲"), "手机"),
    **dict.fromkeys(map(ord, "☎📞"), "电话"),
    **dict.fromkeys(map(ord, "📶"), "信号"),
    **dict.fromkeys(map(ord, "🔑🔐🔒"), "密码"),
    **dict.fromkeys(map(ord, "🎵🎶"), "彩铃"),
    **dict.fromkeys(map(ord, "❌🚫"), "取消"),
    **dict.fromkeys(map(ord, "❓❔"), "?"),
}
_CLEAN: Final[dict[int, int | str | None]] = {
    **_FULL_WIDTH,
    **dict.fromkeys(_BLANKS, " "),
    **dict.fromkeys(_UNSEEN, None),
    **dict.fromkeys(_EMOJI, None),
    **_WORDS,
}
# Half width and single blanks, nothing else.
_BLANK: Final[dict[int, int | str | None]] = {
    **_FULL_WIDTH,
    **dict.fromkeys(_BLANKS, " "),
    **dict.fromkeys(_UNSEEN, None),
}
_TONES: Final = str.maketrans(
    "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿĀÁǍÀĒÉĚÈĪÍǏÌŌÓǑÒŪÚǓÙǕǗǙǛÜ",
    "AAAAEEEEIIIIOOOOUUUUVVVVVNNNMAAAAEEEEIIIIOOOOUUUUVVVVV",
)
_UPPER: Final[dict[int, int | str]] = {
    **SIMPLIFIED,
    **_TONES,
    **{code: code - 32 for code in range(ord("a"), ord("z") + 1)},
}

_QUOTES: Final = " \"'`“”‘’„‟«»「」『』《》〈〉【】〔〕()[]{}<>"
_ENDINGS: Final = _QUOTES + "。.!?~～、;:；：…·-—_¡¿｡"
_BEGINNINGS: Final = _QUOTES + "。.!~～、;:；：…·-—_¡¿｡"
# What a phone puts before an answer to a message, once or again …
_PREFIX: Final = re.compile(r"(?:(?:回复|回覆|答复|答覆|转发|轉發|re|fwd?) ?[::]\s*)+", re.I)
# … and below what its owner wrote.
_SIGNATURE: Final = re.compile(
    r"\n[ \t]*(?:--|——|发自|發自|来自我?的?(?:iphone|手机)|sent (?:from|by|with)\b)", re.I
)

_SEPARATED: Final = re.compile(r"[^ #*+,]+")


@dataclass(frozen=True, slots=True)
class NormalisedText:
    """A text in one spelling: as written, and in upper case and simplified characters. The two have
    the same length. `first` is the first line of several. `dropped` is what was left out around the
    words: a question mark, an emoji, what a phone puts before an answer."""

    clean: str
    upper: str
    first: str = ""
    dropped: str = ""

    def pieces(self) -> list[re.Match[str]]:
        """What stands between separators, in upper case, with its place."""
        return list(_SEPARATED.finditer(self.upper))


@lru_cache(maxsize=1)  # one text is looked at several times in a row; none is kept for long
def normalise(text: str) -> NormalisedText:
    """Half width, single blanks, no quotes around it, no ending; and upper case for ASCII only."""
    if text.isascii() and text.isalnum() and len(text) <= LONGEST:
        return NormalisedText(text, text.upper())
    text = text[:LONGEST]
    whole = " ".join(text.translate(_BLANK).split())
    if signed := _SIGNATURE.search(text, text.find(text.lstrip()[:1])):
        text = text[: signed.start()]
    clean = _cleaned(text)
    lines = text.splitlines()
    first = next((line for line in map(_cleaned, lines) if line), "") if len(lines) > 1 else ""
    dropped = whole.replace(clean, "", 1)
    return NormalisedText(clean, clean.translate(_UPPER), first if first != clean else "", dropped)


def _cleaned(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).translate(_CLEAN)[:LONGEST]
    else:
        text = text.translate(_CLEAN)
    clean = " ".join(text.split())
    bare = _bare(clean)
    # nothing but signs, and a question mark among them, is a question
    return bare or ("?" if "?" in clean else clean.strip())


def _bare(clean: str) -> str:
    """Without what stands around the words themselves, however often."""
    while True:
        bare = clean.lstrip(_BEGINNINGS).rstrip(_ENDINGS)
        prefix = _PREFIX.match(bare)
        if prefix is None:
            return bare
        clean = bare[prefix.end() :]
