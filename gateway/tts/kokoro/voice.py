"""Kokoro as a voice: Chinese by Xiaoxiao, English by Heart. Good for making sounds, too slow for
callers who wait: a second of sound takes about half a second of one core."""

from __future__ import annotations

import shutil
from array import array
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Final

from gateway.tts.kokoro.model import MODEL, RATE, KokoroModel, lacking
from gateway.tts.kokoro.phonemes import ChinesePhonemes, EnglishPhonemes
from gateway.tts.slower import slower
from gateway.tts.synthesis import (
    HOW_TO_GET_IT,
    PROGRAM,
    CannotSpeak,
    is_spelt,
    pause_behind,
    tongue_of,
)
from gateway.tts.telephone_audio import RATE as LINE_RATE
from gateway.tts.telephone_audio import a_law, from_a_law, telephone

SPEAKERS: Final[Mapping[str, str]] = {"zh": "zf_xiaoxiao", "en": "af_heart"}
_SPEEDS: Final[Mapping[str, float]] = {"zh": 1.0, "en": 1.0}
_VERSION: Final = 2  # of what is made of the samples
_BEFORE: Final = RATE * 3 // 10
"""Samples before which nothing is said: what sounds there, before a short word, is a click."""
_SPELT: Final = 1.25
"""How many times as long digits that are spelt last: the model says two of them in half a second,
and if it is told to speak more slowly, it puts a syllable before them."""
_SPELT_STYLE: Final = 8


def kokoro_signature(text: str, language: str) -> str:
    """Of the sounds that Kokoro makes of a text, whether it is installed here or not."""
    tongue = tongue_of(text, language)
    signature = f"{MODEL} {SPEAKERS[tongue]} {_SPEEDS[tongue]} {_VERSION}"
    return f"{signature} spelt {_SPELT}" if is_spelt(text) else signature


class Kokoro:
    """Loads its model when it speaks for the first time."""

    def signature(self, text: str, language: str) -> str:
        return kokoro_signature(text, language)

    def say(self, text: str, language: str, *, fragment: bool) -> bytes:
        pause = pause_behind(text, fragment)
        if not text:
            return telephone([], RATE, pause)
        tongue = tongue_of(text, language)
        phonemes = (self._chinese if tongue == "zh" else self._english)(text.rstrip("，"))
        spelt = is_spelt(text)
        samples = self._model.speak(
            phonemes, SPEAKERS[tongue], _SPEEDS[tongue], _SPELT_STYLE if spelt else 0
        )
        if not spelt:
            return telephone(samples[_BEFORE:], RATE, pause)
        said = from_a_law(telephone(samples[_BEFORE:], RATE, 0.0))
        return a_law(slower(said, _SPELT) + array("h", [0]) * round(pause * LINE_RATE))

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


def find_kokoro() -> Kokoro | None:
    """The neural voice, if the extra `voice` is installed."""
    return None if lacking() else Kokoro()
