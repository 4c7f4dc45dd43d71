"""Sounds for those who want to hear them slowly: stretched from whatever is there."""

from __future__ import annotations

import wave
from array import array
from io import BytesIO
from pathlib import Path

import pytest
import pytest_twisted

from gateway.ops.log import Log
from gateway.tts.announcer import Announcer
from gateway.tts.slower import SLOWER
from gateway.tts.sound_files import samples_at
from gateway.tts.sound_folder import Prompt, SoundFolder, build
from ivr.speech.read_aloud import PAUSE, phrase_sound
from tests.gateway.threads import ThreadedClock, as_reactor
from tests.gateway.tts.test_sounds import Parrot
from tests.ivr.telephones.sound_recognition import BackgroundNoise

SECOND = 8000
HELLO = Prompt("zh", phrase_sound("您好"))
SLOWLY = HELLO._replace(slow=True)


def studio(file: Path, rate: int) -> None:
    """A second of sound."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(array("h", [8000, -8000] * (rate // 2)).tobytes())


@pytest.mark.parametrize("format", ["alaw", "ulaw", "sln", "wav"])
def test_a_recording_is_heard_slowly_too(tmp_path: Path, format: str) -> None:
    """In whatever format the operator's studio made it, and again when it is made anew."""
    folder, voice = SoundFolder(tmp_path), BackgroundNoise()
    file = tmp_path / f"{HELLO.name}.{format}"
    if format == "wav":
        studio(file, 16_000)
    else:
        file.parent.mkdir(parents=True)
        file.write_bytes(bytes(range(256)) * 40)
    said = len(samples_at(tmp_path / HELLO.name))
    assert build(folder, [HELLO, SLOWLY], voice) == 1
    assert len(samples_at(tmp_path / SLOWLY.name)) == round(said * SLOWER)
    assert build(folder, [HELLO, SLOWLY], voice) == 0
    file.write_bytes(file.read_bytes()[:-512])
    assert build(SoundFolder(tmp_path), [HELLO, SLOWLY], voice) == 1
    assert not SoundFolder(tmp_path).recorded(SLOWLY)


def test_what_was_recorded_slowly_stays(tmp_path: Path) -> None:
    """A person who speaks slowly is better than anybody stretched."""
    folder, voice = SoundFolder(tmp_path), BackgroundNoise()
    slow = tmp_path / f"{SLOWLY.name}.wav"
    studio(slow, 8000)
    was = slow.read_bytes()
    assert build(folder, [HELLO, SLOWLY], voice) == 1
    assert slow.read_bytes() == was
    assert folder.recorded(SLOWLY)


@pytest_twisted.ensureDeferred
async def test_who_wants_it_slowly_hears_slow_sounds_and_others_do_not(tmp_path: Path) -> None:
    """The first one who asks has it made; silence is as long for everybody."""
    folder, log = SoundFolder(tmp_path), BytesIO()
    announcer = Announcer(folder, BackgroundNoise(), as_reactor(ThreadedClock()), Log(log))
    pause = folder.path(Prompt("zh", PAUSE))
    for _ in range(2):
        spoken = await announcer.speak("您好", "zh", slow=True)
        assert spoken.paths == (folder.path(SLOWLY),)
        assert (await announcer.speak("您好", "zh")).paths == (folder.path(HELLO),)
    figures = (await announcer.speak("5元:6元", "zh", slow=True)).paths
    assert pause in figures
    assert all("/slow/zh/" in path for path in figures if path != pause)
    assert announcer.missed == 0
    assert log.getvalue() == b""


@pytest_twisted.ensureDeferred
async def test_what_cannot_be_said_slowly_is_said(tmp_path: Path) -> None:
    """A recording in a format that is not read here is named once, and heard as it is."""
    (tmp_path / "zh/p").mkdir(parents=True)
    (tmp_path / f"{HELLO.name}.gsm").write_bytes(b"a person")
    folder, log = SoundFolder(tmp_path), BytesIO()
    announcer = Announcer(folder, Parrot(), as_reactor(ThreadedClock()), Log(log))
    for _ in range(2):
        assert (await announcer.speak("您好", "zh", slow=True)).paths == (folder.path(HELLO),)
    assert log.getvalue().count(SLOWLY.name.encode()) == 1
    assert announcer.missed == 0


@pytest_twisted.ensureDeferred
async def test_of_a_secret_nothing_is_made(tmp_path: Path) -> None:
    """Its figures are said slowly if these sounds are there, and else as to everybody."""
    build(SoundFolder(tmp_path), [HELLO, SLOWLY], BackgroundNoise())
    folder, five = SoundFolder(tmp_path), Prompt("en", phrase_sound("five"))
    announcer = Announcer(folder, Parrot(), as_reactor(ThreadedClock()), Log(BytesIO()))
    told = await announcer.speak("您好", "zh", private=True, slow=True)
    assert told.paths == (folder.path(SLOWLY),)
    told = await announcer.speak("five", "en", private=True, slow=True)
    assert told.paths == (folder.path(five),)
    assert not (tmp_path / "slow/en").exists()
