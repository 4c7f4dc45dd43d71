"""The sounds that come with Hallgate, as they are on a line, understood by a stranger's ear."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Final

import pytest

from gateway.cli.prompts import all_prompts
from gateway.config.settings import Settings
from gateway.tts.made_sounds import MadeSounds
from ivr.speech.read_aloud import read_aloud
from tests.ivr.telephones.strange_ear import WINDOW, StrangeEar, windows
from tests.ivr.telephones.understood import DIGITS, Understood, understood

MISHEARD: Final = 0.05
"""Of all syllables or words."""
MADE: Final = MadeSounds()


@cache
def ear() -> StrangeEar:
    return StrangeEar()


def figure_texts(language: str, chance: Random) -> Iterator[str]:
    """Texts as the hall writes them: amounts more than all else, dates, times, numbers that are
    spelt."""
    money = {"zh": "余额{}元", "en": "balance {} yuan"}[language]
    while True:
        for most in (100, 10_000, 100_000, 1_000_000, 100_000_000):
            yield money.format(f"{chance.randrange(1, most) / 100:.2f}")
        day = date(2026, 1, 1) + timedelta(chance.randrange(1500))
        yield f"{day.year}年{day.month}月{day.day}日" if language == "zh" else f"{day:%-d %b %Y}"
        yield f"{chance.randrange(24)}:{chance.randrange(60):02}"
        yield f"138****{chance.randrange(10_000):04}"
        yield f"{chance.randrange(10**7, 10**8)}"


def phrase_texts(language: str) -> list[str]:
    """What is said in one breath, in the order in which callers meet it."""
    return [
        prompt.text
        for prompt in all_prompts(Settings())
        if prompt.language == language and prompt.sound.name.startswith("p/")
    ]


def sound(text: str, language: str) -> tuple[str, bytes] | None:
    """What a text is said with, as words and as octets; nothing if a sound of it is not among
    those that come with Hallgate."""
    made, said = MADE, [each for each in read_aloud(text, language) if each.text]
    if not all(made.has(each.text, language) for each in said):
        return None
    return (
        " ".join(each.text for each in said),
        b"".join(made.say(each.text, language, fragment=True) for each in said),
    )


def heard(texts: list[str], language: str, at_once: int) -> list[tuple[str, str, Understood]]:
    """What was said, what was heard, and how well; so many octets are listened to together."""
    found = [each for text in texts if (each := sound(text, language))]
    assert len(found) >= 0.9 * len(texts), f"{len(texts) - len(found)} of {len(texts)} not made"
    told = []
    for said, octets in windows(found, at_once):
        words = " ".join(said)
        back = ear().hears(octets, language)
        told.append((words, back, understood(words, back, language)))
    return told


def check(told: list[tuple[str, str, Understood]]) -> None:
    said = sum(each.said for _, _, each in told)
    wrong = sum(each.wrong for _, _, each in told)
    worst = "\n".join(f"{words} | {back} | {each}" for words, back, each in told if each.wrong)
    assert wrong <= MISHEARD * said, f"{wrong} of {said} wrong:\n{worst}"


def no_digit_is_wrong(told: list[tuple[str, str, Understood]]) -> None:
    wrong = [(words, back, each.digits) for words, back, each in told if each.digits]
    assert not wrong, wrong


@pytest.mark.soak
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("figures", "phrases"), [(24, 16), (200, 10_000)])
def test_prompts_and_figures_are_understood(language: str, figures: int, phrases: int) -> None:
    """A figure alone, as it stands in an answer; of phrases many at once. Ten thousand are all."""
    numbers, said = figure_texts(language, Random(2)), phrase_texts(language)
    amounts = heard([next(numbers) for _ in range(figures)], language, at_once=1)
    check(amounts + heard(said[:phrases], language, at_once=WINDOW))
    no_digit_is_wrong(amounts)


def test_what_was_understood_is_counted_by_syllables_and_words() -> None:
    """Figures are read as they may have been said, and tones do not count."""
    assert understood("五十六元八角", "56元八脚", "zh") == (6, 0, ())
    assert understood("四分", "次分", "zh") == (2, 1, ("si",))
    assert understood("尾号八零零幺", "尾号8001", "zh") == (6, 0, ())
    assert understood("fifty-six point eight zero yuan", "56.80 yuan", "en") == (6, 0, ())
    assert understood("nine yuan", "five yuan", "en") == (2, 1, ("nine",))
    assert DIGITS["en"] >= {"nine", "five"}
