"""Speech said more slowly, at its own pitch.

Pieces of 30 ms are laid further apart than they stood, each taken from where it goes on best from
the one before (WSOLA; Verhelst and Roelands, ICASSP 1993).
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from operator import mul
from typing import Final

SLOWER: Final = 1.25
"""How many times as long speech lasts that is said slowly."""
_PIECE: Final = 240  # samples, 30 ms at 8 kHz: two periods of the deepest voice
_STEP: Final = _PIECE // 2
_SEEK: Final = 64  # samples to each side in which a piece may begin: a period of that voice
_COARSE: Final = 4  # of so many samples one is compared, until the place is nearly found
_WINDOW: Final = [0.5 - 0.5 * math.cos(2 * math.pi * at / _PIECE) for at in range(_PIECE)]
"""A piece and the next one, half a piece later, are together as loud as speech was."""


def slower(samples: Sequence[int], factor: float) -> array[int]:
    """16-bit samples at 8 kHz that last `factor` times as long."""
    length = round(len(samples) * factor)
    room = [0] * (_SEEK + _PIECE)
    padded = array("h", [*room, *samples, *room])
    made = [0.0] * (length + 2 * _PIECE)
    goes_on = len(room) - _STEP
    for place in range(0, length + _STEP, _STEP):
        wanted = len(room) - _STEP + min(round(place / factor), len(samples))
        begins = _best(padded, wanted, goes_on) if place else wanted
        for at, value in enumerate(map(mul, padded[begins : begins + _PIECE], _WINDOW), place):
            made[at] += value
        goes_on = begins + _STEP
    return array("h", (round(value) for value in made[_STEP : _STEP + length]))


def _best(samples: array[int], wanted: int, goes_on: int) -> int:
    """Near `wanted`, the place from which it sounds most as what would go on."""
    near = range(wanted - _SEEK, wanted + _SEEK + 1, _COARSE)
    rough = _likest(samples, near, samples[goes_on : goes_on + _PIECE : _COARSE], _COARSE)
    close = range(max(near[0], rough - _COARSE + 1), min(near[-1], rough + _COARSE - 1) + 1)
    return _likest(samples, close, samples[goes_on : goes_on + _PIECE : 2], 2)


def _likest(samples: array[int], places: range, like: array[int], step: int) -> int:
    return max(places, key=lambda at: sum(map(mul, samples[at : at + _PIECE : step], like)))
