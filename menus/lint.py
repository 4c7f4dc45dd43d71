"""Everything that is wrong with a book, found before a subscriber finds it."""

from __future__ import annotations

from menus.book import Book, Flaw
from menus.budget import budget_flaws
from menus.keys import key_flaws
from menus.links import link_flaws
from menus.pins import pin_flaws
from menus.reach import reach
from menus.spelling import text_flaws
from menus.ways import way_flaws
from menus.world import World


def flaws(book: Book, world: World) -> list[Flaw]:
    """In the order of the files and their lines as far as places tell it. Room is counted last: a
    book whose parts do not fit together has no screens to measure."""
    reached = reach(book, world.commands)
    found = [
        *link_flaws(book, world, reached),
        *key_flaws(book, reached),
        *way_flaws(book, world.commands, reached),
        *text_flaws(book, world, reached),
        *pin_flaws(book),
        *budget_flaws(book, world, reached),
    ]
    return list(dict.fromkeys(found))
