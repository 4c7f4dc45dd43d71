"""The sounds that come with Hallgate: gateway/tts/made_sounds.zip, of the texts of conf/.

    python packaging/make_sounds.py [--only PATTERN] [--again PATTERN] [--check]

Those whose text is still the same stay as they are; what nobody says any more goes; the rest is
spoken by the neural voice (`make voice`), about a second of one core for each sound, and kept in
var/made_sounds/ as it comes, so that a run that was broken off goes on. --check makes nothing, and
fails if a sound is missing.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Container, Iterator
from pathlib import Path
from typing import Final

from gateway.cli.prompts import all_prompts
from gateway.config.settings import Settings
from gateway.tts.kokoro.model import lacking
from gateway.tts.kokoro.voice import SPEAKERS, Kokoro
from gateway.tts.made_sounds import ARCHIVE, MadeSounds, member, pack
from gateway.tts.sound_folder import Prompt
from gateway.tts.synthesis import CannotSpeak

HERE: Final = Path(__file__).parent
KEPT: Final = HERE.parent / "var" / "made_sounds"
SPEAKER: Final = f"Kokoro-82M v1.0 {' '.join(sorted(SPEAKERS.values()))}"


def main() -> int:
    parser = argparse.ArgumentParser(
        "make_sounds", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default="", help="sounds whose name matches, such as zh/p")
    parser.add_argument("--again", help="speak texts that match anew, such as 重置")
    parser.add_argument("--check", action="store_true", help="only say what is missing")
    chosen = parser.parse_args()
    prompts = [prompt for prompt in all_prompts(Settings()) if prompt.text]
    made = MadeSounds()
    again = {p.text for p in prompts if chosen.again and re.search(chosen.again, p.text)}
    missing = [p for p in prompts if p.text in again or not made.has(p.text, p.language)]
    if chosen.check:
        for prompt in missing:
            print(f"{prompt.name}: no sound for “{prompt.text}”")
        print(f"{len(prompts) - len(missing)} of {len(prompts)} sounds are in {ARCHIVE.name}")
        return 1 if missing else 0
    if missing and (modules := lacking()):
        print(f"make voice: there is no {', '.join(modules)}", file=sys.stderr)
        return 1
    speak([prompt for prompt in missing if re.search(chosen.only, prompt.name)])
    pack(ARCHIVE, sounds(prompts, made, again), SPEAKER)
    print(f"{ARCHIVE}: {ARCHIVE.stat().st_size / 1e6:.1f} MB")
    return 0


def speak(prompts: list[Prompt]) -> None:
    voice = Kokoro()
    for number, prompt in enumerate(prompts, 1):
        file = kept(prompt)
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            fragment = not prompt.sound.name.startswith("p/")
            try:
                octets = voice.say(prompt.text, prompt.language, fragment=fragment)
            except CannotSpeak as error:
                print(f"\n{prompt.name}: “{prompt.text}”: {error}", file=sys.stderr)
                continue
            file.with_suffix(".fresh").write_bytes(octets)
            file.with_suffix(".fresh").replace(file)
        print(f"\r{number} of {len(prompts)}", end="", file=sys.stderr, flush=True)


def sounds(
    prompts: list[Prompt], made: MadeSounds, again: Container[str]
) -> Iterator[tuple[str, bytes]]:
    """Of every text once, whether it was there or has been made; `again`: rather what was made."""
    for (language, text), prompt in {(p.language, p.text): p for p in prompts}.items():
        if kept(prompt).exists() and (text in again or not made.has(text, language)):
            yield member(text, language), kept(prompt).read_bytes()
        elif made.has(text, language):
            yield member(text, language), made.say(text, language, fragment=True)


def kept(prompt: Prompt) -> Path:
    """A voice that speaks otherwise has a folder of its own."""
    by = Kokoro().signature(prompt.text, prompt.language).replace(" ", "-")
    return KEPT / by / member(prompt.text, prompt.language)


if __name__ == "__main__":
    sys.exit(main())
