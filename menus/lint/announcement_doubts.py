"""Announcements that nobody would hear, or not where they are meant for."""

from __future__ import annotations

from collections.abc import Iterator

from menus.lint.reachability import Reachability, reachability
from menus.model.book import Announcement, Book, BookProblem
from menus.model.surroundings import BookSurroundings
from menus.model.wording import EVERYWHERE


def announcement_doubts(book: Book, world: BookSurroundings) -> Iterator[BookProblem]:
    """Of a book with which nothing is wrong."""
    if book.announcements:
        reach = reachability(book, world.commands)
        for one in book.announcements:
            yield from _unheard(book, one, reach)


def _unheard(book: Book, one: Announcement, reach: Reachability) -> Iterator[BookProblem]:
    """On screens that its channels never show."""
    shown = {name: reach.screens.get(name, frozenset()) for name in sorted(one.on)}
    for name, channels in shown.items():
        if not channels & one.channels:
            fix = f"Write one of: {', '.join(sorted(channels))}, or another screen under on:"
            what = f"{one.name}: '{name}' is never shown on {', '.join(sorted(one.channels))}"
            yield BookProblem(one.file, (*one.place, "channels"), what, fix)
            return
    for channel in () if one.channels == EVERYWHERE else sorted(one.channels):
        there = any(channel in channels for channels in shown.values())
        if not (there if one.on else book.entries.get(channel)):
            what = f"{one.name}: is never said on {channel.value}"
            yield BookProblem(one.file, (*one.place, "channels"), what, "Take it out")
