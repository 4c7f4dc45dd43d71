"""The store, for a verb that looks into it or changes it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from gateway.config.settings import Settings
from gateway.store.connection import Connection
from gateway.store.menus.editions import SqlEditions
from gateway.store.opening import open_store
from menus.model.book import Book


@contextmanager
def transaction(settings: Settings) -> Iterator[Connection]:
    """All that is done within is done, or nothing. Raises StoreProblem."""
    store = open_store(settings)
    try:
        store.prepare()
        with store.transaction() as connection:
            yield connection
    finally:
        store.close()


def in_force(editions: SqlEditions) -> Book | None:
    """The book that everybody begins on, as the store has it; None before anything is published.
    Raises BadFile, if this program no longer understands it."""
    decisions = editions.decisions()
    edition = editions.find(decisions[-1].version) if decisions else None
    return edition.menus().book if edition else None
