"""Text to speech by espeak-ng, the synthesiser that every distribution has."""

from __future__ import annotations

import re
import shutil
import subprocess
from array import array
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Protocol

from gateway.tts.telephone_audio import RATE, telephone

PROGRAM: Final = "espeak-ng"
HOW_TO_GET_IT: Final = "apt-get install espeak-ng"
# The plain Mandarin voice reads many characters as English letters; this one knows them.
_VOICES: Final[Mapping[str, str]] = {"zh": "cmn-latn-pinyin", "en": "en-gb"}
_SPEED: Final[Mapping[str, int]] = {"zh": 215, "en": 180}  # words a minute
_TIMEOUT: Final = 20.0  # seconds for one sound
_SENTENCE, _FRAGMENT = 0.28, 0.0  # seconds of silence behind what is said
_BREATH: Final[Mapping[str, float]] = {"zh": 0.18, "en": 0.08}  # behind a phrase
_LISTED: Final = 0.1  # behind digits that are spelt
_PART: Final = 0.07  # behind a year, a month, an hour
_VERSION: Final = 7  # of what is made of the samples here
_ENDS: Final = ("。", ".")
_PARTS: Final = ("年", "月", "点")
_CHINESE: Final = re.compile("[\u3400-\u9fff]")
_ENGLISH: Final = re.compile("[a-z]{2}")  # WLAN and PUK are said in Chinese, letter by letter


class CannotSpeak(Exception):
    """There is no synthesiser, or it failed; the text says how."""


class SynthesisVoice(Protocol):
    """Who says a text."""

    def signature(self, text: str, language: str) -> str:
        """Different whenever the same text would sound different; begins with who says it."""
        ...

    def say(self, text: str, language: str, *, fragment: bool) -> bytes:
        """A-law octets at 8 kHz; a fragment is one of several in a breath. Raises CannotSpeak."""
        ...


class Silence:
    """Says the pauses, in which there is nothing to say."""

    def signature(self, text: str, language: str) -> str:
        return "silence"

    def say(self, text: str, language: str, *, fragment: bool) -> bytes:
        return telephone([], RATE, pause_behind(text, fragment))


class Espeak:
    def __init__(self, program: Path) -> None:
        self._program = program

    def signature(self, text: str, language: str) -> str:
        return f"{PROGRAM} {_VOICES[language]} {_SPEED[language]} {_VERSION}"

    def say(self, text: str, language: str, *, fragment: bool) -> bytes:
        tongue = tongue_of(text, language)
        command = [
            str(self._program), "--stdin", "--stdout", "-b", "1",
            "-v", _VOICES[tongue], "-s", str(_SPEED[tongue]),
        ]  # fmt: skip
        try:
            done = subprocess.run(
                command, input=text.encode(), capture_output=True, timeout=_TIMEOUT, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise CannotSpeak(f"{PROGRAM}: {error}") from error
        if done.returncode:
            raise CannotSpeak(f"{PROGRAM}: {done.stderr.decode(errors='replace').strip()}")
        return telephone(*_samples(done.stdout), pause_behind(text, fragment))


def pause_behind(text: str, fragment: bool) -> float:
    """Seconds of silence behind a sound, so that what follows it joins."""
    if not text or text.endswith(_ENDS):
        return _SENTENCE
    if is_spelt(text):
        return _LISTED
    if not fragment:
        return _BREATH["zh" if _CHINESE.search(text) else "en"]
    return _PART if text.endswith(_PARTS) else _FRAGMENT


def is_spelt(text: str) -> bool:
    """Whether it is one part of several in a list: 幺三，八零，"""
    return text.endswith("，")


def tongue_of(text: str, language: str) -> str:
    """Who is offered the other language, or hears a name in it, shall hear words: a voice reads
    what it does not know as letters."""
    if _CHINESE.search(text):
        return "zh"
    return "en" if _ENGLISH.search(text) else language


def find_voice() -> SynthesisVoice | None:
    """The synthesiser of this machine, if it has one."""
    program = shutil.which(PROGRAM)
    return Espeak(Path(program)) if program else None


def _samples(wave: bytes) -> tuple[array[int], int]:
    """The samples of a WAVE that was written to a pipe: its lengths are not true, so what follows
    the head is all sound. Raises CannotSpeak."""
    at = wave.find(b"data")
    if wave[:4] != b"RIFF" or at < 0:
        raise CannotSpeak(f"{PROGRAM}: what came is no sound")
    rate = int.from_bytes(wave[24:28], "little")
    body = wave[at + 8 :]
    return array("h", body[: len(body) // 2 * 2]), rate
