"""Opening the store that the settings name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from gateway.config.settings import Settings
from gateway.config.time_zone import OperatorCalendar
from gateway.security.encryption import Seal
from gateway.security.master_key import master_key
from gateway.store.connection import UNHURRIED
from gateway.store.sqlite import sqlite_file
from gateway.store.store import Store


def open_store(settings: Settings, patience: float = UNHURRIED) -> Store:
    """The store as it is; `prepare` looks whether it can be used. `patience`: seconds for which a
    server may say nothing."""
    url, calendar = settings.store.url, OperatorCalendar(settings.service.timezone)
    seal = Seal(master_key(settings, sqlite_file(url)))
    return Store(url, seal, calendar, desk_threads(settings), patience)


@contextmanager
def prepared_store(settings: Settings) -> Iterator[Store]:
    """The store for one errand, closed afterwards. Raises StoreProblem if it cannot be used."""
    store = open_store(settings)
    try:
        store.prepare()
        yield store
    finally:
        store.close()


def upgrade(settings: Settings) -> str:
    """Bring the configured store's schema to the newest version, which is returned."""
    store = open_store(settings)
    try:
        return store.upgrade()
    finally:
        store.close()


def desk_threads(settings: Settings) -> int:
    """SQLite has one writer; more desks would only wait for each other."""
    return 1 if settings.store.url.startswith("sqlite") else settings.store.desks
