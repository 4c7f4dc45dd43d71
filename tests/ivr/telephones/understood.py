"""How much of what was said was understood: Chinese by pinyin without tones, English by words.

Whoever writes down what he hears writes figures; each of their readings will do, so 幺三八 may be
138, and so may 一百三十八.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Final, NamedTuple

from pypinyin import lazy_pinyin, load_phrases_dict

from gateway.tts.kokoro.phonemes import MISREAD
from ivr.speech.english import ordinal
from ivr.speech.languages import SPOKEN_LANGUAGES

load_phrases_dict(dict(MISREAD))
_HAN: Final = re.compile(r"[\u3400-\u9fff]+")
_FIGURE: Final = re.compile(r"([0-9][0-9,]*(?:\.[0-9]+)?)")
_READINGS: Final = 64  # of a saying; more figures than that are in none
# said alike by whoever says numbers: 两 and 二, 幺 and 一
_ALIKE: Final[Mapping[str, str]] = {"liang": "er", "yao": "yi"}
_CHINESE: Final = "ling yi er san si wu liu qi ba jiu shi bai qian wan"
_ENGLISH: Final = """zero oh one two three four five six seven eight nine ten eleven twelve thirteen
    fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy
    eighty ninety hundred thousand million"""
DIGITS: Final[Mapping[str, frozenset[str]]] = {
    "zh": frozenset(_CHINESE.split()),
    "en": frozenset(_ENGLISH.split()),
}


class Understood(NamedTuple):
    """Of so many syllables or words, how many were not heard; and which digits were not."""

    said: int
    wrong: int
    digits: tuple[str, ...]


def understood(said: str, heard: str, language: str) -> Understood:
    """By that reading of what was heard which is nearest to what was said."""
    ours = _units(next(_readings(said, language)), language)
    wrong, lost, _ = _nearest(ours, heard, language)
    digits = (ours[place] for place in lost if ours[place] in DIGITS[language])
    return Understood(len(ours), wrong, tuple(digits))


def misheard(texts: Sequence[str], heard: str, language: str) -> list[int]:
    """Of texts that were said one after the other, how many changes each needs; what was heard
    besides belongs to what stands before it."""
    ours = [_units(next(_readings(text, language)), language) for text in texts]
    owner = [number for number, units in enumerate(ours) for _ in units]
    _, lost, more = _nearest([unit for units in ours for unit in units], heard, language)
    changes = [0] * len(texts)
    for place in (*lost, *more):
        changes[owner[place]] += 1
    return changes


def _units(text: str, language: str) -> list[str]:
    """Syllables or words, and the letters of what is spelt."""
    if language == "en":
        return re.findall("[a-z]+", text.lower().replace("'", ""))
    found: list[str] = []
    for part in re.findall(r"[\u3400-\u9fff]+|[A-Za-z]", text):
        found += lazy_pinyin(part) if _HAN.match(part) else part.lower()
    return [_ALIKE.get(unit, unit) for unit in found]


def _readings(text: str, language: str) -> Iterator[str]:
    text = re.sub(r"\b([0-9]{1,2}):([0-9]{2})\b", r"\1.\2", text)
    if language == "zh":
        text = re.sub(r"([0-9.]+)%", r"百分之\1", text)
    else:
        text = re.sub(r"\b([ap])\.?m\b", r"\1 m", text, flags=re.IGNORECASE)
        text = re.sub(r"\b([0-9]{1,2})(?:st|nd|rd|th)\b", _ordinal, text)
    parts = [
        list(dict.fromkeys(_said(part, language))) if number % 2 else [part]
        for number, part in enumerate(_FIGURE.split(text))
    ]
    for number, chosen in enumerate(product(*parts)):
        if number == _READINGS:
            return
        yield " ".join(chosen) if language == "en" else "".join(chosen)


def _said(figure: str, language: str) -> Iterator[str]:
    """A figure as a number, and digit by digit."""
    speech = SPOKEN_LANGUAGES[language]
    whole, point, places = figure.replace(",", "").partition(".")
    if point:
        yield speech.text(speech.decimal(int(whole), places))
        yield from _moment(int(whole), places, language)
        return
    yield speech.text(speech.number(int(whole[:12])))
    yield speech.text(speech.digits(whole))
    if language == "en" and re.fullmatch("[12][0-9]{3}", whole):
        yield speech.text(speech.year_month(int(whole), 1)[1:])


def _moment(hour: int, minutes: str, language: str) -> Iterator[str]:
    """9.16, of who heard nine sixteen."""
    speech = SPOKEN_LANGUAGES[language]
    if len(minutes) == 2:
        oh = {"zh": "零", "en": "oh "}[language] if minutes < "10" else ""
        said = speech.text(speech.number(hour)), speech.text(speech.number(int(minutes)))
        yield {"zh": "点", "en": " "}[language].join((said[0], oh + said[1]))


def _ordinal(found: re.Match[str]) -> str:
    number = int(found[1])
    return ordinal(number) if 1 <= number <= 31 else found[0]


class _Changes(NamedTuple):
    """The fewest that make what was heard of what was said: places of units that are lost or
    others, and of those behind which more was heard."""

    wrong: int
    lost: tuple[int, ...]
    more: tuple[int, ...]


def _nearest(said: Sequence[str], heard: str, language: str) -> _Changes:
    """By that reading of what was heard which needs the fewest."""
    readings = (_units(reading, language) for reading in _readings(heard, language))
    return min((_changes(said, units) for units in readings), key=lambda each: each.wrong)


def _changes(said: Sequence[str], heard: Sequence[str]) -> _Changes:
    row = [_Changes(more, (), (0,) * more) for more in range(len(heard) + 1)]
    for place, unit in enumerate(said):
        fresh = [_Changes(place + 1, tuple(range(place + 1)), ())]
        for at, other in enumerate(heard, 1):
            wrong, lost, more = row[at - 1]
            same = row[at - 1] if unit == other else _Changes(wrong + 1, (*lost, place), more)
            wrong, lost, more = row[at]
            left = _Changes(wrong + 1, (*lost, place), more)
            wrong, lost, more = fresh[at - 1]
            besides = _Changes(wrong + 1, lost, (*more, place))
            fresh.append(min((same, left, besides), key=lambda each: each.wrong))
        row = fresh
    return row[-1]
