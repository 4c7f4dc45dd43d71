"""The verbs of `hallgate prompts` and what they print."""

from __future__ import annotations

import argparse
import sys
from typing import Any, Final

from gateway.cli.verb import add_group, add_verb, settings_of
from gateway.config.checked_yaml import BadFile
from gateway.config.settings import Settings
from gateway.dialogue.snapshot import open_snapshot
from gateway.tts.needed_sounds import slowly, wanted
from gateway.tts.sound_folder import Prompt, SoundFolder, build
from gateway.tts.synthesis import HOW_TO_GET_IT, PROGRAM, CannotSpeak
from gateway.tts.voices import HOW_TO_GET_BETTER, ReleaseVoice, voice_of_builds

_MOST_TOLD: Final = 20
"""Missing sounds that `hallgate check` names; all of them are told by `hallgate prompts check`."""


def add(verbs: Any, help: str) -> None:
    steps = add_group(verbs, "prompts", help, "verb")
    add_verb(steps, "build", build_sounds,
             "make the sounds that are missing or whose text has changed; recordings stay",
             "hallgate prompts build --set ivr.sounds=/var/lib/asterisk/hallgate")  # fmt: skip
    add_verb(steps, "check", check_sounds, "name every prompt that has no sound",
             "hallgate prompts check --config conf/gateway.yaml")  # fmt: skip
    add_verb(steps, "list", list_sounds, "every sound's file and text, for whoever records them",
             "hallgate prompts list > studio.tsv")  # fmt: skip


def all_prompts(settings: Settings) -> list[Prompt]:
    """Every sound that the hall may need. Raises BadFile."""
    return wanted(open_snapshot(settings))


def build_sounds(chosen: argparse.Namespace) -> int:
    settings = settings_of(chosen)
    hall = open_snapshot(settings)
    prompts, folder, voice = wanted(hall), SoundFolder(settings.ivr.sounds), voice_of_builds()
    sayable = [prompt for prompt in prompts if voice.can_say(prompt.text, prompt.language)]
    try:
        made = build(folder, sayable, voice, _progress)
        slow = [p for p in slowly(hall, prompts) if folder.has(p._replace(slow=False))]
        stretched, as_they_are = _stretched(folder, slow, voice)
    except (CannotSpeak, OSError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    recorded = sum(folder.recorded(prompt) for prompt in prompts)
    print(f"{made} sounds made, {len(prompts)} in all, {recorded} of them recorded: {folder.root}")
    if slow:
        print(f"{stretched} slow sounds made, {len(slow) - len(as_they_are)} in all")
    if as_they_are:
        told = ", ".join(as_they_are[:_MOST_TOLD])
        print(f"{len(as_they_are)} are not said slowly, for their recordings are in a format that "
              f"is not read here (alaw, ulaw, sln, wav of 16 bits): {told}")  # fmt: skip
    _tell_of_voices(sayable, folder, voice)
    folder.note(prompts)
    silent = sum(not folder.has(prompt) for prompt in prompts)
    if silent:
        print(f"{silent} have no sound, because {PROGRAM} is not on this machine: {HOW_TO_GET_IT}",
              file=sys.stderr)  # fmt: skip
    return 1 if silent else 0


def _stretched(
    folder: SoundFolder, prompts: list[Prompt], voice: ReleaseVoice
) -> tuple[int, list[str]]:
    """Makes slow sounds that are missing or whose plain one has changed: how many, and the names of
    those that cannot be made. Raises OSError."""
    folder.note(prompts)
    stale = [prompt for prompt in prompts if folder.stale(prompt, voice)]
    failed = []
    for number, prompt in enumerate(stale, 1):
        try:
            folder.make(prompt, voice)
        except CannotSpeak:
            failed.append(prompt.name)
        _progress(number, len(stale))
    return len(stale) - len(failed), failed


def _tell_of_voices(prompts: list[Prompt], folder: SoundFolder, voice: ReleaseVoice) -> None:
    """Whether somebody should get the better voice, or record what it does not say."""
    plain = sum(
        voice.plain(prompt.text, prompt.language) and not folder.recorded(prompt)
        for prompt in prompts
    )
    if plain:
        print(f"{plain} do not come with Hallgate, or their text has changed: {PROGRAM} says them. "
              f"A better voice: {HOW_TO_GET_BETTER}")  # fmt: skip


def _progress(done: int, all: int) -> None:
    if sys.stderr.isatty() or done == all or not done % 200:
        end = "\n" if done == all or not sys.stderr.isatty() else ""
        print(f"\r{done} of {all}", end=end, file=sys.stderr, flush=True)


def check_sounds(chosen: argparse.Namespace) -> int:
    settings = settings_of(chosen)
    missing = missing_sounds(settings)
    for prompt in missing:
        print(f"{SoundFolder(settings.ivr.sounds).path(prompt)}: no sound for “{prompt.text}”")
    if missing:
        print(f"{len(missing)} sounds are missing: hallgate prompts build", file=sys.stderr)
    else:
        print("every prompt has a sound")
    return 1 if missing else 0


def missing_sounds(settings: Settings) -> list[Prompt]:
    """Raises BadFile."""
    folder = SoundFolder(settings.ivr.sounds)
    return [prompt for prompt in all_prompts(settings) if not folder.has(prompt)]


def warn_of_sounds(settings: Settings) -> None:
    """For `hallgate check`: a warning, because a call is served without its sounds as well, and
    what is missing may be made on demand. Nothing where no Asterisk is."""
    if not settings.ivr.asterisk:
        return
    try:
        missing = missing_sounds(settings)
    except BadFile:
        return  # told already
    for prompt in missing[:_MOST_TOLD]:
        print(f"warning: {settings.ivr.sounds / prompt.name}: no sound for “{prompt.text}”")
    if missing:
        print(f"warning: {len(missing)} prompts have no sound. Make them: hallgate prompts build")


def list_sounds(chosen: argparse.Namespace) -> int:
    for prompt in all_prompts(settings_of(chosen)):
        print(f"{prompt.name}\t{prompt.text}")
    return 0
