"""How much room every screen takes, in its worst case: pages of USSD, parts of SMS."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from menus.lint.reachability import Reachability
from menus.model.book import Book, BookProblem, CommandEnding, Option, Screen, ScreenOffer
from menus.model.conditions import ALWAYS, MenuUser
from menus.model.surroundings import BookSurroundings
from menus.model.text_size import on_ussd, sms_parts
from menus.model.wording import LANGUAGES, RESULT, MenuChannel
from menus.walk.screens import View, above, pages, view
from menus.walk.screens import spoken as in_one

_ROW_NINE: Final = re.compile(r"^9(?![0-9])", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ScreenSize:
    """What one screen takes on one channel in one language, with the longest values."""

    screen: str
    channel: MenuChannel
    language: str
    takes: int  # pages or parts
    allowed: int
    text: str
    pages: tuple[str, ...] = ()


def screen_sizes(book: Book, world: BookSurroundings, reach: Reachability) -> Iterator[ScreenSize]:
    for screen in book.screens.values():
        for channel in sorted(reach.channels(screen) - {MenuChannel.VOICE}):
            if screen.waits(channel) or channel in screen.end:
                for language in LANGUAGES:
                    yield _room(book, screen, channel, language, world, reach)


def _room(
    book: Book,
    screen: Screen,
    channel: MenuChannel,
    language: str,
    world: BookSurroundings,
    reach: Reachability,
) -> ScreenSize:
    found = [
        _one(book, screen, channel, language, world, facts | {RESULT: result})
        for result in results(screen, channel, language, world, reach)
        for facts in _facts(book, world, language)
    ]
    return max(found, key=lambda room: (room.takes, len(room.text)))


def _facts(book: Book, world: BookSurroundings, language: str) -> list[dict[str, str]]:
    """The longest values there are, and the longest in UCS-2."""
    fields = {name: field.longest for name, field in book.fields.items() if not field.secret}
    longest, wide = dict(world.facts.get(language, {})), dict(world.wide.get(language, {}))
    return [fields | longest, fields | wide] if wide not in ({}, longest) else [fields | longest]


def _one(
    book: Book,
    screen: Screen,
    channel: MenuChannel,
    language: str,
    world: BookSurroundings,
    facts: Mapping[str, str],
) -> ScreenSize:
    most = replace(screen, options=_one_for_each_key(screen, channel, language, facts))
    seen = worst_view(book, most, channel, language, facts)
    whole = in_one(seen, channel, language)
    if channel is MenuChannel.SMS:
        parts = screen.parts or book.limits.parts
        takes = sms_parts(world.signed(whole, language))
        return ScreenSize(screen.name, channel, language, takes, parts, whole)
    if channel in screen.end:
        found = pages(View(seen.body, (), seen.close, seen.next, ""))
        allowed = 1
    else:
        found = pages(seen)
        allowed = screen.pages or (book.limits.answer_pages if screen.tells else book.limits.pages)
    return ScreenSize(screen.name, channel, language, len(found), allowed, whole, found)


def _one_for_each_key(
    screen: Screen, channel: MenuChannel, language: str, facts: Mapping[str, str]
) -> tuple[Option, ...]:
    """Of options that share a key nobody sees two: the longest of them."""
    longest: dict[str, Option] = {}
    for option in screen.options:
        if channel in option.channels:
            other = longest.setdefault(option.key, option)
            said = [len(one.label.say(channel, language, facts)) for one in (other, option)]
            if said[1] > said[0]:
                longest[option.key] = option
    return tuple(option for option in screen.options if longest.get(option.key) is option)


def worst_view(
    book: Book,
    screen: Screen,
    channel: MenuChannel,
    language: str,
    facts: Mapping[str, str],
    *,
    deep: bool = True,
) -> View:
    """With every option that could ever stand there, and the longest offer."""
    options = tuple(replace(option, when=ALWAYS) for option in screen.options)
    every = replace(screen, options=options, orders=())
    offers = [_said(offer, channel, language, facts) for offer in book.offers]
    offer = max(offers, key=len, default="") if screen.offers else ""
    before = _longest_before(book, screen, channel, language, facts)
    return view(
        book, every, channel, language, MenuUser(), facts, deep=deep, before=before, offer=offer
    )


def _longest_before(
    book: Book, screen: Screen, channel: MenuChannel, language: str, facts: Mapping[str, str]
) -> str:
    """All that may be announced on it at once."""
    first = screen.name in book.entries.get(channel, {}).values()
    said = (
        one.say.say(channel, language, facts)
        for one in book.announcements
        if one.stands_on(screen.name, channel, first=first)
    )
    return above(said, channel, language)


def _said(offer: ScreenOffer, channel: MenuChannel, language: str, facts: Mapping[str, str]) -> str:
    return offer.say.say(channel, language, facts)


def results(
    screen: Screen,
    channel: MenuChannel,
    language: str,
    world: BookSurroundings,
    reach: Reachability,
) -> list[str]:
    """What commands may have answered before this screen."""
    if not screen.tells:
        return [""]
    found = [""]
    for run, ending in reach.told.get(screen.name, ()):
        command = world.commands.get(run)
        if command is not None:
            found += command.says.get(ending, {}).get((channel, language), ())
    return found


def size_problems(
    book: Book, world: BookSurroundings, reach: Reachability
) -> Iterator[BookProblem]:
    for room in screen_sizes(book, world, reach):
        screen = book.screens[room.screen]
        here = f"{screen.name}: in {room.language}"
        if room.channel is MenuChannel.USSD and room.takes > 1:
            yield from _nine(screen, room)
            yield from _row_nine(screen, world, reach)
        if room.takes <= room.allowed or _goes_by_sms(screen, room, reach):
            continue
        place = (*screen.place, "say") if screen.say else screen.place
        if room.channel is MenuChannel.SMS:
            what = f"{here} takes {room.takes} short messages, more than {room.allowed}"
            yield BookProblem(screen.file, place, what, f"Shorten it, or set parts: {room.takes}")
        else:
            size = on_ussd(room.text.replace(" ", "\n"))
            what = f"{here} takes {room.takes} pages of USSD, more than {room.allowed}"
            fix = f"Shorten it (one page has room for {size.room}), or set pages: {room.takes}"
            yield BookProblem(screen.file, place, what, fix)


def _goes_by_sms(screen: Screen, room: ScreenSize, reach: Reachability) -> bool:
    """A long answer may; a price that is agreed to must be seen. A message that is only the answer
    of a command has its own limit."""
    if not screen.tells:
        return False
    if room.channel is MenuChannel.SMS:
        return room.channel in screen.end
    asked = {ending for _, ending in reach.told.get(screen.name, ())}
    return CommandEnding.CONFIRM not in asked


def _row_nine(
    screen: Screen, world: BookSurroundings, reach: Reachability
) -> Iterator[BookProblem]:
    """Lists whose texts number a row as pages are turned."""
    for language in LANGUAGES:
        told = results(screen, MenuChannel.USSD, language, world, reach) if screen.pick else []
        if any(_ROW_NINE.search(text) for text in told):
            what = f"{screen.name}: a list that is told here in {language} has a row 9, but on ussd"
            what += " that is the key of the next page"
            fix = "Number the rows by {{ line.number }} in conf/replies: it leaves 9 out"
            yield BookProblem(screen.file, screen.place, what, fix)


def _nine(screen: Screen, room: ScreenSize) -> Iterator[BookProblem]:
    for option in screen.options:
        if option.key == "9" and MenuChannel.USSD in option.channels:
            what = f"{screen.name}: key 9 is the next page, for in {room.language}"
            what += f" the screen takes {room.takes} pages"
            yield BookProblem(
                screen.file, (*option.place, "key"), what, "Take another key, or shorten it"
            )
