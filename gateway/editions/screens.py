"""The menus on paper: every page, message and announcement, exactly as it will go out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from menus.lint.reachability import Reachability, reachability
from menus.lint.screen_size import results, worst_view
from menus.model.book import Book, Screen
from menus.model.conditions import MenuUser
from menus.model.surroundings import BookSurroundings
from menus.model.text_size import on_ussd, sms_parts
from menus.model.wording import RESULT, MenuChannel
from menus.walk.rendering import announced_to
from menus.walk.screens import View, pages, spoken, view


def preview(
    book: Book,
    world: BookSurroundings,
    channels: Iterable[MenuChannel],
    languages: Iterable[str],
    screens: Sequence[str] = (),
    caller: MenuUser | None = None,
) -> Iterator[str]:
    """In lines. For a caller, or with every option and the longest values."""
    reached = reachability(book, world.commands)
    for channel in channels:
        for language in languages:
            for screen in book.screens.values():
                if channel not in reached.channels(screen) or (screen.run and not screen.collect):
                    continue
                if screens and screen.name not in screens:
                    continue
                if caller is not None and not screen.when.holds(caller, language):
                    yield f"── {screen.name} · {channel.value} · {language}"
                    yield f"   not there; {screen.otherwise} stands in for it"
                    yield ""
                    continue
                yield from _screen(book, world, reached, screen, channel, language, caller)


def _screen(
    book: Book,
    world: BookSurroundings,
    reached: Reachability,
    screen: Screen,
    channel: MenuChannel,
    language: str,
    caller: MenuUser | None,
) -> Iterator[str]:
    facts = {name: f.longest for name, f in book.fields.items() if not f.secret}
    answer = max(results(screen, channel, language, world, reached), key=len)
    facts |= {RESULT: answer} | ({} if caller else dict(world.facts.get(language, {})))
    deep = screen.name not in book.entries.get(channel, {}).values()
    if caller is None:
        seen = worst_view(book, screen, channel, language, facts, deep=deep)
    else:
        before = announced_to(book, screen, channel, language, caller)
        seen = view(book, screen, channel, language, caller, facts, deep=deep, before=before)
    yield f"── {screen.name} · {channel.value} · {language}"
    if channel is MenuChannel.USSD:
        yield from _ussd(seen)
    else:
        yield from _in_one(seen, channel, language, world)
    yield ""


def _ussd(seen: View) -> Iterator[str]:
    found = pages(seen)
    for number, page in enumerate(found, 1):
        yield f"   page {number} of {len(found)}, {on_ussd(page)}"
        yield from (f"   │ {line}" for line in page.split("\n"))


def _in_one(
    seen: View, channel: MenuChannel, language: str, world: BookSurroundings
) -> Iterator[str]:
    text = spoken(seen, channel, language)
    if channel is MenuChannel.SMS:
        text = world.signed(text, language)
        yield f"   {sms_parts(text)} short message(s)"
    yield from (f"   │ {line}" for line in text.split("\n"))
