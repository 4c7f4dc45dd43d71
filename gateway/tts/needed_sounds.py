"""Every sound that the hall may need: fragments of figures, the menus' words, the replies', names.

Facts that nobody can foresee have no sound here; what a caller hears of them for the first time is
made then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from commands.model.request import Channel as Way
from commands.reply_facts.all_replies import EXAMPLES
from gateway.dialogue.snapshot import HallSnapshot
from gateway.tts.sound_folder import Prompt
from gateway.wording.tariff_references import values_of
from ivr.speech.languages import SPOKEN_LANGUAGES
from ivr.speech.read_aloud import ENDING_IN, PAUSE, SEAM, phrase_sound, read_aloud
from ivr.speech.sound import Sound
from menus.lint.screen_size import worst_view
from menus.model.book import Book, Screen
from menus.model.wording import RESULT, MenuChannel
from menus.walk.screens import View
from tariffs.bilingual_name import in_language
from tariffs.catalogue import Brand, Catalogue

_NOT_ON_CALLS: Final = ("help.", "menu.", "offer.", "fb.", "np.", "vw.")
"""Texts that answer messages, or are messages themselves."""
_ON_CALLS_TOO: Final = frozenset({"help.many"})


def wanted(hall: HallSnapshot) -> list[Prompt]:
    """Each once, in an order that does not change."""
    found = {
        Prompt(language, sound).name: Prompt(language, sound)
        for language in SPOKEN_LANGUAGES
        for sound in _sounds(language, hall)
    }
    return list(found.values())


def slowly(hall: HallSnapshot, prompts: Iterable[Prompt]) -> list[Prompt]:
    """The same for those who hear a screen that is said slowly; none, where the menus have none."""
    if not any(screen.slow for screen in hall.menus.book.screens.values()):
        return []
    return [prompt._replace(slow=True) for prompt in prompts if prompt.text]


def _sounds(language: str, hall: HallSnapshot) -> Iterator[Sound]:
    yield PAUSE
    yield phrase_sound(ENDING_IN[language])
    yield from SPOKEN_LANGUAGES[language].vocabulary()
    for text in texts(language, hall):
        yield from read_aloud(text, language)


def texts(language: str, hall: HallSnapshot) -> Iterator[str]:
    yield from menu_texts(hall.menus.book, hall.catalogue, language)
    yield from reply_texts(hall, language)
    yield from names(hall, language)


def sayings(language: str, hall: HallSnapshot) -> Iterator[str]:
    """What a caller hears at once: a screen from its first word to its last, or an answer."""
    for parts in _screens(hall.menus.book, hall.catalogue, language):
        yield SEAM.join(parts)
    yield from reply_texts(hall, language)


def reply_texts(hall: HallSnapshot, language: str) -> Iterator[str]:
    """With facts like those that they will have."""
    for name, facts in EXAMPLES.items():
        if name in _ON_CALLS_TOO or not name.startswith(_NOT_ON_CALLS):
            yield hall.conversation.own(Way.VOICE, name, language, facts)


def names(hall: HallSnapshot, language: str) -> Iterator[str]:
    catalogue = hall.catalogue
    found = [
        *(brand.name for brand in catalogue.brands.values()),
        *(plan.name for plan in catalogue.plans.values()),
        *(service.name for service in catalogue.services.values()),
        *(spec.name for spec in hall.register.specs.values()),
    ]
    for name in found:
        yield in_language(name, language)


def menu_texts(book: Book, catalogue: Catalogue, language: str) -> Iterator[str]:
    for parts in _screens(book, catalogue, language):
        yield from parts
    for wording in book.phrases.values():
        yield wording.say(MenuChannel.VOICE, language, {"key": "", "label": ""})


def _screens(book: Book, catalogue: Catalogue, language: str) -> Iterator[Sequence[str]]:
    """Every screen as whoever hears most of it does; with every brand where one is greeted."""
    held = [each for _, each in catalogue.stretches]
    brands = [
        _of_brand(brand, language) | values_of(book.references, each, language, brand.code)
        for each in held
        for brand in catalogue.brands.values()
    ] or [{}]
    told = ("brand", "points", "plan", "phone", "balance", "arrears", RESULT, *book.fields)
    facts = {name: SEAM for name in told}
    for screen in book.screens.values():
        before = (one.say for one in book.announcements)
        options = (option.label for option in screen.options)
        wordings = (screen.say, screen.close, *options, *before)
        named = {fact for wording in wordings for fact in wording.facts()}
        differs = named & {"brand", "points"} or any(":" in fact for fact in named)
        for brand in brands if differs else brands[:1]:
            for deep in (False, True):
                yield _parts(book, screen, language, {**facts, **brand}, deep)


def _of_brand(brand: Brand, language: str) -> dict[str, str]:
    return {
        "brand": in_language(brand.name, language),
        "points": in_language(brand.points, language),
    }


def _parts(
    book: Book, screen: Screen, language: str, facts: Mapping[str, str], deep: bool
) -> Sequence[str]:
    """`deep`: for who came by another screen."""
    seen: View = worst_view(book, screen, MenuChannel.VOICE, language, facts, deep=deep)
    return (seen.body, *seen.options, seen.close, seen.back, *seen.also)
