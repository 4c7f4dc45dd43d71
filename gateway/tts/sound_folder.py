"""The folder of sounds: what is in it, who made it, what each says.

    zh/n/23.alaw       a sound, below its language
    slow/zh/n/23.alaw  the same, said slowly: stretched from it, whoever says it
    texts.tsv          name, text: for whoever records them, and for simulators
    made.tsv           name, what it was made from, what came of it: whatever differs was recorded

A file that we did not make is a recording, in whatever format, and is never touched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import blake2b
from pathlib import Path
from threading import Lock, get_ident
from typing import Final, NamedTuple

from gateway.tts.slower import SLOWER, slower
from gateway.tts.sound_files import samples_at
from gateway.tts.synthesis import CannotSpeak, SynthesisVoice
from gateway.tts.telephone_audio import a_law
from ivr.speech.sound import Sound

FORMAT: Final = "alaw"
TEXTS: Final = "texts.tsv"
SLOW: Final = "slow/"
"""Below which what is said slowly has the names of what it was made from."""
_MADE: Final = "made.tsv"


class Prompt(NamedTuple):
    """A sound in its language."""

    language: str
    sound: Sound
    slow: bool = False
    """For those who want to hear it slowly."""

    @property
    def name(self) -> str:
        """Below the folder, without its format."""
        return f"{SLOW if self.slow else ''}{self.language}/{self.sound.name}"

    @property
    def text(self) -> str:
        return self.sound.text


class _Made(NamedTuple):
    source: str
    audio: str


class SoundFolder:
    """Threads may make sounds at the same time."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        self._at = str(self.root)
        self._lock = Lock()
        self._texts = {row[0]: row[1] for row in _rows(self.root / TEXTS, 2)}
        self._made = {row[0]: _Made(*row[1:]) for row in _rows(self.root / _MADE, 3)}
        self._there = {
            str(file.relative_to(self.root).with_suffix(""))
            for file in self.root.glob("*/**/*.*")
            if file.suffix != ".fresh"
        }

    def path(self, prompt: Prompt) -> str:
        """As Asterisk is told: absolute, without a format."""
        return f"{self._at}/{prompt.name}"

    def known(self, prompt: Prompt) -> bool:
        """Whether there is a sound, as far as we know without looking."""
        return prompt.name in self._there

    def has(self, prompt: Prompt) -> bool:
        """Whether there is a sound, made or recorded. Looks at the disk if none is known."""
        if prompt.name in self._there:
            return True
        if not self._files(prompt):
            return False
        self._there.add(prompt.name)
        return True

    def lost(self, path: str) -> bool:
        """Whether a sound that was there has no file any more. Looks at the disk."""
        name = path.removeprefix(f"{self._at}/")
        at = self.root / name
        return name in self._there and not any(at.parent.glob(f"{at.name}.*"))

    def note(self, prompts: Iterable[Prompt]) -> None:
        """Write down what sounds are to say, so that they can be recorded."""
        with self._lock:
            fresh = {p.name: p.text for p in prompts if self._texts.get(p.name) != p.text}
            if fresh:
                self._append(TEXTS, fresh.items())
                self._texts |= fresh

    def stale(self, prompt: Prompt, voice: SynthesisVoice) -> bool:
        """Whether a sound is missing, or was made of another text or by another voice."""
        files = self._files(prompt)
        if not files:
            return True
        made = self._made.get(prompt.name)
        return (
            made is not None
            and made.source != self._source(prompt, voice)
            and all(_digest(file.read_bytes()) == made.audio for file in files)
        )

    def recorded(self, prompt: Prompt) -> bool:
        """Whether a person's voice says it."""
        made = self._made.get(prompt.name)
        files = self._files(prompt)
        return any(made is None or _digest(f.read_bytes()) != made.audio for f in files)

    def make(self, prompt: Prompt, voice: SynthesisVoice) -> None:
        """Make a sound; a slow one, of that which is there. Raises CannotSpeak, or OSError if it
        cannot be kept."""
        fragment = not prompt.sound.name.startswith("p/")
        audio = (
            self._slowly(prompt)
            if prompt.slow
            else voice.say(prompt.text, prompt.language, fragment=fragment)
        )
        file = self.root / f"{prompt.name}.{FORMAT}"
        file.parent.mkdir(parents=True, exist_ok=True)
        # nobody shall hear half of it, also if two make it at once
        fresh = file.with_name(f"{file.name}.{get_ident()}.fresh")
        fresh.write_bytes(audio)
        fresh.replace(file)
        made = _Made(self._source(prompt, voice), _digest(audio))
        with self._lock:
            self._append(_MADE, [(prompt.name, *made)])
            self._made[prompt.name] = made

    def _slowly(self, prompt: Prompt) -> bytes:
        said = samples_at(self.root / prompt._replace(slow=False).name)
        if not said:
            raise CannotSpeak(f"{prompt.name}: what it is made from is not there, or not read here")
        return a_law(slower(said, SLOWER))

    def _source(self, prompt: Prompt, voice: SynthesisVoice) -> str:
        if not prompt.slow:
            by = voice.signature(prompt.text, prompt.language)
            return _digest(f"{by}\t{prompt.text}".encode())
        files = sorted(self._files(prompt._replace(slow=False)))
        return _digest(b"".join((f"{SLOWER}".encode(), *(file.read_bytes() for file in files))))

    def _files(self, prompt: Prompt) -> list[Path]:
        at = self.root / prompt.name
        return [f for f in at.parent.glob(f"{at.name}.*") if f.suffix != ".fresh"]

    def _append(self, name: str, rows: Iterable[tuple[str, ...]]) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / name).open("a", encoding="utf-8") as stream:
            stream.writelines("\t".join(row) + "\n" for row in rows)


def build(
    folder: SoundFolder,
    prompts: Iterable[Prompt],
    voice: SynthesisVoice,
    progress: Callable[[int, int], None] = lambda done, all: None,
) -> int:
    """Make what is missing or has changed; how many that was. Raises as `make`."""
    wanted = {prompt.name: prompt for prompt in prompts}
    folder.note(wanted.values())
    stale = [prompt for prompt in wanted.values() if folder.stale(prompt, voice)]
    for number, prompt in enumerate(stale, 1):
        folder.make(prompt, voice)
        progress(number, len(stale))
    return len(stale)


def _digest(octets: bytes) -> str:
    return blake2b(octets, digest_size=8).hexdigest()


def _rows(file: Path, columns: int) -> Iterable[list[str]]:
    """The rows of a table; of equal names the last one counts."""
    if not file.exists():
        return
    for line in file.read_text(encoding="utf-8").splitlines():
        row = line.split("\t")
        if len(row) == columns:
            yield row
