"""Who says a text: what comes with Hallgate, then the neural voice where it is installed, then
espeak-ng."""

from __future__ import annotations

from typing import Final

from gateway.tts.kokoro.voice import find_kokoro
from gateway.tts.made_sounds import MadeSounds
from gateway.tts.synthesis import PROGRAM, Silence, SynthesisVoice, find_voice

HOW_TO_GET_BETTER: Final = "pip install 'hallgate[voice]'"


class ReleaseVoice:
    """Says what `made` has, and by `otherwise`, if there is such a voice, what it has not."""

    def __init__(self, made: MadeSounds, otherwise: SynthesisVoice | None) -> None:
        self._made = made
        self._otherwise = otherwise

    def signature(self, text: str, language: str) -> str:
        return self._who(text, language).signature(text, language)

    def say(self, text: str, language: str, *, fragment: bool) -> bytes:
        return self._who(text, language).say(text, language, fragment=fragment)

    @property
    def says_all(self) -> bool:
        """Whatever the text."""
        return self._otherwise is not None

    def can_say(self, text: str, language: str) -> bool:
        return self.says_all or not text or self._made.has(text, language)

    def plain(self, text: str, language: str) -> bool:
        """Whether it is espeak-ng that says it, which callers understand badly."""
        return self._who(text, language).signature(text, language).startswith(PROGRAM)

    def _who(self, text: str, language: str) -> SynthesisVoice:
        if not text:
            return Silence()
        if self._otherwise is None or self._made.has(text, language):
            return self._made
        return self._otherwise


def voice_of_calls() -> ReleaseVoice:
    """For callers who wait: the neural voice would be too slow."""
    return ReleaseVoice(MadeSounds(), find_voice())


def voice_of_builds() -> ReleaseVoice:
    """For `hallgate prompts build`, which has time."""
    return ReleaseVoice(MadeSounds(), find_kokoro() or find_voice())
