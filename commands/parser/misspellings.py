"""Which code a single word may be that is none: by its sound, or by a slip of the finger. Digits
are never guessed: a number that was mistyped is another number. Sentences are read by
commands/plain."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, JaroWinkler

from commands.model.command_register import CommandCode, WordLexicon

_COMPARED: Final = 32  # characters held against the lexicon
_CONTAINED: Final = 0.85  # what it counts that a word stands somewhere in a longer one
_SHORTEST: Final = 4  # letters of a code that a slip of the finger still tells from others
_LIKE: Final = 0.86  # below this a person would see no likeness
_SURE: Final = 6  # letters from which on even a wrong one among them leaves no doubt
_DIGIT: Final = re.compile(r"[0-9]")
# What surrounds the word that counts, in pinyin, where words cannot be told from their neighbours.
_AROUND: Final = re.compile(
    r"^(?:QING|BANGWO|WOYAO|WOXIANG|CHAXUN|CHAYIXIA|CHAKAN|CHA|KANYIXIA|KAN|WODE|DE)+"
    r"|(?:YOUDUOSHAO|DUOSHAO|SHISHENME|YIXIA)$"
)


@dataclass(frozen=True, slots=True)
class SpellingGuess:
    """Commands that may be meant, best first. `certain`: it can only be the first."""

    codes: tuple[CommandCode, ...] = ()
    certain: bool = False


def guess(text: str, lexicon: WordLexicon) -> SpellingGuess:
    """What one word in letters sounds like, or is a slip away from."""
    alike = _distinct(_sounding(text, lexicon) or _slipped(text, lexicon))
    return SpellingGuess(alike, certain=len(alike) == 1)


def _sounding(text: str, lexicon: WordLexicon) -> list[CommandCode]:
    if _DIGIT.search(text):
        return []
    found = lexicon.sounds.get(text) or lexicon.sounds.get(_AROUND.sub("", text))
    return [found] if found else []


def _slipped(text: str, lexicon: WordLexicon) -> list[CommandCode]:
    """Codes one letter too many, too few, or two of them swapped away; in long ones also one
    wrong."""
    if len(text) < _SHORTEST - 1:
        return []
    return [code for word, code in lexicon.likely if _slip(text, word)]


def _slip(text: str, word: str) -> bool:
    if len(word) < _SHORTEST or OSA.distance(text, word, score_cutoff=1) != 1:
        return False
    if _DIGIT.findall(text) != _DIGIT.findall(word):
        return False
    return len(text) != len(word) or sorted(text) == sorted(word) or len(word) >= _SURE


def _distinct(codes: Iterable[CommandCode]) -> tuple[CommandCode, ...]:
    return tuple({code.spec.name: code for code in codes}.values())


# -- suggestions ---------------------------------------------------------------------------------


def suggestions(text: str, lexicon: WordLexicon) -> tuple[CommandCode, ...]:
    """The two commands most like a word, best first, if any is like it; equals in the order of the
    lexicon."""
    written = text[:_COMPARED]
    scores = [_likeness(written, word) for word, _ in lexicon.likely]
    like = (n for n, score in enumerate(scores) if score >= _LIKE)
    order = sorted(like, key=lambda n: -scores[n])
    return _distinct(lexicon.likely[n][1] for n in order)[:2]


def _likeness(text: str, word: str) -> float:
    """Codes are alike by their beginnings and swapped letters, long words by what they contain."""
    close = JaroWinkler.similarity(text, word)
    if len(text) <= len(word) + 2:
        return close
    return max(close, _CONTAINED * fuzz.partial_ratio(text, word) / 100)
