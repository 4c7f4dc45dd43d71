"""Opening the store that the settings name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from gateway.config.settings import Settings
from gateway.config.time_zone import OperatorCalendar
from gateway.security.encryption import Seal
from gateway.security.master_key import existing_key, key_path, master_key
from gateway.store.connection import UNHURRIED, StoreFailure
from gateway.store.outage import named
from gateway.store.sqlite import sqlite_file
from gateway.store.store import Store, StoreProblem
from gateway.store.upkeep.examined import examined


def open_store(settings: Settings, patience: float = UNHURRIED) -> Store:
    """The store as it is; `prepare` looks whether it can be used. `patience`: seconds for which a
    server may say nothing. Raises StoreProblem where the key of a store is missing."""
    url, calendar = settings.store.url, OperatorCalendar(settings.service.timezone)
    return Store(url, Seal(_key(settings)), calendar, desk_threads(settings), patience)


def _key(settings: Settings) -> bytes:
    """The hall's; made for a store that is not made yet, and for no other. Raises StoreProblem."""
    url = settings.store.url
    file = sqlite_file(url)
    if (key := existing_key(settings, file)) is not None:
        return key
    # looked for once more: several may begin on an empty store at once
    if _is_made(url) and existing_key(settings, file) is None:
        raise StoreProblem(
            f"its key is not here: put {key_path(settings, file)} back, or set secrets.key"
        )
    return master_key(settings, file)


def _is_made(url: str) -> bool:
    """Whether it has a schema: then it has a key, and another one would open nothing. Raises
    StoreProblem if it does not say."""
    file = sqlite_file(url)
    if file is not None and not (file.exists() and file.stat().st_size):
        return False
    try:
        return bool(examined(url, None).schema)
    except StoreFailure as failure:
        raise StoreProblem(
            f"its key is not here, nor does it say whether it has one: {named(failure)}"
        ) from None


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
