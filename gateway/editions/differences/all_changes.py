"""All that changes between two editions, subject by subject."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from gateway.config.editions.conf_files import ConfFiles
from gateway.dialogue.snapshot import HallSnapshot
from gateway.editions.differences.answers import answer_changes
from gateway.editions.differences.command_changes import command_changes, offer_changes
from gateway.editions.differences.conf_change import ConfChange
from gateway.editions.differences.other_files import other_changes
from gateway.editions.differences.prices import price_changes
from gateway.wording.tariff_references import put_in, values_of
from menus.model.wording import LANGUAGES
from menus.tools.diff import changes as menu_changes


class ReadEdition(NamedTuple):
    """An edition as it is served, and as it is written."""

    snapshot: HallSnapshot
    files: ConfFiles


def all_changes(old: ReadEdition, new: ReadEdition) -> Iterator[ConfChange]:
    """Prices first: nobody may learn of them last."""
    was, now = old.snapshot, new.snapshot
    yield from price_changes(was.catalogue, now.catalogue)
    zone = now.catalogue.zone
    yield from command_changes(was.register, now.register, zone)
    yield from offer_changes(was.conversation.offers, now.conversation.offers, zone)
    yield from answer_changes(was.conversation, now.conversation)
    for change in menu_changes(was.menus.book, now.menus.book, _filled(was), _filled(now)):
        yield ConfChange("menus", change.where, change.was, change.now, language=change.language)
    yield from other_changes(old.files, new.files)


def _filled(snapshot: HallSnapshot) -> Callable[[str, str], str]:
    """Texts with the prices and names of this edition's tariff, as they are for no brand."""
    catalogue, references = snapshot.catalogue, snapshot.menus.book.references
    values = {each: values_of(references, catalogue, each) for each in LANGUAGES}
    return lambda text, language: put_in(text, values[language])
