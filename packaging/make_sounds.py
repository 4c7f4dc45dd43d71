"""The sounds that come with Hallgate: gateway/tts/made_sounds.zip, of the texts of conf/.

    python packaging/make_sounds.py [--only PATTERN] [--again PATTERN] [--check]

Those whose text is still the same stay as they are; what nobody says any more goes; the rest is
spoken by the neural voice (`make voice`), about a second of one core for each sound, and kept in
var/made_sounds/ as it comes, so that a run that was broken off goes on. --check makes nothing, and
fails if a sound is missing.

A sound is cut out of a saying in which it follows others, as callers will hear it: phrases as they
stand in the menus, figures as parts of amounts, dates, numbers. `make heard` takes others where the
ear of the tests misunderstands what is there (packaging/heard_sounds.py).
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from gateway.cli.prompts import all_prompts
from gateway.config.settings import Settings
from gateway.tts.kokoro.model import lacking
from gateway.tts.kokoro.voice import SPEAKERS, TAKES, Kokoro
from gateway.tts.made_sounds import ARCHIVE, MadeSounds, member, pack
from gateway.tts.sound_folder import Prompt
from gateway.tts.synthesis import CannotSpeak, tongue_of
from ivr.speech.read_aloud import read_aloud

HERE: Final = Path(__file__).parent
KEPT: Final = HERE.parent / "var" / "made_sounds"
SPOKEN: Final = 6
"""How often the same words were: when it is more than it was, halls take over what is new."""
SPEAKER: Final = f"Kokoro-82M v1.0 {' '.join(sorted(SPEAKERS.values()))} {SPOKEN}"
BREATH: Final = 26
"""Characters of phrases that are said together."""
_STEPS: Final = (37, 63, 71, 13)
"""From one pair of digits to the next, in each take: each comes to all hundred."""


def main() -> int:
    parser = argparse.ArgumentParser(
        "make_sounds", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default="", help="sounds whose name matches, such as zh/p")
    parser.add_argument("--again", help="speak texts that match anew, such as 重置")
    parser.add_argument("--check", action="store_true", help="only say what is missing")
    asked = parser.parse_args()
    prompts = [prompt for prompt in all_prompts(Settings()) if prompt.text]
    made = MadeSounds()
    again = {p.text for p in prompts if asked.again and re.search(asked.again, p.text)}
    missing = [p for p in prompts if p.text in again or not made.has(p.text, p.language)]
    if asked.check:
        for prompt in missing:
            print(f"{prompt.name}: no sound for “{prompt.text}”")
        print(f"{len(prompts) - len(missing)} of {len(prompts)} sounds are in {ARCHIVE.name}")
        return 1 if missing else 0
    if missing and (modules := lacking()):
        print(f"make voice: there is no {', '.join(modules)}", file=sys.stderr)
        return 1
    speak([prompt for prompt in missing if re.search(asked.only, prompt.name)])
    pack(ARCHIVE, sounds(prompts, made), SPEAKER)
    print(f"{ARCHIVE}: {ARCHIVE.stat().st_size / 1e6:.1f} MB")
    return 0


def speak(prompts: list[Prompt], take: int = 0) -> None:
    """What is not kept already."""
    voice = Kokoro()
    missing = [prompt for prompt in prompts if not kept(prompt, take).exists()]
    done = 0
    for saying in sayings(missing, take):
        texts, language = [prompt.text for prompt in saying], saying[0].language
        fragment = not is_phrase(saying[0])
        try:
            said = voice.say_together(texts, language, fragment=fragment, take=take % TAKES)
        except CannotSpeak as error:
            print(f"\n{' '.join(texts)}: {error}", file=sys.stderr)
            continue
        for prompt, octets in zip(saying, said, strict=True):
            file = kept(prompt, take)
            if prompt in missing and not file.exists():
                keep(file, octets)
                done += 1
        print(f"\r{done} of {len(missing)}", end="", file=sys.stderr, flush=True)


def sayings(missing: list[Prompt], take: int) -> Iterator[list[Prompt]]:
    """In which each of them is said, in another take beside others; English ones alone."""
    left = {prompt.name: prompt for prompt in missing}
    for text in figures(take):
        said = [Prompt("zh", sound) for sound in read_aloud(text, "zh") if sound.text]
        if any([left.pop(prompt.name, None) for prompt in said]):
            yield said
    together: list[Prompt] = []
    for prompt in left.values():
        if not is_phrase(prompt) or tongue_of(prompt.text, prompt.language) != "zh":
            yield [prompt]
            continue
        if together and sum(len(each.text) for each in [*together, prompt]) > BREATH:
            yield together
            together = []
        together.append(prompt)
    if together:
        yield together


def figures(take: int) -> Iterator[str]:
    """Amounts, dates and numbers that have, together, nearly every Chinese sound of figures; those
    of each take stand beside others."""
    parts = [10 * each for each in range(1, 10)] + [each for each in range(11, 100) if each % 10]
    for yuan in range(100):
        rest, before = parts[(yuan + 7 * take) % len(parts)], 1 + (yuan + take) % 9
        yield f"{before}{yuan:02}.{rest}元"
        yield f"{before}0{yuan:02}.0{before}元"
    for few in range(1, 10):
        yield f"0.0{few}元0.{few}0元"
    for yuan in range(20):
        yield f"{yuan}.{10 * (1 + yuan % 9)}元"
    for day in range(1, 32):
        yield f"{2015 + (day + 10 + take) % 26}年{(day - 1 + take) % 12 + 1}月{day}日"
    for wan in range(10, 100):
        yield f"{wan}0000元"
    for minute in range(60):
        yield f"{(minute + take) % 24}:{minute:02}"
    pairs = [f"{each * _STEPS[take % len(_STEPS)] % 100:02}" for each in range(100)]
    for at in range(0, 100, 4):
        yield "".join(pairs[at : at + 4])
    for digit in range(10):
        yield f"{digit}{pairs[digit]}{pairs[digit + 50]}"


def is_phrase(prompt: Prompt) -> bool:
    return prompt.sound.name.startswith("p/")


def sounds(prompts: list[Prompt], made: MadeSounds) -> Iterator[tuple[str, bytes]]:
    """Of every text once, whether it was there or has been made."""
    for (language, text), prompt in {(p.language, p.text): p for p in prompts}.items():
        if octets := best_so_far(prompt, made):
            yield member(text, language), octets


def kept(prompt: Prompt, take: int = 0) -> Path:
    """A voice that speaks otherwise has a folder of its own, and so has each take."""
    return _folder(prompt, f"-take-{take}" if take else "") / member(prompt.text, prompt.language)


def chosen(prompt: Prompt) -> Path:
    """The take that was understood best, where one was chosen by ear."""
    return _folder(prompt, "-chosen") / member(prompt.text, prompt.language)


def _folder(prompt: Prompt, of: str) -> Path:
    by = Kokoro().signature(prompt.text, prompt.language).replace(" ", "-")
    return KEPT / f"{by}{of}"


def best_so_far(prompt: Prompt, made: MadeSounds) -> bytes | None:
    """What the archive would have now."""
    for file in (chosen(prompt), kept(prompt)):
        if file.exists():
            return file.read_bytes()
    if made.has(prompt.text, prompt.language):
        return made.say(prompt.text, prompt.language, fragment=True)
    return None


def keep(file: Path, octets: bytes) -> None:
    """Whole, or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.with_suffix(".fresh").write_bytes(octets)
    file.with_suffix(".fresh").replace(file)


if __name__ == "__main__":
    sys.exit(main())
