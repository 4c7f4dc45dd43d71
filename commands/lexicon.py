"""How a command may be called in one word by who does not know its code: by sound, by likeness."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pypinyin import lazy_pinyin

from commands.register import Code, Lexicon
from tariffs.label import Label


def lexicon(
    keywords: Mapping[str, tuple[str, ...]], firsts: Mapping[str, tuple[Code, ...]]
) -> Lexicon:
    """From each action's keywords, codes and names. The first to claim a word keeps it."""
    called: dict[str, Code] = {}
    for action, codes in firsts.items():
        for name in keywords[action]:
            called.setdefault(name.upper(), codes[0])
    for codes in firsts.values():
        for code in codes:
            for name in _names(code):
                called.setdefault(name.upper(), code)
    sounds: dict[str, Code] = {}
    for name, code in called.items():
        sounds.setdefault(sound(name), code)
    likely = [*_spelt(firsts), *called.items(), *sounds.items()]
    return Lexicon(
        sounds, tuple({word: (word, code) for word, code in reversed(likely)}.values())[::-1]
    )


def sound(text: str) -> str:
    """Its pinyin without tones or blanks, in upper case: 余额 is YUE. Other letters stay."""
    return "".join(lazy_pinyin(text)).upper()


def _names(code: Code) -> tuple[str, ...]:
    name = code.spec.name
    return (name, name.en) if isinstance(name, Label) else (name,)


def _spelt(firsts: Mapping[str, tuple[Code, ...]]) -> Iterator[tuple[str, Code]]:
    for codes in firsts.values():
        for code in codes:
            yield code.word, code
