"""What a caller hears, as a browser plays it."""

from __future__ import annotations

import io
import wave
from array import array
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.tts.browser_sounds import BrowserSounds
from gateway.tts.sound_folder import Prompt
from gateway.tts.synthesis import CannotSpeak
from gateway.tts.telephone_audio import a_law, from_a_law, from_mu_law
from ivr.speech.sound import Sound

HELLO = Prompt("zh", Sound("p/1a", "您好。"))


class Voice:
    """Says so many octets of A-law as the text has signs."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def signature(self, text: str, language: str) -> str:
        return language

    def say(self, text: str, language: str, *, fragment: bool) -> bytes:
        if text == "?":
            raise CannotSpeak("no")
        self.said.append(text)
        return b"\x55" * len(text)


def samples(octets: bytes) -> array[int]:
    with wave.open(io.BytesIO(octets)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (1, 2, 8000)
        return array("h", sound.readframes(sound.getnframes()))


@given(st.lists(st.integers(-32_768, 32_767), max_size=50))
def test_a_law_comes_back_within_a_step(spoken: list[int]) -> None:
    """Quiet sounds to 16, loud ones to a thirty-second of their size (G.711)."""
    for was, now in zip(spoken, from_a_law(a_law(spoken)), strict=True):
        assert abs(was - now) <= max(16, abs(was) / 32 + 1)


@pytest.mark.parametrize(
    ("octet", "sample"), [(0xFF, 0), (0x7F, 0), (0x80, 32_124), (0x00, -32_124), (0xEF, 132)]
)
def test_mu_law_as_the_table_has_it(octet: int, sample: int) -> None:
    assert list(from_mu_law(bytes([octet]))) == [sample]


def test_a_recording_is_heard_before_a_synthesiser(tmp_path: Path) -> None:
    voice = Voice()
    sounds = BrowserSounds(tmp_path, voice)
    assert len(samples(sounds.wave([HELLO]))) == 3
    (tmp_path / "zh/p").mkdir(parents=True)
    (tmp_path / "zh/p/1a.alaw").write_bytes(b"\xd5" * 40)
    assert len(samples(sounds.wave([HELLO, HELLO]))) == 80
    assert voice.said == ["您好。"]
    assert sorted(file.name for file in tmp_path.rglob("*.*")) == ["1a.alaw"]  # nothing is kept


def test_a_studios_wave_is_heard_at_the_rate_of_a_telephone(tmp_path: Path) -> None:
    made = tmp_path / "zh/p/1a.wav"
    made.parent.mkdir(parents=True)
    with wave.open(str(made), "wb") as sound:
        sound.setnchannels(2)
        sound.setsampwidth(2)
        sound.setframerate(16_000)
        sound.writeframes(b"\0" * 4 * 1600)
    assert len(samples(BrowserSounds(tmp_path, None).wave([HELLO]))) == 800
    made.write_bytes(b"RIFF no wave")
    assert BrowserSounds(tmp_path, None).wave([HELLO]) == b""


def test_what_cannot_be_said_is_no_sound(tmp_path: Path) -> None:
    unsayable = Prompt("zh", Sound("p/2", "?"))
    assert BrowserSounds(tmp_path, Voice()).wave([unsayable]) == b""
    assert BrowserSounds(tmp_path, None).wave([HELLO]) == b""


@pytest.mark.parametrize(
    ("path", "name"),
    [("{}/zh/n/23", "zh/n/23"), ("{}/../secret", ""), ("/etc/passwd", ""), ("beep", "")],
)
def test_only_sounds_of_the_folder_have_a_name(tmp_path: Path, path: str, name: str) -> None:
    assert BrowserSounds(tmp_path, None).named(path.format(tmp_path)) == name
