"""Words found in a sentence, the longest first: each becomes one sign, which rules can name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from commands.sentences.numbers import KINDS, numbers

FIRST_SIGN: Final = 0xE000  # of those that Unicode leaves to private use


class WordList:
    """Words by how they begin; finds the longest one at a place."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._by_head: dict[str, list[tuple[str, str]]] = {}
        for word in sorted(words, key=len, reverse=True):
            self._by_head.setdefault(word[0], []).append((word, words[word]))

    def at(self, text: str, place: int) -> tuple[str, str] | None:
        """The word and what it stands for."""
        for pair in self._by_head.get(text[place : place + 1], ()):
            if text.startswith(pair[0], place):
                return pair
        return None

    def replaced(self, text: str) -> str:
        """Every word by what it stands for."""
        parts, place = [], 0
        while place < len(text):
            found = self.at(text, place)
            parts.append(found[1] if found else text[place])
            place += len(found[0]) if found else 1
        return "".join(parts)


@dataclass(frozen=True, slots=True)
class TaggedSentence:
    """A sentence in signs: one for each word and each number; other characters are as they were.
    `numbers`: the place, the kind and the value of each."""

    signs: str
    numbers: tuple[tuple[int, str, str], ...] = ()

    def all(self, kind: str) -> tuple[str, ...]:
        return tuple(value for _, of, value in self.numbers if of == kind)

    def value(self, kind: str) -> str:
        return next(iter(self.all(kind)), "")

    def cut(self, place: int) -> tuple[TaggedSentence, TaggedSentence]:
        """What stands before a place, and the rest."""
        before = tuple(number for number in self.numbers if number[0] < place)
        after = tuple((n - place, of, value) for n, of, value in self.numbers if n >= place)
        return TaggedSentence(self.signs[:place], before), TaggedSentence(self.signs[place:], after)


_RUN: Final = re.compile(r"([^0-9])\1{3,}")


class TagSet:
    """The signs of all tags, and the words that bear them."""

    def __init__(self, words: Mapping[str, Iterable[str]], nothing: Iterable[str]) -> None:
        self.signs = {name: chr(FIRST_SIGN + n) for n, name in enumerate([*words, *KINDS])}
        self.names = {sign: name for name, sign in self.signs.items()}
        called = {word.upper(): self.signs[tag] for tag, said in words.items() for word in said}
        self.words = called
        self._list = WordList({**{word.upper(): "" for word in nothing}, **called})

    def tagged(self, text: str, today: date | None) -> TaggedSentence:
        text = _RUN.sub(r"\1\1\1", text)  # 快快快快快
        found = {number.start: number for number in numbers(text, today)}
        signs: list[str] = []
        values: list[tuple[int, str, str]] = []
        place = 0
        while place < len(text):
            number, word = found.get(place), self._list.at(text, place)
            if number and (word is None or len(word[0]) <= number.end - place):
                values.append((sum(map(len, signs)), number.kind, number.value))
                signs.append(self.signs[number.kind])
                place = number.end
            elif word:
                signs.append(word[1] or word[0])
                place += len(word[0])
            else:
                signs.append(text[place])
                place += 1
        return TaggedSentence("".join(signs), tuple(values))
