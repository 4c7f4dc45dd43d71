"""What somebody may mean who does not know the code: by keyword, by sound, by a slip of the finger,
and at last by likeness. Digits are never guessed: a number that was mistyped is another number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, JaroWinkler

from commands.lexicon import sound, syllables
from commands.register import Code, Lexicon

_SENTENCE: Final = 40  # longer texts are stories: a keyword in them means little
_COMPARED: Final = 32  # characters held against the lexicon
_CONTAINED: Final = 0.85  # what it counts that a word stands somewhere in a sentence
_SHORTEST: Final = 4  # letters of a code that a slip of the finger still tells from others
_LIKE: Final = 0.86  # below this a person would see no likeness
_SURE: Final = 6  # letters from which on even a wrong one among them leaves no doubt

# A number in a sentence is part of the question, and we would not know which; 4G is only a word.
_NUMBER: Final = re.compile(r"[0-9](?!G(?![A-Z]))")
_DIGIT: Final = re.compile(r"[0-9]")
# Who wants something done is not answered with a figure.
_WISH: Final = re.compile(
    "开通|办理|订购|购买|取消|退订|关闭|停用|停机|恢复|变更|更改|修改|更换|升级|不要|不想|充值|缴费|交费"
    "|KAITONG|BANLI|QUXIAO|TUIDING|CANCEL|ORDER|CHANGE|STOP"
)
# What surrounds the word that counts, in pinyin, where words cannot be told from their neighbours.
_AROUND: Final = re.compile(
    r"^(?:QING|BANGWO|WOYAO|WOXIANG|CHAXUN|CHAYIXIA|CHAKAN|CHA|KANYIXIA|KAN|WODE|DE)+"
    r"|(?:YOUDUOSHAO|DUOSHAO|SHISHENME|YIXIA)$"
)


@dataclass(frozen=True, slots=True)
class Guess:
    """Commands that may be meant, best first. `certain`: it can only be the first."""

    codes: tuple[Code, ...] = ()
    certain: bool = False


NO_GUESS: Final = Guess()


def guess(text: str, lexicon: Lexicon) -> Guess:
    """What the text means by the words in it, or sounds like, or is a slip away from."""
    if len(text) > _SENTENCE:
        return NO_GUESS
    named = list(_named(text, lexicon))
    if named:
        return _by_keyword(text, named, lexicon)
    alike = _distinct(_sounding(text, lexicon) or _slipped(text, lexicon))
    return Guess(alike, certain=len(alike) == 1)


def _by_keyword(text: str, named: list[tuple[str, Code]], lexicon: Lexicon) -> Guess:
    codes = _distinct(code for _, code in named)
    keyword, first = named[0]
    if len(codes) > 1 or _NUMBER.search(text):
        return Guess(codes)
    if first.spec.reads_only:
        return Guess(codes, certain=not _WISH.search(text.replace(keyword, "")))
    return Guess(codes, certain=keyword not in lexicon.vague)


def _named(text: str, lexicon: Lexicon) -> Iterator[tuple[str, Code]]:
    """Keywords in the text, longest first; one inside another does not count."""
    left = text
    for keyword, code in lexicon.keywords:
        if keyword in left and _whole(keyword, left):
            left = left.replace(keyword, "\n")
            yield keyword, code


def _whole(keyword: str, text: str) -> bool:
    """Chinese has no blanks between words, English has: PLAN does not stand in AIRPLANE."""
    return not keyword.isascii() or f" {keyword} " in f" {text} "


def _sounding(text: str, lexicon: Lexicon) -> list[Code]:
    """Typed in pinyin, or in other characters that are read alike, as many as they should be."""
    if _DIGIT.search(text):
        return []
    if not text.isascii():
        found = lexicon.syllables.get(syllables(text))
    else:
        bare = text.replace(" ", "")
        found = lexicon.sounds.get(bare) or lexicon.sounds.get(_AROUND.sub("", bare))
    return [found] if found else []


def _slipped(text: str, lexicon: Lexicon) -> list[Code]:
    """Codes one letter too many, too few, or two of them swapped away; in long ones also one
    wrong."""
    if len(text) < _SHORTEST - 1 or not text.isascii():
        return []
    return [code for word, code in lexicon.likely if _slip(text, word)]


def _slip(text: str, word: str) -> bool:
    if len(word) < _SHORTEST or OSA.distance(text, word, score_cutoff=1) != 1:
        return False
    if _DIGIT.findall(text) != _DIGIT.findall(word):
        return False
    return len(text) != len(word) or sorted(text) == sorted(word) or len(word) >= _SURE


def _distinct(codes: Iterable[Code]) -> tuple[Code, ...]:
    return tuple({code.spec.name: code for code in codes}.values())


# -- suggestions ---------------------------------------------------------------------------------


def suggestions(text: str, lexicon: Lexicon, *, first: Iterable[Code] = ()) -> tuple[Code, ...]:
    """The two commands most like the text, best first; `first` are those already guessed."""
    found = {code.spec.name: code for code in first}
    for code in _ranked(text[:_COMPARED], lexicon) if text else ():
        if len(found) >= 2:
            break
        found.setdefault(code.spec.name, code)
    return tuple(found.values())[:2]


def _ranked(text: str, lexicon: Lexicon) -> list[Code]:
    """Every command by likeness in writing or in sound; equals in the order of the lexicon."""
    best = _scores(text, lexicon)
    if not text.isascii():
        best = [max(pair) for pair in zip(best, _scores(sound(text), lexicon), strict=True)]
    order = sorted((n for n, like in enumerate(best) if like >= _LIKE), key=lambda n: -best[n])
    return [lexicon.likely[n][1] for n in order]


def _scores(text: str, lexicon: Lexicon) -> list[float]:
    return [_likeness(text, word) for word, _ in lexicon.likely]


def _likeness(text: str, word: str) -> float:
    """Codes are alike by their beginnings and swapped letters, sentences by what they contain."""
    if text in word and not text.isascii():  # 密码 is meant by who wants to 改密码
        return 1.0 if text == word else _CONTAINED
    close = JaroWinkler.similarity(text, word)
    if len(text) <= len(word) + 2:
        return close
    return max(close, _CONTAINED * fuzz.partial_ratio(text, word) / 100)
