"""From a synthesiser's samples to what a telephone line carries: 8 kHz, A-law (ITU-T G.711).

A-law is what trunks speak in China and Europe: Asterisk plays such a file as it is.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import mul
from typing import Final

RATE: Final = 8000  # samples a second
_PASS: Final = 3500.0  # Hz that a line lets through
_REACH: Final = 24  # samples on each side that one of ours is made of
_SILENT: Final = 250  # of 32768: a sound that is quieter than that is none
_SOFTEST: Final = 80  # of 32768: an s begins as softly, and 四 without it is heard as 次
_FRAME: Final = 160  # samples of which the loudness is taken, 20 ms
_LEVEL: Final = 3277  # of 32768: -20 dBFS, as speech is on telephone lines
_PEAK: Final = 30_000
_EDGE: Final = 160  # samples of silence that are left round speech, 20 ms


def telephone(samples: Sequence[int], rate: int, pause: float) -> bytes:
    """A-law octets of 16-bit samples at `rate`: as loud as every other sound, without the silence
    round them, and with `pause` seconds of it behind."""
    lowered = trimmed(levelled(resampled(samples, rate)))
    silence = array("h", [0]) * round(pause * RATE)
    return a_law(lowered + silence)


def resampled(samples: Sequence[int], rate: int) -> array[int]:
    """16-bit samples at 8 kHz, low-passed so that nothing folds back."""
    if rate == RATE:
        return array("h", samples)
    common = math.gcd(rate, RATE)
    step, phases = rate // common, RATE // common
    padded = [0] * _REACH + list(samples) + [0] * _REACH
    taps = [_taps(phase / phases, rate) for phase in range(phases)]
    made = array("h")
    for number in range(len(samples) * phases // step):
        at, phase = divmod(number * step, phases)
        window = padded[at + 1 : at + 1 + 2 * _REACH]
        value = round(sum(map(mul, taps[phase], window)))
        made.append(max(-32768, min(32767, value)))
    return made


@lru_cache(maxsize=1024)
def _taps(offset: float, rate: int) -> tuple[float, ...]:
    """A windowed sinc round a place between two samples."""
    cut = 2 * min(_PASS, rate / 2) / rate
    taps = []
    for place in range(1 - _REACH, _REACH + 1):
        x = place - offset
        sinc = 1.0 if not x else math.sin(math.pi * x * cut) / (math.pi * x * cut)
        window = 0.5 + 0.5 * math.cos(math.pi * x / (_REACH + 1))
        taps.append(sinc * window)
    whole = sum(taps)
    return tuple(tap / whole for tap in taps)


def loudness(samples: Sequence[int]) -> float:
    """The root mean square of a sound where it is loudest: its quieter half is between syllables,
    and has no say."""
    frames = [samples[at : at + _FRAME] for at in range(0, len(samples), _FRAME)]
    powers = sorted(sum(map(mul, frame, frame)) / len(frame) for frame in frames if len(frame))
    loud = powers[len(powers) // 2 :]
    return math.sqrt(sum(loud) / len(loud)) if loud else 0.0


def levelled(samples: array[int]) -> array[int]:
    """As loud as every other sound, as far as its peaks allow."""
    peak, now = max(map(abs, samples), default=0), loudness(samples)
    if now < _SILENT:
        return samples
    gain = min(_LEVEL / now, _PEAK / peak)
    return array("h", (round(sample * gain) for sample in samples))


def trimmed(samples: array[int]) -> array[int]:
    """Without the silence before and behind."""
    loud = [place for place, sample in enumerate(samples) if abs(sample) > _SOFTEST]
    if not loud:
        return array("h")
    return samples[max(0, loud[0] - _EDGE) : loud[-1] + _EDGE]


def a_law(samples: Sequence[int]) -> bytes:
    """16-bit samples as A-law octets."""
    table = _a_law_table()
    return bytes(table[sample >> 3] for sample in samples)


@lru_cache(maxsize=1)
def _a_law_table() -> dict[int, int]:
    """Of 13-bit samples, sign included."""
    return {sample: _a_law(sample) for sample in range(-4096, 4096)}


def _a_law(sample: int) -> int:
    """Sign, three bits of segment, four bits of step; every other bit inverted (G.711, table 1)."""
    sign, size = (0x80, sample) if sample >= 0 else (0, -sample - 1)
    if size < 32:
        return (sign | size >> 1) ^ 0x55
    segment = size.bit_length() - 5
    return (sign | segment << 4 | (size >> segment & 0x0F)) ^ 0x55


def from_a_law(octets: bytes) -> array[int]:
    """A-law octets as 16-bit samples."""
    table = _linear(_of_a_law)
    return array("h", (table[octet] for octet in octets))


def from_mu_law(octets: bytes) -> array[int]:
    """µ-law octets as 16-bit samples."""
    table = _linear(_of_mu_law)
    return array("h", (table[octet] for octet in octets))


@lru_cache(maxsize=2)
def _linear(of: Callable[[int], int]) -> tuple[int, ...]:
    return tuple(of(octet) for octet in range(256))


def _of_a_law(octet: int) -> int:
    """The middle of its step (G.711, table 1)."""
    plain = octet ^ 0x55
    segment, step = plain >> 4 & 7, plain & 0x0F
    size = (step << 4 | 8) if not segment else (step << 4 | 0x108) << segment - 1
    return size if plain & 0x80 else -size


def _of_mu_law(octet: int) -> int:
    """The middle of its step (G.711, table 2)."""
    plain = ~octet & 0xFF
    size = (((plain & 0x0F) << 3 | 0x84) << (plain >> 4 & 7)) - 0x84
    return -size if plain & 0x80 else size
