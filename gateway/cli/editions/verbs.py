"""The verbs of `hallgate edition`: all of conf/ as one thing."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from gateway.cli.editions.diff import add_diff
from gateway.cli.editions.publish import add_approving, add_deciding, add_import, opened, whole
from gateway.cli.editions.seeing import add_preview
from gateway.cli.editions.told import add_export, add_looking
from gateway.cli.editions.told_notes import minute_now, tell_notes
from gateway.cli.verb import add_group, add_verb, settings_of
from gateway.config.editions.conf_files import version_of
from gateway.config.unread_files import left_by_packages
from gateway.editions.notes import notes


def add(verbs: Any, help: str) -> None:
    steps = add_group(verbs, "edition", help, "verb")
    check_verb = add_verb(steps, "check", check, "what is wrong with conf/, with file and line",
                          "hallgate edition check --from /tmp/january")  # fmt: skip
    check_verb.add_argument("--from", dest="folder", type=Path, metavar="FOLDER",
                            help="instead of conf/")  # fmt: skip
    check_verb.set_defaults(files_of=whole)
    add_preview(steps)
    add_diff(steps)
    add_deciding(steps, "edition", "conf/")
    add_approving(steps)
    add_looking(steps, "edition")
    add_export(steps)
    add_import(steps)


def check(chosen: argparse.Namespace) -> int:
    settings = settings_of(chosen)
    files, snapshot = opened(chosen, settings)
    print(f"all is well: {len(files)} files, version {version_of(files)}")
    folder = chosen.folder or settings.conf
    tell_notes(notes(files, snapshot, minute_now(settings), folder))
    tell_notes(left_by_packages(folder))
    return 0
