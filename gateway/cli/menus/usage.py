"""`hallgate menus usage`: what is seen and pressed, and what order of keys that speaks for."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Mapping

from gateway.cli.editions.menu_diff import book_in_force
from gateway.cli.editions.open_store import transaction
from gateway.config.sources import read_settings
from gateway.dialogue.observed.menu_usage import Totals, in_all
from gateway.model.menu_use import RECENT
from gateway.store.editions.usage import SqlUsage
from menus.model.book import Book, Screen
from menus.model.wording import LANGUAGES, MenuChannel
from menus.tools.key_order import proposals


def show_usage(chosen: argparse.Namespace) -> int:
    settings = read_settings(chosen.config, chosen.set)
    book = book_in_force(settings)
    with transaction(settings) as connection:
        totals = SqlUsage(connection).totals(int(time.time()), chosen.version)
    language = chosen.language or LANGUAGES[0]
    whose = f"version {chosen.version}" if chosen.version else "all versions"
    print(f"the last {RECENT} days, {whose}")
    for line in (*use_lines(book, totals, language), *order_lines(book, totals)):
        print(line)
    return 0


def use_lines(book: Book, totals: Totals, language: str) -> Iterator[str]:
    """Screen by screen; an option nobody takes is told too."""
    columns = "  ".join(f"{channel.value:>8}" for channel in MenuChannel)
    yield f"{'':36}{'all':>8}  {columns}"
    for screen in book.screens.values():
        if screen.name in totals or any(_named(screen, o.name) in totals for o in screen.options):
            yield _line(screen.name, totals.get(screen.name, {}))
            yield from _options(screen, totals, language)


def _options(screen: Screen, totals: Totals, language: str) -> Iterator[str]:
    told: set[str] = set()
    for option in screen.options:
        if option.name not in told:
            told.add(option.name)
            label = option.label.get(MenuChannel.USSD, language) or option.name
            yield _line(f"  {option.key} {label}", totals.get(_named(screen, option.name), {}))


def _named(screen: Screen, option: str) -> str:
    return f"{screen.name}/{option}"


def _line(head: str, counts: Mapping[str, int]) -> str:
    wide = sum(2 if ord(char) > 0x2E7F else 1 for char in head)
    columns = "  ".join(f"{counts.get(channel.value, 0):>8}" for channel in MenuChannel)
    return f"{head}{' ' * max(1, 36 - wide)}{sum(counts.values()):>8}  {columns}"


def order_lines(book: Book, totals: Totals) -> Iterator[str]:
    """What screens with `order: by_use` would look like."""
    for screen, moves in proposals(book, in_all(totals)):
        when = (
            "at the next publish"
            if screen.by_use == "apply"
            else "proposed: reorder: apply does it"
        )
        yield f"{screen.name} in order of use ({when}):"
        for move in moves:
            yield f"  {move.option}: key {move.key} becomes {move.instead} ({move.used} times)"
