"""What somebody may mean who does not know the code: by keyword, by sound, by likeness."""

from __future__ import annotations

from typing import Final

from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler

from commands.lexicon import sound
from commands.register import Code, Lexicon

_SENTENCE: Final = 40  # longer texts are stories: a keyword in them means little
_COMPARED: Final = 32  # characters held against the lexicon
_CONTAINED: Final = 0.85  # what it counts that a word stands somewhere in a sentence


def guess(text: str, lexicon: Lexicon) -> Code | None:
    """The command whose keyword stands in the text, the longest first, or that it sounds like."""
    if len(text) > _SENTENCE:
        return None
    for keyword, code in lexicon.keywords:
        if keyword in text and _whole(keyword, text):
            return code
    return lexicon.sounds.get(text.replace(" ", "")) if text.isascii() else None


def _whole(keyword: str, text: str) -> bool:
    """Chinese has no blanks between words, English has: PLAN does not stand in AIRPLANE."""
    return not keyword.isascii() or f" {keyword} " in f" {text} "


def suggestions(text: str, lexicon: Lexicon, *, first: Code | None = None) -> tuple[Code, ...]:
    """The two commands most like the text, best first; `first` is one already guessed."""
    found = {} if first is None else {first.spec.name: first}
    if not text:
        return tuple(found.values())
    for code in _ranked(text[:_COMPARED], lexicon):
        found.setdefault(code.spec.name, code)
        if len(found) == 2:
            break
    return tuple(found.values())


def _ranked(text: str, lexicon: Lexicon) -> list[Code]:
    """Every command by likeness in writing or in sound; equals in the order of the lexicon."""
    best = _scores(text, lexicon)
    if not text.isascii():
        best = [max(pair) for pair in zip(best, _scores(sound(text), lexicon), strict=True)]
    order = sorted(range(len(best)), key=lambda n: -best[n])
    return [lexicon.likely[n][1] for n in order]


def _scores(text: str, lexicon: Lexicon) -> list[float]:
    return [_likeness(text, word) for word, _ in lexicon.likely]


def _likeness(text: str, word: str) -> float:
    """Codes are alike by their beginnings and swapped letters, sentences by what they contain."""
    close = JaroWinkler.similarity(text, word)
    if len(text) <= len(word) + 2:
        return close
    return max(close, _CONTAINED * fuzz.partial_ratio(text, word) / 100)
