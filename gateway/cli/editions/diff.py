"""`hallgate edition diff`: what changes for subscribers, prices first."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Iterator
from typing import Any

from gateway.cli.editions.menu_diff import add_walks, walked_again
from gateway.cli.editions.reading import account_of, named_edition, of_folder, running_edition
from gateway.cli.verb import add_verb, msisdn, settings_of
from gateway.editions.differences.conf_change import ConfChange
from gateway.editions.noticing import noticed


def add_diff(steps: Any) -> None:
    verb = add_verb(steps, "diff", show_differences,
                    "what changes for subscribers: prices, commands, answers, menus",
                    "hallgate edition diff --as 13800138002 --recorded 1000")  # fmt: skip
    verb.add_argument("old", nargs="?", default="", metavar="OLD",
                      help="a folder or a version; default: what is in force")  # fmt: skip
    verb.add_argument("new", nargs="?", default="", metavar="NEW",
                      help="as it will be; default: conf/")  # fmt: skip
    verb.add_argument("--from", dest="folder", default="", metavar="FOLDER",
                      help="as it will be, instead of NEW: what is in force beside it")  # fmt: skip
    verb.add_argument("--as", dest="number", type=msisdn, metavar="NUMBER",
                      help="only what this subscriber can notice")  # fmt: skip
    add_walks(verb)


def show_differences(chosen: argparse.Namespace) -> int:
    settings = settings_of(chosen)
    old = named_edition(settings, chosen.old) if chosen.old else running_edition(settings)
    wanted = chosen.folder or chosen.new
    new = named_edition(settings, wanted) if wanted else of_folder(settings, settings.conf)
    who = account_of(settings, chosen.number, new.snapshot) if chosen.number else None
    told = False
    for line in _by_subject(noticed(old, new, who, int(time.time()))):
        told = True
        print(line)
    if not told:
        print("nothing changes for a subscriber")
    walks = walked_again(chosen, settings, old.snapshot.menus.book, new.snapshot.menus.book)
    for line in walks:
        print(line)
    return 0


def _by_subject(found: Iterable[ConfChange]) -> Iterator[str]:
    subject = ""
    for change in found:
        if change.subject != subject:
            subject = change.subject
            yield f"── {subject}"
        yield str(change)
