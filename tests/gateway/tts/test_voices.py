"""Who says a text: what comes with Hallgate first, and another voice what does not."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
import pytest_twisted

from gateway.cli.prompts import all_prompts
from gateway.config.settings import Settings
from gateway.ops.log import Log
from gateway.tts.announcer import Announcer
from gateway.tts.kokoro.phonemes import american, spelt
from gateway.tts.kokoro.voice import SPEAKERS
from gateway.tts.made_sounds import MadeSounds, member, pack
from gateway.tts.sound_folder import Prompt, SoundFolder, build
from gateway.tts.synthesis import CannotSpeak
from gateway.tts.telephone_audio import RATE
from gateway.tts.voices import ReleaseVoice
from ivr.speech.read_aloud import PAUSE, phrase_sound
from tests.gateway.threads import ThreadedClock, as_reactor
from tests.gateway.tts.test_sounds import Parrot

HELLO, CHANGED = Prompt("zh", phrase_sound("您好")), Prompt("zh", phrase_sound("您好吗"))
ARCHIVE_LIMIT = 25_000_000  # octets
KOKORO = Path(__file__).parents[3] / "gateway" / "tts" / "kokoro"


@pytest.fixture
def made(tmp_path: Path) -> MadeSounds:
    archive = tmp_path / "made.zip"
    pack(archive, [(member("您好", "zh"), b"a neural voice")], "Kokoro")
    return MadeSounds(archive)


def test_what_comes_with_hallgate_is_taken_and_changed_texts_are_made(
    made: MadeSounds, tmp_path: Path
) -> None:
    """A sound belongs to its text: of another text it is never played."""
    parrot, folder = Parrot("espeak-ng"), SoundFolder(tmp_path / "sounds")
    voice = ReleaseVoice(made, parrot)
    assert build(folder, [HELLO, CHANGED], voice) == 2
    assert (folder.root / f"{HELLO.name}.alaw").read_bytes() == b"a neural voice"
    assert parrot.said == ["您好吗"]
    assert [voice.plain(p.text, "zh") for p in (HELLO, CHANGED)] == [False, True]
    assert build(SoundFolder(folder.root), [HELLO, CHANGED], voice) == 0


def test_a_better_voice_takes_over_what_a_plain_one_has_made(
    made: MadeSounds, tmp_path: Path
) -> None:
    """After an upgrade, or when the extra has been installed; a recording stays."""
    folder = SoundFolder(tmp_path / "sounds")
    assert build(folder, [HELLO, CHANGED], Parrot("espeak-ng")) == 2
    (folder.root / f"{CHANGED.name}.alaw").write_bytes(b"a person")
    assert build(folder, [HELLO, CHANGED], ReleaseVoice(made, Parrot("kokoro"))) == 1
    assert (folder.root / f"{HELLO.name}.alaw").read_bytes() == b"a neural voice"
    assert (folder.root / f"{CHANGED.name}.alaw").read_bytes() == b"a person"


def test_without_another_voice_only_the_releases_own_words_are_said(made: MadeSounds) -> None:
    """And who asks for others is told."""
    voice = ReleaseVoice(made, None)
    assert voice.can_say("您好", "zh")
    assert not voice.can_say("您好吗", "zh")
    assert not voice.says_all
    with pytest.raises(CannotSpeak, match=r"made\.zip has no sound for “您好吗”"):
        voice.say("您好吗", "zh", fragment=False)


def test_a_pause_needs_no_voice(made: MadeSounds, tmp_path: Path) -> None:
    """Nobody says it: it is not missing where espeak-ng is, and made where that is not."""
    pause, folder = Prompt("zh", PAUSE), SoundFolder(tmp_path / "sounds")
    assert not ReleaseVoice(made, Parrot("espeak-ng")).plain("", "zh")
    voice = ReleaseVoice(made, None)
    assert voice.can_say("", "zh")
    assert build(folder, [pause], voice) == 1
    octets = (folder.root / f"{pause.name}.alaw").read_bytes()
    assert len(octets) > RATE / 10
    assert set(octets) == {0xD5}


@pytest_twisted.ensureDeferred
async def test_a_plain_voice_on_a_call_is_a_word_in_the_log(
    made: MadeSounds, tmp_path: Path
) -> None:
    """Its names, not its words; of what comes with Hallgate nothing is said."""
    log, folder = BytesIO(), SoundFolder(tmp_path / "sounds")
    voice = ReleaseVoice(made, Parrot("espeak-ng"))
    announcer = Announcer(folder, voice, as_reactor(ThreadedClock()), Log(log))
    await announcer.speak("您好", "zh")
    assert log.getvalue() == b""
    await announcer.speak("您好吗", "zh")
    assert b"sounds of the plain voice" in log.getvalue()
    assert CHANGED.name.encode() in log.getvalue()
    assert "您好吗".encode() not in log.getvalue()


def test_an_archive_of_equal_sounds_is_equal(tmp_path: Path) -> None:
    """So that only what has changed makes the repository larger."""
    sounds = [("zh/b.alaw", b"two"), ("zh/a.alaw", b"one")]
    for name, order in (("a.zip", 1), ("b.zip", -1)):
        pack(tmp_path / name, sounds[::order], "Kokoro")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_the_sounds_that_come_with_hallgate_are_no_burden() -> None:
    """And their speakers' licence is named beside them."""
    archive = KOKORO.parent / "made_sounds.zip"
    assert archive.stat().st_size < ARCHIVE_LIMIT
    notice = (KOKORO / "NOTICE").read_text()
    assert "Apache License 2.0" in notice
    for speaker in SPEAKERS.values():
        assert f"{speaker}.bin" in notice
        assert (KOKORO / f"{speaker}.bin").stat().st_size == 510 * 256 * 4


@pytest.mark.soak
def test_every_shipped_text_has_a_sound_that_comes_with_hallgate() -> None:
    """A sentence shall not change its voice in its middle: `make sounds` before a release."""
    made = MadeSounds()
    prompts = [prompt for prompt in all_prompts(Settings()) if prompt.text]
    lacking = [p.name for p in prompts if not made.has(p.text, p.language)]
    assert not lacking, f"{len(lacking)} of {len(prompts)}"


@pytest.mark.parametrize(
    ("word", "phonemes"), [("WLAN", "dˈʌbᵊlju ˈɛl ˈA ˈɛn"), ("p m", "pˈi ˈɛm"), ("", "")]
)
def test_letters_are_said_by_their_names(word: str, phonemes: str) -> None:
    """The model takes a capital letter for a sound of its own."""
    assert spelt(word) == phonemes


def test_espeaks_phonemes_become_those_that_the_model_has_learnt() -> None:
    """Diphthongs are one letter there, and length is not written."""
    assert american("t͡ʃˈa͡ɪnə mˈo͡ʊbə͡l") == "ʧˈInə mˈObᵊl"
