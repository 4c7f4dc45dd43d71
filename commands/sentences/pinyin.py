"""How Chinese characters are said."""

from __future__ import annotations


def pinyin(text: str) -> str:
    """Without tones or blanks, in upper case: 余额 is YUE. Other letters stay."""
    # a dictionary of a whole second, which no verb but those that read conf/ needs
    from pypinyin import lazy_pinyin  # noqa: PLC0415

    return "".join(lazy_pinyin(text)).upper()
