"""One word for a command from somebody who does not know its code: by sound, by likeness."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from commands.model.command_register import CommandCode, WordLexicon
from commands.sentences.pinyin import pinyin
from tariffs.bilingual_name import BilingualName


def lexicon(
    keywords: Mapping[str, tuple[str, ...]], firsts: Mapping[str, tuple[CommandCode, ...]]
) -> WordLexicon:
    """From each action's keywords, codes and names. The first to claim a word keeps it."""
    called: dict[str, CommandCode] = {}
    for action, codes in firsts.items():
        for name in keywords[action]:
            called.setdefault(name.upper(), codes[0])
    for codes in firsts.values():
        for code in codes:
            for name in _names(code):
                called.setdefault(name.upper(), code)
    sounds: dict[str, CommandCode] = {}
    for name, code in called.items():
        sounds.setdefault(pinyin(name), code)
    likely = [*_spelt(firsts), *called.items(), *sounds.items()]
    return WordLexicon(
        sounds, tuple({word: (word, code) for word, code in reversed(likely)}.values())[::-1]
    )


def _names(code: CommandCode) -> tuple[str, ...]:
    name = code.spec.name
    return (name, name.en) if isinstance(name, BilingualName) else (name,)


def _spelt(firsts: Mapping[str, tuple[CommandCode, ...]]) -> Iterator[tuple[str, CommandCode]]:
    for codes in firsts.values():
        for code in codes:
            yield code.word, code
