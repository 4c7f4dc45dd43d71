"""Keeps the shelf of a running gateway as the store has it, whoever decided and at which copy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from gateway.book import Book
from gateway.log import Log
from gateway.menus.shelf import Shelf
from gateway.menus.shelving import Shelved, keep_own, shelve
from gateway.store.editions import SqlEditions
from gateway.store.store import Store


class Librarian:
    """Everything here waits for the store: call it from a thread, once at a time. `wall` gives
    seconds since 1970."""

    def __init__(self, store: Store, wall: Callable[[], float], log: Log) -> None:
        self._store = store
        self._wall = wall
        self._log = log
        self._mark: tuple[int, int] | None = None
        self._untold: Shelved | None = None

    def news(self) -> bool:
        """Whether the store says something else than when it was last looked into."""
        with self._store.reading() as connection:
            return SqlEditions(connection).mark() != self._mark

    def arranged(self, book: Book, before: Shelf | None = None) -> Book:
        """The book with what is in force on its shelf. What stood `before` stays within reach of
        the dialogues that are open on it."""
        now = int(self._wall())
        with self._store.transaction() as connection:
            keep_own(SqlEditions(connection), book.menus, now)
        with self._store.reading() as connection:
            editions = SqlEditions(connection)
            mark = editions.mark()
            shelved = shelve(editions, book.menus.book, book.world, now, before)
        self._mark = mark  # only now: what failed half-way is looked at again
        if shelved.findings or before is None or _differ(shelved.shelf, before):
            self._untold = shelved
        return replace(book, shelf=shelved.shelf)

    def tell(self) -> None:
        """What is on the shelf, once it is served from."""
        shelved, self._untold = self._untold, None
        if shelved is None:
            return
        shelf = shelved.shelf
        if shelved.findings:
            told = [str(finding) for finding in shelved.findings]
            self._log.event("menus not taken up", instead=shelf.book.version, findings=told)
        else:
            canary = shelf.canary.book.version if shelf.canary else ""
            self._log.event("menus", version=shelf.book.version, canary=canary)


def _differ(one: Shelf, other: Shelf) -> bool:
    return (one.book.version, one.canary) != (other.book.version, other.canary)
