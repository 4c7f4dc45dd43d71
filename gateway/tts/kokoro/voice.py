"""Kokoro as a voice: Chinese by Xiaoxiao, English by Heart. Good for making sounds, too slow for
callers who wait: a second of sound takes about half a second of one core.

Chinese is said behind a word or two that nobody hears, for the model begins a breath too softly.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

from gateway.tts.kokoro.model import MODEL, RATE, KokoroModel, lacking
from gateway.tts.kokoro.phonemes import ChinesePhonemes, EnglishPhonemes
from gateway.tts.synthesis import (
    HOW_TO_GET_IT,
    PROGRAM,
    CannotSpeak,
    is_spelt,
    pause_behind,
    tongue_of,
)
from gateway.tts.telephone_audio import telephone

SPEAKERS: Final[Mapping[str, str]] = {"zh": "zf_xiaoxiao", "en": "af_heart"}
_SPEEDS: Final[Mapping[str, float]] = {"zh": 1.0, "en": 1.0}
_VERSION: Final[Mapping[str, int]] = {"zh": 4, "en": 2}  # of what is made of the samples
_SPELT_PACE: Final = 0.62
"""Of the speed: a digit of a list lasts 0.35 s. At 0.2 s, as the speaker would say it, the ear
misses one in every second number of eight digits; here in every fifth."""
_BEFORE: Final = RATE * 3 // 10
"""Samples before which nothing is said: what sounds there, before a short word, is a click."""
_ROUND: Final[Mapping[str, tuple[tuple[str, ...], str]]] = {
    "phrase": (("您好，", "好的，", "请问，", "您好，"), ""),
    "figure": (("共计", "一共", "余额", "共计"), ""),
    "spelt": (("工单号", "手机号", "号码是", "工单号"), "零"),
    "english": (("", "Hello, ", "", "Okay, "), ""),
}
"""What is said before, in each take, and behind, by what stands between."""
_PACE: Final = (1.0, 1.0, 0.92, 1.08)
"""How fast each take is, of the first."""
TAKES: Final = len(_PACE)
_DIGITS: Final = re.compile("[零幺二三四五六七八九]+，")


def kokoro_signature(text: str, language: str) -> str:
    """Of the sounds that Kokoro makes of a text, whether it is installed here or not."""
    tongue = tongue_of(text, language)
    return f"{MODEL} {SPEAKERS[tongue]} {_speed(text, tongue)} {_VERSION[tongue]}"


def _speed(text: str, tongue: str) -> float:
    """Of the first take."""
    return _SPEEDS[tongue] * (_SPELT_PACE if is_spelt(text) else 1)


class Kokoro:
    """Loads its model when it speaks for the first time."""

    def signature(self, text: str, language: str) -> str:
        return kokoro_signature(text, language)

    def say(self, text: str, language: str, *, fragment: bool) -> bytes:
        return self.say_together([text], language, fragment=fragment)[0]

    def say_together(
        self, texts: Sequence[str], language: str, *, fragment: bool, take: int = 0
    ) -> list[bytes]:
        """Texts of one kind and tongue that follow each other, in one breath: as good as said one
        at a time, or better, and in half the time. A `take` below `TAKES` is the same in other
        words before, or at another pace; the first is what `say` says. Raises CannotSpeak."""
        tongue = tongue_of(texts[0], language)
        phonemes = self._chinese if tongue == "zh" else self._english
        kind = "spelt" if is_spelt(texts[0]) else "figure" if fragment else "phrase"
        leads, behind = _ROUND[kind if tongue == "zh" else "english"]
        before = leads[take]
        breath = [before, *texts, behind] if before else list(texts)
        joint = " " if kind == "figure" else ", "
        parts = [", ".join(map(phonemes, _words(words))) for words in breath if words]
        parts = [f"{part} " if part.endswith((".", ",")) else f"{part}{joint}" for part in parts]
        parts[-1] = parts[-1].rstrip(", .") + "." if before else parts[-1].rstrip(", ")
        speed = _speed(texts[0], tongue) * _PACE[take]
        said = self._model.speak(parts, SPEAKERS[tongue], speed)
        if before:
            said = said[1:]
        else:
            said[0] = said[0][_BEFORE:]
        return [
            telephone(samples, RATE, pause_behind(text, fragment))
            for samples, text in zip(said, texts, strict=False)
        ]

    @cached_property
    def _model(self) -> KokoroModel:
        return KokoroModel()

    @cached_property
    def _english(self) -> Callable[[str], str]:
        program = shutil.which(PROGRAM)
        if program is None:
            raise CannotSpeak(f"English is spelt in phonemes by {PROGRAM}: {HOW_TO_GET_IT}")
        return EnglishPhonemes(Path(program))

    @cached_property
    def _chinese(self) -> Callable[[str], str]:
        return ChinesePhonemes(lambda words: self._english(words))


def _words(text: str) -> list[str]:
    """What is said one after the other: each digit of those that are spelt, 四 五 is not 四十五."""
    words = text.rstrip("，")
    return list(words) if _DIGITS.fullmatch(text) else [words]


def find_kokoro() -> Kokoro | None:
    """The neural voice, if the extra `voice` is installed."""
    return None if lacking() else Kokoro()
