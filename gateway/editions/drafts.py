"""Files that nobody has published yet: what is in force, with what somebody has changed in it."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.config.editions.conf_files import ConfFiles, at_folder, conf_files, laid_out
from gateway.config.editions.edition import Edition, files_of
from gateway.config.settings import Settings
from gateway.dialogue.snapshot import HallSnapshot, open_edition, open_snapshot
from gateway.editions.differences.all_changes import ReadEdition
from gateway.editions.publishing import UnknownEdition, in_force
from gateway.store.editions.editions import SqlEditions
from gateway.store.store import Store


def edition_in_force(store: Store, now: int) -> Edition | None:
    """What everybody begins on: what is published, or else what a gateway has found in its conf/
    last. None: no gateway has run yet."""
    with store.reading() as connection:
        editions = SqlEditions(connection)
        version = in_force(editions, now)
        return editions.find(version) if version else None


def files_in_force(store: Store, settings: Settings, now: int) -> ConfFiles:
    """The same as files; those of conf/ where there are no others. Raises BadFile."""
    edition = edition_in_force(store, now)
    return conf_files(settings.conf) if edition is None else files_of(edition, settings)


def found_edition(store: Store, version: str) -> Edition:
    """Raises UnknownEdition."""
    with store.reading() as connection:
        found = SqlEditions(connection).find(version)
    if found is None:
        raise UnknownEdition(version)
    return found


def read_edition(edition: Edition, settings: Settings) -> ReadEdition:
    """Raises BadFile."""
    files = files_of(edition, settings)
    return ReadEdition(open_edition(settings, edition, files), files)


def read_files(files: ConfFiles, settings: Settings) -> HallSnapshot:
    """Raises BadFile with every mistake found, named as if they lay in conf/."""
    with laid_out(files) as folder:
        return open_snapshot(at_folder(settings, folder))


def drafted(base: ConfFiles, changed: Mapping[str, str | None]) -> ConfFiles:
    """With these files instead; None: without it."""
    kept = {name: text for name, text in base.items() if name not in changed}
    return kept | {name: text for name, text in changed.items() if text is not None}
