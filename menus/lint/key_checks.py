"""Keys: that each means one thing, can be typed where it is offered, and is there if announced."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from typing import Final

from menus.lint.reachability import Reachability
from menus.model.book import (
    BACK,
    END,
    HOME,
    HUMAN,
    AnswerQuestion,
    Book,
    BookProblem,
    GoTo,
    MenuFilePlace,
    Option,
    Screen,
)
from menus.model.conditions import ALWAYS, Condition
from menus.model.surroundings import BookSurroundings
from menus.model.wording import LANGUAGES, MenuChannel, ScreenWording

_LEAVING: Final = frozenset({BACK, HOME, END})
_SPOKEN: Final = {"星号": "*", "井号": "#", "star": "*", "hash": "#", "pound": "#"}
_ANNOUNCED: Final = (
    re.compile(r"按(星号|井号|[0-9*#])(?![0-9])"),
    re.compile(r"回复([0-9])(?![0-9])"),
    re.compile(r"\b(?:press|reply|dial) (star|hash|pound|[0-9*#])(?![0-9])", re.IGNORECASE),
)
_LISTED: Final = re.compile(r"^([0-9])(?=[^\W0-9_])", re.MULTILINE)  # a line like 1账单


def key_problems(book: Book, world: BookSurroundings, reach: Reachability) -> Iterator[BookProblem]:
    for screen in book.screens.values():
        found: dict[tuple[MenuFilePlace, str], str] = {}
        for channel in sorted(reach.channels(screen)):
            if not screen.waits(channel):
                continue
            for whom, options in ((ALWAYS, screen.options), *screen.versions):
                here = [option for option in options if channel in option.channels]
                seen_by = (screen.when, whom)
                for place, what, fix in _channel_flaws(book, screen, here, channel, world, seen_by):
                    found.setdefault((place, f"{screen.name}: {what}"), fix)
        for option in screen.options if reach.channels(screen) else ():
            for place, what, fix in _unseen(screen, option, world, reach):
                found[place, f"{screen.name}: {what}"] = fix
        for place, what, fix in _orders(screen):
            found[place, f"{screen.name}: {what}"] = fix
        for (place, what), fix in found.items():
            yield BookProblem(screen.file, place, what, fix)


KeyProblem = tuple[MenuFilePlace, str, str]


def _unseen(
    screen: Screen, option: Option, world: BookSurroundings, reach: Reachability
) -> Iterator[KeyProblem]:
    """Options that are there for nobody."""
    if not reach.of(screen, option):
        what = f"nobody ever sees key {option.key}"
        came = ", ".join(sorted(reach.channels(screen)))
        yield (*option.place, "channels"), what, f"Only {came} comes to this screen"
    elif not world.together(option.when):
        what = f"nobody ever sees key {option.key}: its when: contradicts itself"
        yield (*option.place, "when"), what, "Correct it, or take the option out"
    elif not world.together(screen.when, option.when):
        what = f"nobody ever sees key {option.key}: its when: contradicts the screen's"
        yield (*option.place, "when"), what, "Correct one of both, or take the option out"


def _orders(screen: Screen) -> Iterator[KeyProblem]:
    """Whether an order names options that are there and can move."""
    known = {option.name: option for option in screen.options}
    for n, order in enumerate(screen.orders):
        for position, name in enumerate(order.first):
            at: MenuFilePlace = (*screen.place, "orders", n, "first", position)
            if name not in known:
                fix = f"Write one of: {', '.join(sorted(known))}"
                yield at, f"no option is called '{name}'", fix
            elif known[name].pinned:
                what = f"'{name}' is pinned, and stays where it is"
                yield at, what, "Take it out of first:, or pinned: out of the option"


def _channel_flaws(
    book: Book,
    screen: Screen,
    options: list[Option],
    channel: MenuChannel,
    world: BookSurroundings,
    seen_by: tuple[Condition, Condition],
) -> Iterator[KeyProblem]:
    yield from _clashes(options, channel, world, seen_by)
    for option in options:
        reserved = _reserved(book, option, channel)
        if screen.pick and option.key in "123456789":
            reserved = "may be a number of the list"
        if reserved:
            at = (*option.place, "key")
            what = f"key {option.key} {reserved} on {channel.value}"
            yield at, what, "Take another key, or leave the channel out of channels:"
    yield from _announced(book, screen, options, channel)


def _clashes(
    options: list[Option],
    channel: MenuChannel,
    world: BookSurroundings,
    seen_by: tuple[Condition, Condition],
) -> Iterator[KeyProblem]:
    """Options that somebody could see at once, and not tell apart."""
    for one, other in combinations(options, 2):
        flaw = _clash(one, other, channel)
        if flaw is not None and world.together(one.when, other.when, *seen_by):
            yield flaw


def _clash(one: Option, other: Option, channel: MenuChannel) -> KeyProblem | None:
    at = (*other.place, "key")
    if one.key == other.key:
        what = f"key {one.key} stands here twice on {channel.value}"
        return at, what, "Take another key, or let when: show one of them"
    if channel is MenuChannel.VOICE and (
        one.key.startswith(other.key) or other.key.startswith(one.key)
    ):
        what = f"keys {one.key} and {other.key} begin alike: a call cannot tell them apart"
        return at, what, "Use keys of the same length"
    if one.name == other.name:
        what = f"two options are called '{one.name}': their use cannot be told apart"
        return other.place, what, "Give one of them a name:"
    return None


def _reserved(book: Book, option: Option, channel: MenuChannel) -> str:
    """What the hall itself does with the key, unless the option does the same."""
    does, key = option.does, option.key
    leaves = (isinstance(does, GoTo) and does.to in _LEAVING) or does == AnswerQuestion("no")
    if channel is MenuChannel.VOICE:
        human = isinstance(does, GoTo) and does.to in {HUMAN, book.human}
        if key == "0" and not human:
            return "is a person"
        if key == "9" and not isinstance(does, GoTo):  # it may lead to the rest of a long menu
            return "says everything again"
        return "is back" if key == "*" and not leaves else ""
    if key == "0" and not leaves:
        return "is back"
    if key == "*":
        return "is back"
    return "ends the dialogue" if key == "#" else ""


def _announced(
    book: Book, screen: Screen, options: list[Option], channel: MenuChannel
) -> Iterator[KeyProblem]:
    """Keys that the words of a screen promise."""
    live = {option.key for option in options} | _hall_keys(book, screen, channel)
    for part, said in (("say", screen.say), ("close", screen.close)):
        for language in LANGUAGES:
            for key in sorted(_promised(said, channel, language) - live):
                what = f"announces key {key} on {channel.value}, which does nothing"
                at: MenuFilePlace = (*screen.place, part, channel.value, language)
                yield at, what, "Add an option with the key, or drop the words"


def _hall_keys(book: Book, screen: Screen, channel: MenuChannel) -> set[str]:
    if screen.pick:
        return set("0123456789*#")
    keys = {"#"} if screen.collect or channel is not MenuChannel.VOICE else set()
    if channel is MenuChannel.VOICE:
        keys |= {"9"} | ({"0"} if screen.human and book.human else set())
        return keys | ({"*"} if screen.back else set())
    return keys | ({"0", "*"} if screen.back else set())


def _promised(said: ScreenWording, channel: MenuChannel, language: str) -> set[str]:
    text = said.get(channel, language) or ""
    found: set[str] = set()
    for pattern in _ANNOUNCED:
        found |= {_SPOKEN.get(word.lower(), word) for word in pattern.findall(text)}
    if channel is MenuChannel.USSD:
        found |= set(_LISTED.findall(text))
    return found
