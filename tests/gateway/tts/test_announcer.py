"""Sounds made while callers wait."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from threading import Condition

import pytest_twisted
from twisted.internet.defer import gatherResults

from gateway.ops.log import Log
from gateway.tts.announcer import Announcer
from gateway.tts.sound_folder import Prompt, SoundFolder
from ivr.speech.read_aloud import phrase_sound
from tests.gateway.threads import ThreadedClock, as_reactor, together
from tests.gateway.tts.test_sounds import Parrot


class Slow(Parrot):
    """Speaks only when it may; how many it was asked for at once."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = self.at_once = self.most = 0
        self.may = False
        self.changed = Condition()

    def say(self, text: str, language: str, *, fragment: bool) -> bytes:
        with self.changed:
            self.asked += 1
            self.at_once += 1
            self.most = max(self.most, self.at_once)
            self.changed.notify_all()
            assert self.changed.wait_for(lambda: self.may or self.at_once > 2, timeout=30)
            self.at_once -= 1
        return super().say(text, language, fragment=fragment)


@pytest_twisted.ensureDeferred
async def test_many_callers_leave_threads_to_others(tmp_path: Path) -> None:
    """The store is looked at by the same threads; whoever waited too long hears the rest, and the
    sound is there for the next."""
    voice, clock, folder = Slow(), ThreadedClock(), SoundFolder(tmp_path)
    announcer = Announcer(folder, voice, as_reactor(clock), Log(BytesIO()))
    words = ["一二", "三四", "五六", "七八"]
    speaking = [announcer.speak(text, "zh") for text in words]
    clock.advance(3.0)
    await gatherResults(speaking)
    assert announcer.missed == 4
    with voice.changed:
        voice.may = True
        voice.changed.notify_all()
    await gatherResults([announcer.speak(text, "zh") for text in words])
    assert voice.most <= 2
    assert announcer.missed == 4
    assert sorted(voice.said) == sorted(words)


def test_two_who_make_one_sound_at_once_do_not_stumble(tmp_path: Path) -> None:
    """Nor does anybody hear half of it."""
    folder = SoundFolder(tmp_path)
    for number in range(30):
        prompt = Prompt("zh", phrase_sound(f"您好{number}"))
        together(4, lambda prompt=prompt: folder.make(prompt, Parrot()))  # type: ignore[misc]
        assert (tmp_path / f"{prompt.name}.alaw").read_text() == f"parrot:您好{number}"
    assert not list(tmp_path.glob("**/*.fresh"))
