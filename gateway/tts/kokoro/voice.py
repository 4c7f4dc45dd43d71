"""Kokoro as a voice: Chinese by Xiaoxiao, English by Heart. Good for making sounds, too slow for
callers who wait: a second of sound takes about half a second of one core."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Final

from gateway.tts.kokoro.model import MODEL, RATE, KokoroModel, lacking
from gateway.tts.kokoro.phonemes import ChinesePhonemes, EnglishPhonemes
from gateway.tts.synthesis import HOW_TO_GET_IT, PROGRAM, CannotSpeak, pause_behind, tongue_of
from gateway.tts.telephone_audio import telephone

SPEAKERS: Final[Mapping[str, str]] = {"zh": "zf_xiaoxiao", "en": "af_heart"}
_SPEEDS: Final[Mapping[str, float]] = {"zh": 1.0, "en": 1.0}
_VERSION: Final = 2  # of what is made of the samples
_BEFORE: Final = RATE * 3 // 10
"""Samples before which nothing is said: what sounds there, before a short word, is a click."""


def kokoro_signature(text: str, language: str) -> str:
    """Of the sounds that Kokoro makes of a text, whether it is installed here or not."""
    tongue = tongue_of(text, language)
    return f"{MODEL} {SPEAKERS[tongue]} {_SPEEDS[tongue]} {_VERSION}"


class Kokoro:
    """Loads its model when it speaks for the first time."""

    def signature(self, text: str, language: str) -> str:
        return kokoro_signature(text, language)

    def say(self, text: str, language: str, *, fragment: bool) -> bytes:
        pause = pause_behind(text, fragment)
        if not text:
            return telephone([], RATE, pause)
        tongue = tongue_of(text, language)
        phonemes = (self._chinese if tongue == "zh" else self._english)(text)
        samples = self._model.speak(phonemes, SPEAKERS[tongue], _SPEEDS[tongue])
        return telephone(samples[_BEFORE:], RATE, pause)

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
