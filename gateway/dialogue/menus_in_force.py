"""The books of menus in force: which one a dialogue begins with, and which it goes on with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from menus.model.book import Book

WHOLE: Final = 10_000  # shares of a canary are of so many numbers


@dataclass(frozen=True, slots=True)
class Canary:
    """A book that is tried out on some: on these numbers, and on a share of all."""

    book: Book
    share: int = 0
    numbers: frozenset[str] = frozenset()

    def for_(self, phone: str) -> bool:
        """The same for a number however often it is asked; a larger share takes others in besides.
        Each book is tried out on others."""
        if phone in self.numbers:
            return True
        drawn = blake2b(f"{self.book.version}:{phone}".encode(), digest_size=8).digest()
        return int.from_bytes(drawn) % WHOLE < self.share


class MenusInForce:
    """Never changes: another one takes its place, and dialogues that have begun find their books
    on that one too."""

    def __init__(
        self, book: Book, canary: Canary | None = None, older: Iterable[Book] = ()
    ) -> None:
        self.book = book
        self.canary = canary
        tried = [canary.book] if canary else []
        self.books = {b.version: b for b in (*older, *tried, book)}

    def begins(self, phone: str) -> Book:
        """For a new dialogue of this subscriber."""
        if self.canary is not None and self.canary.for_(phone):
            return self.canary.book
        return self.book

    def of(self, version: str) -> Book | None:
        """The book that an open dialogue began with; None if it is gone."""
        return self.books.get(version)
