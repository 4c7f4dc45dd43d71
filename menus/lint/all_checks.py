"""Everything that is wrong with a book, found before a subscriber finds it."""

from __future__ import annotations

from menus.lint.dead_ends import dead_end_problems
from menus.lint.key_checks import key_problems
from menus.lint.name_checks import name_problems
from menus.lint.published_numbers import published_number_problems
from menus.lint.reachability import reachability
from menus.lint.screen_size import size_problems
from menus.lint.text_checks import text_problems
from menus.model.book import Book, BookProblem
from menus.model.surroundings import BookSurroundings


def book_problems(book: Book, world: BookSurroundings) -> list[BookProblem]:
    """In the order of the files and their lines as far as places tell it. Room is counted last: a
    book whose parts do not fit together has no screens to measure."""
    reached = reachability(book, world.commands)
    found = [
        *name_problems(book, world, reached),
        *key_problems(book, world, reached),
        *dead_end_problems(book, world.commands, reached),
        *text_problems(book, world, reached),
        *published_number_problems(book),
        *size_problems(book, world, reached),
    ]
    return list(dict.fromkeys(found))
