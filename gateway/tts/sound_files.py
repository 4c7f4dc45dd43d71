"""Sounds as Asterisk has them in a folder, recorded or made: their samples at 8 kHz."""

from __future__ import annotations

import io
import wave
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import Final

from gateway.tts.telephone_audio import from_a_law, from_mu_law, resampled

_LONGEST: Final = 8 * 1024 * 1024  # octets of a recording


def samples_at(path: Path) -> array[int]:
    """16-bit samples of a sound, named as Asterisk is told it: without the ending of its format.
    None, if there is no file, or none in a format that is read here."""
    for ending, read in _READERS.items():
        file = path.with_name(f"{path.name}.{ending}")
        if file.is_file() and file.stat().st_size <= _LONGEST:
            return read(file.read_bytes())
    return array("h")


def _from_wave(octets: bytes) -> array[int]:
    """Of a studio: one or more places at any rate, 16 bits each. Others are not heard."""
    try:
        with wave.open(io.BytesIO(octets)) as sound:
            places, width, rate = sound.getnchannels(), sound.getsampwidth(), sound.getframerate()
            samples = array("h", sound.readframes(sound.getnframes())) if width == 2 else array("h")
    except (wave.Error, EOFError, ValueError):
        return array("h")
    return resampled(samples[::places], rate)


def _from_plain(octets: bytes) -> array[int]:
    return array("h", octets[: len(octets) // 2 * 2])


_READERS: Final[dict[str, Callable[[bytes], array[int]]]] = {
    "alaw": from_a_law,
    "ulaw": from_mu_law,
    "wav": _from_wave,
    "sln": _from_plain,
}
"""By the endings that Asterisk gives files of these formats."""
