"""Texts of a book: that each is there, says only what is known, and nothing secret."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from difflib import get_close_matches
from itertools import product
from typing import Final
from unicodedata import category

from menus.lint.reachability import Reachability
from menus.model.book import (
    PHRASES,
    UNKNOWN,
    Book,
    BookProblem,
    MenuFilePlace,
    Option,
    Screen,
    ScreenOffer,
)
from menus.model.surroundings import BookSurroundings
from menus.model.wording import LANGUAGES, RESULT, MenuChannel, ScreenWording, named


def text_problems(
    book: Book, world: BookSurroundings, reach: Reachability
) -> Iterator[BookProblem]:
    known = world.fact_names() | {name for name, field in book.fields.items() if not field.secret}
    for screen in book.screens.values():
        facts = known | ({RESULT} if reach.told.get(screen.name) else set())
        channels = reach.channels(screen)
        for place, said, wanted in _texts(screen, channels):
            for what in _missing(said, wanted):
                where = _spot(place, said)
                yield BookProblem(screen.file, where, f"{screen.name}: {what}", "Add it")
            for where, what, fix in _facts(book, said, place, facts):
                yield BookProblem(screen.file, where, f"{screen.name}: {what}", fix)
        yield from _alike(screen, channels, world)
        yield from _broken(screen)
    for one in book.said_besides():
        at: MenuFilePlace = (*one.place, "say")
        said_on = _offered(book, reach) if isinstance(one, ScreenOffer) else one.channels
        for what in _missing(one.say, said_on):
            yield BookProblem(one.file, at, f"{one.name}: {what}", "Add it")
        for where, what, fix in _facts(book, one.say, at, world.fact_names()):
            yield BookProblem(one.file, where, f"{one.name}: {what}", fix)
    yield from _phrases(book, reach)


def _texts(
    screen: Screen, channels: frozenset[MenuChannel]
) -> Iterator[tuple[MenuFilePlace, ScreenWording, Collection[MenuChannel]]]:
    """Each text of a screen, and the channels that will say it."""
    says = [c for c in channels if screen.waits(c) or screen.transfer or c in screen.end]
    waiting = [c for c in channels if screen.waits(c)]
    yield (*screen.place, "say"), screen.say, says
    if screen.close:
        yield (*screen.place, "close"), screen.close, waiting or says
    for option in screen.options:
        yield (*option.place, "label"), option.label, option.channels & set(waiting)


def _missing(said: ScreenWording, channels: Collection[MenuChannel]) -> Iterator[str]:
    for language in LANGUAGES:
        lacking = [c.value for c in sorted(channels) if said.get(c, language) is None]
        if lacking:
            yield f"has no words in {language} for {', '.join(lacking)}"


def _spot(place: MenuFilePlace, said: ScreenWording) -> MenuFilePlace:
    """At the screen, where the text itself is missing altogether."""
    return place if said else place[:-1]


def _facts(
    book: Book, said: ScreenWording, place: MenuFilePlace, known: Collection[str]
) -> Iterator[tuple[MenuFilePlace, str, str]]:
    for (channel, language), text in sorted(said.forms.items()):
        for name in named(text):
            if name in known:
                continue
            where: MenuFilePlace = (*place, channel.value, language)
            if name in book.fields and book.fields[name].secret:
                yield _at(place, said, where), f"says the secret '{name}'", "Take it out"
                return
            if name == RESULT:
                what = "tells a result, but no command leads here"
                yield _at(place, said, where), what, "Lead here with on:, or take {result} out"
                return
            if ":" in name:
                what = f"the tariff has no {name.partition(':')[2]}, which {{{name}}} asks for"
                yield _at(place, said, where), what, _code_like(name, known)
                return
            yield _at(place, said, where), f"there is no fact '{name}'", _list(known)
            return


def _at(place: MenuFilePlace, said: ScreenWording, where: MenuFilePlace) -> MenuFilePlace:
    """The channel's own text, or the one for all: the reader of the file knows which is there."""
    same = {said.forms.get((channel, str(where[-1]))) for channel in MenuChannel}
    return (*place, where[-1]) if len(same) == 1 else where


def _code_like(name: str, known: Collection[str]) -> str:
    """The reference that is meant."""
    kind = name.partition(":")[0]
    there = [one for one in known if one.startswith(f"{kind}:")]
    near = get_close_matches(name, there, n=2, cutoff=0.6)
    if near:
        return f"Did you mean {' or '.join(f'{{{one}}}' for one in near)}?"
    return "Write the code of a plan or service of conf/tariffs"


def _list(known: Collection[str]) -> str:
    plain = sorted(name for name in known if ":" not in name)
    return f"Write one of: {', '.join(plain)}" if plain else "Take it out"


def _alike(
    screen: Screen, channels: Collection[MenuChannel], world: BookSurroundings
) -> Iterator[BookProblem]:
    """Two options that look the same."""
    for channel, language in product(sorted(channels), LANGUAGES):
        if not screen.waits(channel):
            continue
        seen: dict[str, Option] = {}
        for option in screen.options:
            label = option.label.get(channel, language)
            if channel not in option.channels or not label:
                continue
            other = seen.setdefault(label, option)
            both = screen.when, other.when, option.when
            if other.key != option.key and world.together(*both):
                what = f"{screen.name}: keys {other.key} and {option.key} are both '{label}'"
                place = (*option.place, "label")
                yield BookProblem(screen.file, place, what, "Give one of them another label")
                return


def _broken(screen: Screen) -> Iterator[BookProblem]:
    """Labels of more than one line: what stands behind the break looks like another option."""
    for option in screen.options:
        for (channel, language), text in sorted(option.label.forms.items()):
            if any(category(sign) in _BREAKS for sign in text):
                place = (*option.place, "label")
                where = _at(place, option.label, (*place, channel.value, language))
                what = f"{screen.name}: the label of key {option.key} has a line break in it"
                yield BookProblem(screen.file, where, what, "Write it in one line")
                break


_BREAKS: Final = frozenset({"Cc", "Zl", "Zp"})  # control characters, and Unicode's line breaks
_HALLS_KEYS: Final = (
    (MenuChannel.USSD, "next", "9"),
    (MenuChannel.USSD, "back", "0"),
    (MenuChannel.USSD, "exit", "0"),
    (MenuChannel.VOICE, "back", "*"),
    (MenuChannel.VOICE, "again", "9"),
    (MenuChannel.VOICE, "human", "0"),
)
_SPOKEN: Final = {"*": ("*", "星号", "star")}


def _keys(book: Book, used: Collection[MenuChannel]) -> Iterator[BookProblem]:
    """Whether the phrases name the keys that the hall knows."""
    for channel, name, key in _HALLS_KEYS if book.phrases else ():
        for language in LANGUAGES:
            text = book.phrases[name].get(channel, language)
            if channel in used and text and not any(w in text for w in _SPOKEN.get(key, key)):
                what = f"the phrase '{name}' on {channel.value} does not name key {key}"
                place: MenuFilePlace = ("phrases", name, channel.value, language)
                yield book.problem(place, what, f"The hall's key is {key}")


def _offered(book: Book, reach: Reachability) -> set[MenuChannel]:
    return {c for s in book.screens.values() if s.offers for c in reach.channels(s)}


_PHRASE_FACTS: Final = {"option": {"key", "label"}, UNKNOWN: {"codes"}}


def _phrases(book: Book, reach: Reachability) -> Iterator[BookProblem]:
    used = {channel for channels in reach.screens.values() for channel in channels}
    optional = [UNKNOWN] if book.phrases.get(UNKNOWN) else []
    for name in (*PHRASES, *optional) if book.phrases else ():
        said = book.phrases[name]
        for what in _missing(said, used & {MenuChannel.USSD} if name == UNKNOWN else used):
            yield book.problem(("phrases", name), f"the phrase '{name}' {what}", "Add it")
        allowed = _PHRASE_FACTS.get(name, set())
        for where, what, fix in _facts(book, said, ("phrases", name), allowed):
            yield book.problem(where, f"the phrase '{name}': {what}", fix)
    yield from _keys(book, used)
    option = book.phrases.get("option")
    for (channel, language), text in option.forms.items() if option else ():
        if channel in used and not {"key", "label"} <= set(named(text)):
            what = f"the phrase 'option' on {channel.value} must have {{key}} and {{label}}"
            yield book.problem(("phrases", "option", language), what, "Add what is missing")
            return
