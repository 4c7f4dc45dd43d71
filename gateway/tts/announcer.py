"""Texts to sounds while a caller waits: what is there plays at once, what is missing is made."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from twisted.internet.defer import Deferred, DeferredSemaphore, succeed
from twisted.python.failure import Failure

from gateway.model.hall_reactor import IHallReactor, in_thread
from gateway.ops.log import Log
from gateway.tts.sound_folder import Prompt, SoundFolder
from gateway.tts.synthesis import PROGRAM, CannotSpeak, SynthesisVoice
from ivr.speech.read_aloud import PAUSE, read_aloud

_LONGEST: Final = 3.0
"""Seconds that a caller waits for a sound to be made; then he hears the rest."""
_AT_ONCE: Final = 2
"""Threads that make sounds: the store and others need threads too."""
_REMEMBERED: Final = 1_000
"""Texts that need not be read again: the menus' own, and what many hear."""


class _Making(NamedTuple):
    """What came of making sounds."""

    missing: list[Prompt]
    voices: dict[str, str]
    """Of those that were made, who says them."""


class SpokenText(NamedTuple):
    """Paths of sounds, as Asterisk is told."""

    paths: tuple[str, ...]


class Announcer:
    """`voice` makes what is missing; without one, or if it fails, callers hear less."""

    def __init__(
        self, folder: SoundFolder, voice: SynthesisVoice | None, reactor: IHallReactor, log: Log
    ) -> None:
        self._folder = folder
        self._voice = voice
        self._reactor = reactor
        self._log = log
        self._given_up: set[str] = set()
        self._remembered = lru_cache(_REMEMBERED)(self._sounds)
        self._makers = DeferredSemaphore(_AT_ONCE)
        self.missed = 0
        """Sounds that callers did not hear."""

    def speak(
        self, text: str, language: str, *, private: bool = False, slow: bool = False
    ) -> Deferred[SpokenText]:
        """Of a text with a secret in it no words are written down; its figures are fragments. What
        cannot be said slowly is said as to everybody."""
        prompts, spoken, lacking = self._looked_up(text, language, private=private, slow=slow)
        if private or not lacking:
            return succeed(self._slowest(prompts) if slow else spoken)
        making: Deferred[_Making] = self._makers.run(in_thread, self._reactor, self._make, lacking)
        waiting: Deferred[_Making] = Deferred()
        # goes on though nobody waits any more: the next one will want it
        making.addBoth(lambda made: None if waiting.called else waiting.callback(made))
        waiting.addTimeout(_LONGEST, self._reactor)
        made = waiting.addBoth(self._made, lacking, spoken)
        return made.addCallback(lambda _: self._slowest(prompts)) if slow else made

    def at_hand(
        self, text: str, language: str, *, private: bool = False, slow: bool = False
    ) -> SpokenText | None:
        """As `speak`; None if a sound has to be made first."""
        prompts, spoken, lacking = self._looked_up(text, language, private=private, slow=slow)
        if lacking and not private:
            return None
        return self._slowest(prompts) if slow else spoken

    def _looked_up(
        self, text: str, language: str, *, private: bool, slow: bool
    ) -> tuple[list[Prompt], SpokenText, list[Prompt]]:
        """Its sounds as everybody hears them, and those to be made first, the plain ones before
        the slow ones that are made of them."""
        tongue = language if language in ("zh", "en") else "zh"
        prompts, spoken = (self._sounds if private else self._remembered)(text, tongue)
        given_up, known = self._given_up, self._folder.known
        wanted = [*prompts, *map(_slowly, prompts)] if slow else prompts
        return prompts, spoken, [p for p in wanted if not known(p) and p.name not in given_up]

    def pause(self, language: str) -> str:
        """Silence between two phrases."""
        return self._folder.path(Prompt(language, PAUSE))

    def lost(self, path: str) -> bool:
        """Whether a sound that was there is not any more."""
        return self._folder.lost(path)

    def _sounds(self, text: str, language: str) -> tuple[list[Prompt], SpokenText]:
        prompts = [Prompt(language, sound) for sound in read_aloud(text, language)]
        return prompts, SpokenText(tuple(self._folder.path(prompt) for prompt in prompts))

    def _slowest(self, prompts: Sequence[Prompt]) -> SpokenText:
        known, path = self._folder.known, self._folder.path
        best = (slow if known(slow := _slowly(prompt)) else prompt for prompt in prompts)
        return SpokenText(tuple(map(path, best)))

    def _make(self, lacking: Sequence[Prompt]) -> _Making:
        """In a thread."""
        self._folder.note(lacking)
        made = _Making([], {})
        for prompt in dict.fromkeys(lacking):
            if self._folder.has(prompt):
                continue
            if self._voice is None:
                made.missing.append(prompt)
                continue
            try:
                self._folder.make(prompt, self._voice)
            except (CannotSpeak, OSError):
                made.missing.append(prompt)
            else:
                if not prompt.slow:
                    by = self._voice.signature(prompt.text, prompt.language)
                    made.voices[prompt.name] = by
                self._folder.has(prompt)
        return made

    def _made(
        self, result: _Making | Failure, lacking: Sequence[Prompt], spoken: SpokenText
    ) -> SpokenText:
        if isinstance(result, Failure):  # it takes too long, or the folder cannot be written
            self._log.event("sounds not made", error=result.getErrorMessage(), sounds=len(lacking))
            self.missed += _unheard(lacking)
            return spoken
        if plain := [name for name, by in result.voices.items() if by.startswith(PROGRAM)]:
            self._log.event("sounds of the plain voice", names=plain, voice=PROGRAM)
        if missing := [prompt.name for prompt in result.missing]:
            self._given_up.update(missing)
            if self._voice is not None:  # else it is as it is meant to be
                self._log.event("sounds missing", names=missing)
        self.missed += _unheard(result.missing)
        return spoken


def _slowly(prompt: Prompt) -> Prompt:
    """Silence stays as long as it is."""
    return prompt._replace(slow=bool(prompt.text))


def _unheard(missing: Sequence[Prompt]) -> int:
    """Instead of a slow one that of everybody is heard."""
    return sum(not prompt.slow for prompt in missing)
