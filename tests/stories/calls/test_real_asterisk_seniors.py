"""A senior (长者) on a real Asterisk: what is on his line is said slowly."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_twisted

from gateway.tts.sound_folder import Prompt
from ivr.speech.read_aloud import read_aloud
from tests.ivr.real_asterisk import Asterisk
from tests.ivr.telephones.sip import Telephones
from tests.ivr.telephones.sound_recognition import BackgroundNoise
from tests.stories.calls.sip_callers import SipCaller, SipCallers
from tests.stories.calls.sip_hall import sip_hall
from tests.stories.calls.test_seniors import FEW, PERSON, listed
from tests.stories.hall import Hall

pytestmark = [pytest.mark.service, pytest.mark.slow]


@pytest_twisted.async_yield_fixture(scope="module")
async def hall(tmp_path_factory: pytest.TempPathFactory, asterisk: Asterisk) -> AsyncIterator[Hall]:
    """With all sounds but slow ones, which it makes of them for the first who needs them."""
    folder, voice = tmp_path_factory.mktemp("seniors"), BackgroundNoise()
    async with sip_hall(folder, asterisk, voice, make_missing=True) as hall:
        yield hall


def sounds(hall: Hall, text: str, *, slow: bool) -> list[Path]:
    """What says it."""
    folder = hall.gateway.settings.ivr.sounds
    prompts = (Prompt("zh", sound, slow) for sound in read_aloud(text, "zh") if sound.text)
    return [folder / f"{prompt.name}.alaw" for prompt in prompts]


def heard(caller: SipCaller, files: list[Path]) -> list[bool]:
    """Which of these were on his line, whole."""
    return [file.read_bytes() in bytes(caller.line.rtp.heard) for file in files]


@pytest_twisted.ensureDeferred
async def test_a_senior_is_spoken_to_slowly(hall: Hall, phones: Telephones) -> None:
    """Each sound of his few keys, five quarters as long."""
    hall.phone("13800138002")
    listed(hall, "13800138002")
    slow, plain = (sounds(hall, FEW + PERSON, slow=said_slowly) for said_slowly in (True, False))
    callers = SipCallers(phones, hall)
    senior = await callers.calls(caller="13800138002")
    for _ in range(900):  # the hall stretches sounds first, on a machine that may be busy
        if all(file.is_file() for file in slow) and all(heard(senior, slow)):
            break
        await callers.pause(0.1)
    assert heard(senior, slow) == [True] * len(slow)
    assert not any(heard(senior, plain))
    for one, other in zip(slow, plain, strict=True):
        assert one.stat().st_size == pytest.approx(1.25 * other.stat().st_size, rel=0.05)
    await senior.hangs_up()
    await callers.leave_nothing()
