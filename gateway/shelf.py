"""The books of menus in force."""

from __future__ import annotations

from menus.book import Book


class Shelf:
    """Which book a dialogue begins with, and which it goes on with."""

    def __init__(self, book: Book) -> None:
        self._book = book

    def begins(self, phone: str) -> Book:
        """For a new dialogue of this subscriber."""
        return self._book

    def of(self, version: str) -> Book | None:
        """The book that an open dialogue began with; None if it is gone."""
        return self._book if version == self._book.version else None
