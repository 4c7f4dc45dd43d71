"""Speech that lasts longer."""

from __future__ import annotations

import math
from array import array
from itertools import pairwise

import pytest

from gateway.tts.slower import slower


@pytest.mark.parametrize("factor", [1.0, 1.25, 1.5])
@pytest.mark.parametrize("hertz", [110, 220, 700])
def test_it_lasts_longer_at_the_same_pitch_and_loudness(factor: float, hertz: int) -> None:
    """A caller who is told something slowly shall not hear another person."""
    spoken = array(
        "h", (round(9000 * math.sin(2 * math.pi * hertz * n / 8000)) for n in range(8000))
    )
    told = slower(spoken, factor)
    assert len(told) == 8000 * factor
    rises = sum(a < 0 <= b for a, b in pairwise(told)) / factor
    assert abs(rises - hertz) <= 0.03 * hertz
    inner = told[400:-400]
    power = math.sqrt(sum(each * each for each in inner) / len(inner))
    assert 0.9 < power / (9000 / math.sqrt(2)) < 1.1


def test_silence_and_nothing_stay_what_they_are() -> None:
    assert len(slower([], 1.25)) == 0
    assert set(slower([0] * 1000, 1.25)) == {0}
