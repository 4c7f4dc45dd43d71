"""Sounds that are misheard, said otherwise until they are understood: `make heard`.

    PYTHONPATH=. python packaging/heard_sounds.py [--language zh] [--only PATTERN]
        [--takes 4] [--rounds 6]

The ear of the tests (Whisper base, through A-law) hears each sound where it stands: phrases in
screens and answers as a caller hears them, figures in amounts, dates, times and numbers, others in
each round and none of them those of the tests. What it misunderstands is spoken again, beside other
words, faster, slower. The take that was understood best, of all times that it was heard, stays in
var/made_sounds/, and goes into the archive before all else.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import chain
from random import Random

from make_sounds import best_so_far, chosen, is_phrase, keep, kept, speak

from gateway.cli.prompts import all_prompts
from gateway.config.settings import Settings
from gateway.dialogue.snapshot import open_snapshot
from gateway.tts.kokoro.model import lacking
from gateway.tts.made_sounds import MadeSounds
from gateway.tts.needed_sounds import sayings
from gateway.tts.sound_folder import Prompt
from gateway.tts.synthesis import tongue_of
from ivr.speech.read_aloud import read_aloud
from tests.ivr.telephones.listening import listened
from tests.ivr.telephones.strange_ear import StrangeEar
from tests.ivr.telephones.understood import misheard

Saying = tuple[str, ...]
"""Texts of sounds that callers hear one after the other."""
Say = Callable[[Sequence[str], int], Mapping[str, bytes]]
"""Texts in a take, as A-law; the first is what there is. Those that cannot be said are left out."""
Hear = Callable[[Sequence[Saying], Mapping[str, bytes]], Mapping[str, int]]
"""How many syllables or words of each text were misheard in all those sayings together."""


def main() -> int:
    parser = argparse.ArgumentParser(
        "heard_sounds", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--language", choices=("zh", "en"), default="zh")
    parser.add_argument("--only", default="", help="sounds whose name matches, such as zh/digit")
    parser.add_argument("--takes", type=int, default=4, help="how many of each at most (4)")
    parser.add_argument("--rounds", type=int, default=6, help="how often all are heard (6)")
    asked = parser.parse_args()
    if modules := lacking():
        print(f"make voice: there is no {', '.join(modules)}", file=sys.stderr)
        return 1
    language, made = asked.language, MadeSounds()
    said = {
        prompt.text: prompt
        for prompt in all_prompts(Settings())
        if prompt.language == language == tongue_of(prompt.text or "", language)
        and best_so_far(prompt, made) is not None
    }
    wanted = {text for text, prompt in said.items() if re.search(asked.only, prompt.name)}

    def say(texts: Sequence[str], take: int) -> dict[str, bytes]:
        prompts = [said[text] for text in texts if take == 0 or text in wanted]
        if take == 0:
            return {p.text: octets for p in prompts if (octets := best_so_far(p, made))}
        speak(prompts, take)
        return {p.text: kept(p, take).read_bytes() for p in prompts if kept(p, take).exists()}

    hear = hearing(StrangeEar(), language)
    whole = screens(language, said, wanted)
    many = [figures(language, said, wanted, Random(7 + each)) for each in range(asked.rounds)]
    for rounds in ([whole] * asked.rounds, many):
        for text, octets in better_takes(rounds, say, hear, asked.takes):
            keep(chosen(said[text]), octets)
    print(f"{time.process_time():.0f} s of CPU", file=sys.stderr)
    return 0


@dataclass
class Tried:
    """The takes of a text; how often each was heard, and how much of it was misheard then."""

    takes: list[bytes]
    heard: Counter[int] = field(default_factory=Counter)
    misheard: Counter[int] = field(default_factory=Counter)

    @property
    def best(self) -> int:
        """Of which least will be misheard. Once is no proof, and half a syllable is what is
        expected of a take that nobody has heard."""
        return min(
            range(len(self.takes)),
            key=lambda take: (self.misheard[take] + 0.3) / (self.heard[take] + 0.6),
        )

    @property
    def doubtful(self) -> bool:
        return self.misheard[self.best] > 0

    @property
    def untried(self) -> int | None:
        return next((take for take in range(len(self.takes)) if not self.heard[take]), None)

    @property
    def turn(self) -> int:
        """Which is heard now: the best, or one that is untried while the best is doubtful."""
        return self.best if self.untried is None or not self.doubtful else self.untried


def better_takes(
    rounds: Sequence[Sequence[Saying]], say: Say, hear: Hear, takes: int
) -> Iterator[tuple[str, bytes]]:
    """Each take of a text that proves better than what was chosen before; the last of a text is
    its best. The sayings of each round are heard, with one take of each text; what is misheard, and
    has no other take left to try, is said once more, `takes` in all."""
    texts = list(dict.fromkeys(text for saying in chain(*rounds) for text in saying))
    tried = {text: Tried([octets]) for text, octets in say(texts, 0).items()}
    the_best = dict.fromkeys(tried, 0)
    for number, now in enumerate(rounds):
        turns = {text: each.turn for text, each in tried.items()}
        sounds = {text: each.takes[turns[text]] for text, each in tried.items()}
        for text, changes in hear(now, sounds).items():
            tried[text].misheard[turns[text]] += changes
        for text in chain(*now):
            tried[text].heard[turns[text]] += 1
        for text, each in tried.items():
            if each.best != the_best[text]:
                the_best[text] = each.best
                yield text, each.takes[each.best]
        doubtful = [text for text, each in tried.items() if each.doubtful]
        lost = sum(each.misheard[each.best] for each in tried.values())
        told = f"{lost} misheard, in {len(doubtful)} of {len(texts)} sounds"
        print(f"after round {number + 1}: {told}", file=sys.stderr, flush=True)
        for take in range(1, takes):
            spent = [text for text in doubtful if tried[text].untried is None]
            again = [text for text in spent if len(tried[text].takes) == take]
            for text, octets in say(again, take).items() if again else ():
                tried[text].takes.append(octets)


def hearing(ear: StrangeEar, language: str) -> Hear:
    def hear(sayings: Sequence[Saying], sounds: Mapping[str, bytes]) -> Counter[str]:
        counted: Counter[str] = Counter()
        for saying in sayings:
            told = [(text, sounds[text]) for text in saying]
            for texts, back in listened(ear, told, language):
                for text, changes in zip(texts, misheard(texts, back, language), strict=True):
                    counted[text] += changes
        return counted

    return hear


def screens(language: str, said: Mapping[str, Prompt], wanted: set[str]) -> list[Saying]:
    """Screens and answers with a phrase of `wanted`."""
    found = []
    for text in dict.fromkeys(sayings(language, open_snapshot(Settings()))):
        saying = tuple(sound.text for sound in read_aloud(text, language) if sound.text in said)
        if any(each in wanted and is_phrase(said[each]) for each in saying):
            found.append(saying)
    return found


def figures(
    language: str, said: Mapping[str, Prompt], wanted: set[str], chance: Random
) -> list[Saying]:
    """Such as the hall says, with each of `wanted` in three of them at least, where chance has it
    so; others than the tests have."""
    sayings: list[Saying] = []
    times: Counter[str] = Counter()
    for text in figure_texts(language, chance):
        saying = tuple(sound.text for sound in read_aloud(text, language) if sound.text)
        needed = [each for each in saying if each in wanted and not is_phrase(said[each])]
        if all(each in said for each in saying) and any(times[each] < 3 for each in needed):
            sayings.append(saying)
            times.update(needed)
    return sayings


def figure_texts(language: str, chance: Random) -> Iterator[str]:
    """Two thousand of each kind."""
    money = {"zh": "您的余额{}元", "en": "Your balance is {} yuan"}[language]
    for number in range(2000):
        yield money.format(f"{chance.randrange(1, 10 ** (2 + number % 7)) / 100:.2f}")
        day = date(2015, 1, 1) + timedelta(chance.randrange(9400))
        yield f"{day.year}年{day.month}月{day.day}日" if language == "zh" else f"{day:%-d %b %Y}"
        yield f"{chance.randrange(24)}:{chance.randrange(60):02}"
        yield f"138****{chance.randrange(10_000):04}"
        yield f"{chance.randrange(10**7, 10**8)}"


if __name__ == "__main__":
    sys.exit(main())
