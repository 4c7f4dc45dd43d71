"""The folder of sounds: made once, made again when the text changes, recordings untouched."""

from __future__ import annotations

import math
from array import array
from pathlib import Path

import pytest

from gateway.cli import main
from gateway.cli.prompts import all_prompts
from gateway.config.menu_files import read_menus
from gateway.config.settings import Settings
from gateway.dialogue.snapshot import open_snapshot
from gateway.tts.sound_folder import Prompt, SoundFolder, build
from gateway.tts.synthesis import Espeak, tongue_of
from gateway.tts.telephone_audio import RATE, a_law, loudness, resampled, telephone, trimmed
from ivr.speech.languages import SPOKEN_LANGUAGES
from ivr.speech.read_aloud import phrase_sound
from ivr.speech.sound import Sound
from menus.model.wording import MenuChannel
from tests.ivr.telephones.strange_ear import linear
from tests.packages import ESPEAK
from tests.services import program


class Parrot:
    """Says a text by its letters."""

    def __init__(self, name: str = "parrot") -> None:
        self.name = name
        self.said: list[str] = []

    def signature(self, text: str, language: str) -> str:
        return f"{self.name} {language}"

    def say(self, text: str, language: str, *, fragment: bool) -> bytes:
        self.said.append(text)
        return f"{self.name}:{text}".encode()


ELEVEN = Prompt("zh", Sound("n/11", "十一"))
HELLO = Prompt("zh", phrase_sound("您好"))


def test_only_what_is_missing_or_changed_is_made(tmp_path):
    """By what it was made of, not by age."""
    voice = Parrot()
    assert build(SoundFolder(tmp_path), [ELEVEN, HELLO], voice) == 2
    assert build(SoundFolder(tmp_path), [ELEVEN, HELLO], voice) == 0
    changed = Prompt("zh", Sound("n/11", "一十一"))
    assert build(SoundFolder(tmp_path), [changed, HELLO], voice) == 1
    assert (tmp_path / "zh/n/11.alaw").read_text() == "parrot:一十一"
    assert build(SoundFolder(tmp_path), [changed, HELLO], Parrot("macaw")) == 2


@pytest.mark.parametrize("format", ["alaw", "wav"])
def test_a_recording_wins(tmp_path, format):
    """Whoever recorded it may have replaced a made one, or was first, in any format."""
    voice = Parrot()
    build(SoundFolder(tmp_path), [HELLO], voice)
    (tmp_path / f"{ELEVEN.name}.{format}").parent.mkdir(exist_ok=True)
    (tmp_path / f"{ELEVEN.name}.{format}").write_bytes(b"a person")
    (tmp_path / f"{HELLO.name}.alaw").write_bytes(b"a person too")
    folder = SoundFolder(tmp_path)
    assert build(folder, [ELEVEN, HELLO], Parrot("macaw")) == 0
    assert folder.recorded(ELEVEN)
    assert folder.recorded(HELLO)
    assert (tmp_path / f"{HELLO.name}.alaw").read_bytes() == b"a person too"


def test_the_folder_tells_what_its_sounds_say(tmp_path):
    """For studios and simulators; also of sounds that nobody has made."""
    SoundFolder(tmp_path).note([ELEVEN, HELLO, ELEVEN])
    SoundFolder(tmp_path).note([HELLO])
    assert (tmp_path / "texts.tsv").read_text() == f"zh/n/11\t十一\n{HELLO.name}\t您好\n"


def test_a_law_is_that_of_g711():
    """Zero, one step either way, the loudest: bytes of the recommendation's tables."""
    samples = array("h", [0, 16, -16, 32767, -32768])
    assert a_law(samples) == bytes([0xD5, 0xD4, 0x55, 0xAA, 0x2A])


@pytest.mark.parametrize(("hertz", "heard"), [(440, True), (3000, True), (5000, False)])
def test_what_a_line_lets_through_stays_and_nothing_else(hertz, heard):
    """A tone above the band must not come back as another one."""
    tone = [round(8000 * math.sin(2 * math.pi * hertz * n / 22050)) for n in range(11025)]
    loudest = max(abs(sample) for sample in resampled(tone, 22050)[200:-200])
    assert (loudest > 7000) is heard
    assert heard or loudest < 400


def test_silence_round_speech_is_cut():
    """Fragments follow one another closely; a sentence has its pause."""
    speech = array("h", [0] * 4000 + [9000, -9000] * 400 + [0] * 4000)
    assert len(trimmed(speech)) < 1200
    assert len(telephone(speech, RATE, 0.25)) - len(trimmed(speech)) == 2000


@pytest.mark.slow
def test_every_screen_of_a_call_is_among_the_prompts():
    """Whatever the menus say by voice has a sound to be recorded or made."""
    settings = Settings()
    texts = {(p.language, p.text) for p in all_prompts(settings)}
    book = read_menus(settings.conf / "menus").book
    assert ("zh", "话费账单请按1。") in texts
    assert ("en", "For anything else") in texts
    main_screen = book.screens["main"]
    for option in main_screen.options:
        if MenuChannel.VOICE in option.channels:
            label = option.label.say(MenuChannel.VOICE, "zh", {})
            assert not label or ("zh", f"{label}请按{option.key}。") in texts
    brands = open_snapshot(settings).catalogue.brands.values()
    for brand in brands:
        assert ("zh", f"{brand.name}客户您好。") in texts


@pytest.mark.slow
def test_missing_sounds_are_named(tmp_path, capsys):
    """By `prompts check` as a failure; by `check` as a warning, where there is an Asterisk."""
    sounds = f"ivr.sounds={tmp_path}"
    assert main(["prompts", "check", "--set", sounds]) == 1
    told = capsys.readouterr().out
    assert f"{tmp_path}/zh/n/23: no sound for “二十三”" in told
    store = f"store.url=sqlite:///{tmp_path / 'hall.db'}"
    asterisk = "ivr.asterisk=[{name: a}]"
    assert main(["check", "--set", sounds, "--set", asterisk, "--set", store]) == 0
    assert "warning: " in capsys.readouterr().out
    assert main(["check", "--set", sounds, "--set", store]) == 0
    assert "warning: " not in capsys.readouterr().out


@pytest.mark.service
def test_the_synthesiser_speaks(tmp_path):
    """Both languages, as sound that a trunk takes as it is."""
    voice = Espeak(program(ESPEAK))
    for language, text in (("zh", "您的余额"), ("en", "your balance")):
        octets = voice.say(text, language, fragment=False)
        assert 0.4 < len(octets) / RATE < 2.5
        assert len(set(octets)) > 50
    folder = SoundFolder(tmp_path)
    folder.make(HELLO, voice)
    assert folder.has(HELLO)
    assert Path(f"{folder.path(HELLO)}.alaw").stat().st_size > RATE / 4


@pytest.mark.parametrize(
    ("text", "language", "tongue"),
    [
        ("普通话请按一。", "en", "zh"),
        ("天气预报", "en", "zh"),
        ("For English", "zh", "en"),
        ("press 2.", "zh", "en"),
        ("WLAN", "zh", "zh"),
        ("您没有开通校园WLAN。", "zh", "zh"),
        ("press 9.", "en", "en"),
        ("G", "en", "en"),
    ],
)
def test_words_are_said_by_a_voice_of_their_language(text, language, tongue):
    """A menu of languages offers each in its own; names may be Chinese in an English sentence."""
    assert tongue_of(text, language) == tongue


@pytest.mark.service
def test_a_language_is_offered_in_itself():
    """Else an English caller would hear pinyin, and a Chinese one 'Chinese letter'."""
    voice = Espeak(program(ESPEAK))
    for text, here, there in (("普通话请按一。", "en", "zh"), ("For English", "zh", "en")):
        assert voice.say(text, here, fragment=False) == voice.say(text, there, fragment=False)


@pytest.mark.service
@pytest.mark.parametrize(
    ("text", "fragment", "silence"),
    [
        ("您的余额", False, 0.18),
        ("your balance", False, 0.08),
        ("二零二六年", True, 0.07),
        ("十二月", True, 0.07),
        ("七点", True, 0.07),
        ("四百", True, 0.0),
        ("七元", True, 0.0),
    ],
)
def test_silence_stands_where_a_figure_would_be_mistaken(text, fragment, silence):
    """Behind what is said before it, a year, a month, an hour; none within an amount."""
    language = tongue_of(text, "en")
    spoken = linear(Espeak(program(ESPEAK)).say(text, language, fragment=fragment))
    loud = [at for at, sample in enumerate(spoken) if abs(sample) > 64]
    assert silence <= (len(spoken) - loud[-1]) / RATE < silence + 0.05


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh", "en"])
def test_all_parts_of_an_amount_are_equally_loud(language):
    """Said one after the other they are one sentence: no digit shouts, none is swallowed, and the
    silence between them is always the same."""
    voice = Espeak(program(ESPEAK))
    words = SPOKEN_LANGUAGES[language]
    amounts = (123, 45678, 99005, 200430)
    sounds = {sound.name: sound for fen in amounts for sound in words.amount(fen)}
    levels, edges = {}, set()
    for sound in sounds.values():
        spoken = linear(voice.say(sound.text, language, fragment=True))
        levels[sound.text] = 20 * math.log10(loudness(spoken) / 32768)
        loud = [at for at, sample in enumerate(spoken) if abs(sample) > 64]
        edges |= {loud[0] > 240, len(spoken) - loud[-1] > 400}
    assert max(levels.values()) - min(levels.values()) < 3.0, levels
    assert edges == {False}
