"""The store, for a verb that looks into it or changes it, and what is in force there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from gateway.config.editions.conf_files import ConfFiles, at_folder, laid_out
from gateway.config.editions.edition import Edition
from gateway.config.settings import Settings
from gateway.editions import drafts
from gateway.store.connection import Connection
from gateway.store.opening import open_store, prepared_store


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


def edition_in_force(settings: Settings, now: int) -> Edition | None:
    """What everybody begins on; None: no gateway has run yet. Raises StoreProblem."""
    with prepared_store(settings) as store:
        return drafts.edition_in_force(store, now)


def files_in_force(settings: Settings, now: int) -> ConfFiles:
    """The same as files; those of conf/ where there are no others. Raises BadFile, StoreProblem."""
    with prepared_store(settings) as store:
        return drafts.files_in_force(store, settings, now)


@contextmanager
def conf_of(settings: Settings, files: ConfFiles) -> Iterator[Settings]:
    """The settings, with these files as their conf/."""
    with laid_out(files) as folder:
        yield at_folder(settings, folder)
