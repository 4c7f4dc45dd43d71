"""The hall's sounds as a browser plays them: one WAVE for all that is said in a breath. What has no
sound is said by the synthesiser, and nothing is written into the hall's folder."""

from __future__ import annotations

import io
import wave
from array import array
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from gateway.tts.slower import SLOWER, slower
from gateway.tts.sound_files import samples_at
from gateway.tts.sound_folder import Prompt
from gateway.tts.synthesis import CannotSpeak, SynthesisVoice
from gateway.tts.telephone_audio import RATE, from_a_law

_REMEMBERED: Final = 300  # sounds that need not be made again


class BrowserSounds:
    """Any thread may ask."""

    def __init__(self, folder: Path, voice: SynthesisVoice | None) -> None:
        self._folder = folder.absolute()
        self._voice = voice
        self._made = lru_cache(_REMEMBERED)(self._synthesised)

    def named(self, path: str) -> str:
        """What the folder calls a sound that Asterisk was told by its path; empty: it is of
        somewhere else."""
        at = Path(path)
        if ".." in at.parts or not at.is_relative_to(self._folder):
            return ""
        return at.relative_to(self._folder).as_posix()

    def wave(self, prompts: Sequence[Prompt]) -> bytes:
        """Empty, if none of them can be heard."""
        samples = array("h")
        for prompt in prompts:
            samples += samples_at(self._folder / prompt.name) or self._made(prompt)
        return _wave(samples) if samples else b""

    def _synthesised(self, prompt: Prompt) -> array[int]:
        if self._voice is None or not prompt.text:
            return array("h")
        fragment = not prompt.sound.name.startswith("p/")
        try:
            said = from_a_law(self._voice.say(prompt.text, prompt.language, fragment=fragment))
        except CannotSpeak:
            return array("h")
        return slower(said, SLOWER) if prompt.slow else said


def _wave(samples: array[int]) -> bytes:
    made = io.BytesIO()
    with wave.open(made, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(samples.tobytes())
    return made.getvalue()
