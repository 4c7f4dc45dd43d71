"""The store, for a verb that looks into it or changes it, and what is in force there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from gateway.config.conf_files import ConfFiles, below, conf_files, laid_out
from gateway.config.edition import Edition
from gateway.config.settings import Settings
from gateway.dialogue.snapshot import at_folder
from gateway.editions.publishing import in_force
from gateway.store.connection import Connection
from gateway.store.editions.editions import SqlEditions
from gateway.store.opening import open_store


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
    """What everybody begins on: what is published, or else what a gateway has found in its conf/
    last. None: no gateway has run yet."""
    with transaction(settings) as connection:
        editions = SqlEditions(connection)
        version = in_force(editions, now)
        return editions.find(version) if version else None


def files_in_force(settings: Settings, now: int) -> ConfFiles:
    """The same as files; those of conf/ where there are no others. Raises BadFile."""
    edition = edition_in_force(settings, now)
    if edition is None:
        return conf_files(settings.conf)
    return edition.files if edition.whole else edition.upon(conf_files(settings.conf))


@contextmanager
def conf_of(settings: Settings, files: ConfFiles) -> Iterator[Settings]:
    """The settings, with these files as their conf/."""
    with laid_out(files) as folder:
        yield at_folder(settings, folder)


def menus_in(files: ConfFiles) -> dict[str, str]:
    """Named as they are in conf/."""
    return {f"menus/{name}": text for name, text in below(files, "menus").items()}
