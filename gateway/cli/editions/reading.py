"""Editions and subscribers, by what is typed at the command line."""

from __future__ import annotations

import time
from pathlib import Path

from commands.model.accounts import SubscriberAccount
from gateway.cli.editions.open_store import edition_in_force
from gateway.config.checked_yaml import BadFile, Finding
from gateway.config.editions.conf_files import at_folder, conf_files
from gateway.config.sample import people as sample_people
from gateway.config.settings import Settings
from gateway.dialogue.snapshot import HallSnapshot, open_snapshot
from gateway.editions.differences.all_changes import ReadEdition
from gateway.editions.drafts import found_edition, read_edition
from gateway.store.opening import prepared_store


def named_edition(settings: Settings, named: str) -> ReadEdition:
    """Of a folder or a version. Raises BadFile, UnknownEdition."""
    if Path(named).is_dir():
        return of_folder(settings, Path(named))
    with prepared_store(settings) as store:
        edition = found_edition(store, named)
    return read_edition(edition, settings)


def running_edition(settings: Settings) -> ReadEdition:
    """What a running hall has; where none has run yet, conf/. Raises BadFile."""
    edition = edition_in_force(settings, int(time.time()))
    return read_edition(edition, settings) if edition else of_folder(settings, settings.conf)


def of_folder(settings: Settings, folder: Path) -> ReadEdition:
    """Raises BadFile."""
    return ReadEdition(open_snapshot(at_folder(settings, folder)), conf_files(folder))


def account_of(settings: Settings, number: str, snapshot: HallSnapshot) -> SubscriberAccount:
    """Somebody in the store, or of conf/sample. Raises BadFile."""
    with prepared_store(settings) as store, store.reading() as connection:
        found = store.ports(connection).accounts.find(number)
    if found is not None:
        return found
    path = settings.conf / "sample" / "personas.yaml"
    personas = sample_people.load(path, snapshot.catalogue).personas if path.exists() else ()
    known = {one.account.msisdn: one.account for one in personas}
    if number not in known:
        what = f"there is no subscriber {number}"
        raise BadFile([Finding(str(path), 0, what, f"Take one of: {', '.join(known) or 'none'}")])
    return known[number]
