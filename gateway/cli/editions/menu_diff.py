"""`hallgate menus diff`: what changes for a subscriber, also on walks that were really walked."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from gateway.cli.editions.open_store import edition_in_force, transaction
from gateway.config.checked_yaml import BadFile, CheckedFile, Finding, read
from gateway.config.editions.edition import Edition
from gateway.config.menu_files import menus_of, read_menus
from gateway.config.settings import Settings
from gateway.config.sources import read_settings
from gateway.dialogue.observed.walk_recording import recordings
from gateway.editions.differences.walks import walk_changes
from gateway.store.editions.editions import SqlEditions
from gateway.store.editions.recorded_walks import SqlWalks
from menus.model.book import Book
from menus.tools.diff import changes, replayed
from menus.tools.key_order import in_order_of_use
from menus.tools.scripts import MenuScript, MenuScripts


def show_difference(chosen: argparse.Namespace) -> int:
    settings = read_settings(chosen.config, chosen.set)
    old, new = _book(settings, chosen.old), _new(settings, chosen.new)
    found = changes(old, new)
    for change in found:
        print(change)
    for line in walked_again(chosen, settings, old, new):
        print(line)
    if not found:
        print("nothing changes for a subscriber")
    return 0


def add_walks(verb: Any) -> None:
    verb.add_argument("--replay", type=Path, nargs="*", default=[], metavar="FILE",
                      help="walks to be walked in both")  # fmt: skip
    verb.add_argument("--recorded", type=int, default=0, metavar="N",
                      help="walk the newest N recorded walks in both")  # fmt: skip


def walked_again(
    chosen: argparse.Namespace, settings: Settings, old: Book, new: Book
) -> Iterator[str]:
    """The walks that were asked for, in both: which end differently."""
    if not (chosen.replay or chosen.recorded):
        return
    walks = [*_written(chosen.replay), *_recorded(settings, chosen.recorded)]
    different = list(replayed(old, new, walks))
    yield from map(str, walk_changes(different))
    yield f"{len(walks)} dialogues replayed, {len(different)} end differently"


def _new(settings: Settings, named: str) -> Book:
    return _book(settings, named) if named else read_menus(settings.conf / "menus").book


def _book(settings: Settings, named: str) -> Book:
    """Of a folder or a version; of neither, the one in force. Raises BadFile."""
    if not named:
        return book_in_force(settings)
    if Path(named).is_dir():
        return read_menus(Path(named)).book
    with transaction(settings) as connection:
        edition = SqlEditions(connection).find(named)
    if edition is None:
        fix = "See hallgate edition versions"
        raise BadFile([Finding(named, 1, "is neither a folder nor a version", fix)])
    return _book_of(edition)


def book_in_force(settings: Settings) -> Book:
    """What a running hall has; where none has run yet, what lies in conf/menus. Raises BadFile."""
    edition = edition_in_force(settings, int(time.time()))
    return _book_of(edition) if edition else read_menus(settings.conf / "menus").book


def _book_of(edition: Edition) -> Book:
    return in_order_of_use(menus_of(edition.menus).book, edition.use)


def _recorded(settings: Settings, walks: int) -> Iterator[MenuScript]:
    if walks:
        with transaction(settings) as connection:
            yield from (walk.script for walk in recordings(SqlWalks(connection).newest(walks)))


def _written(paths: Iterable[Path]) -> Iterator[MenuScript]:
    for path in paths:
        yield from scripts_of(path).value.scripts


def scripts_of(path: Path) -> CheckedFile[MenuScripts]:
    """A file of scripts. Raises BadFile."""
    return read(path, MenuScripts)
