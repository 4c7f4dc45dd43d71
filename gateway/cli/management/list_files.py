"""`hallgate lists import, imports, apply, discard, export`: lists as files."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

import orjson

from gateway.cli.acting import acting, actor_of, add_actor, noting_refusals
from gateway.cli.management.listing import show_rows
from gateway.cli.management.lists_told import IMPORT_COLUMNS, import_row, preview
from gateway.cli.verb import add_form, add_verb, settings_of
from gateway.lists.exporting import csv_pages
from gateway.lists.importing import ListImporting
from gateway.lists.refusals import ListRefusal
from gateway.model.customer_lists import OWN, OWN_TOLD, ListImport
from gateway.store.lists.imports import SqlListImports
from gateway.store.lists.types import SqlListTypes
from gateway.store.opening import prepared_store
from gateway.store.store import Store


def add(steps: Any) -> None:
    taken = add_verb(steps, "import", look, "what a file would change; --apply: change it",
                     "hallgate lists import 30 black.csv --origin bank-a")  # fmt: skip
    taken.add_argument("type", metavar="TYPE", help="the type's number: hallgate lists types")
    taken.add_argument("file", metavar="FILE", help="CSV: number, reason, until; - is stdin")
    taken.add_argument("--origin", default="", metavar="NAME",
                       help="a partner's list, which replaces its last one")  # fmt: skip
    ways = taken.add_mutually_exclusive_group()
    ways.add_argument("--replace", action="store_true", default=None,
                      help="who is not in the file is taken out, as of a partner's")  # fmt: skip
    ways.add_argument("--add", dest="replace", action="store_false",
                      help="a partner's list, too, is only added to")  # fmt: skip
    taken.add_argument("--apply", action="store_true", help="at once, if no line has a mistake")
    applied = add_verb(steps, "apply", apply, "a file that was looked at, or its rest",
                       "hallgate lists apply 7")  # fmt: skip
    for verb in (taken, applied):
        verb.add_argument("--skip-mistakes", action="store_true", help="leave these lines out")
    dropped = add_verb(steps, "discard", discard, "a file that was looked at is not wanted",
                       "hallgate lists discard 7")  # fmt: skip
    for verb in (applied, dropped):
        verb.add_argument("id", type=int, metavar="ID", help="of hallgate lists imports")
    for verb in (taken, applied, dropped):
        verb.add_argument("--json", action="store_true", help="as JSON")
    listed = add_verb(steps, "imports", show_imports, "the files that were looked at, and applied",
                      "hallgate lists imports")  # fmt: skip
    listed.add_argument("--limit", type=int, default=50, metavar="N", help="at most (50)")
    add_form(listed)
    export = add_verb(steps, "export", write_all, "who is in a list, as CSV for import",
                      "hallgate lists export 30 --reason 'review Q4' > black.csv")  # fmt: skip
    export.add_argument("type", metavar="TYPE", help="the type's number")
    export.add_argument("--origin", default="", metavar="NAME",
                        help="only this origin's; own: the hall's")  # fmt: skip
    for verb in (taken, applied, dropped):
        add_actor(verb, "lists.change")
    add_actor(export, "lists.export")


def look(chosen: argparse.Namespace) -> int:
    replaces = bool(chosen.origin) if chosen.replace is None else chosen.replace
    with _opened(chosen.file) as file, _importing(chosen) as (importing, store):
        found = importing.look(file, chosen.type, chosen.origin, chosen.reason, replaces=replaces)
        if not chosen.json:
            _tell(store, found)
        skip = chosen.skip_mistakes
        if chosen.apply and (skip or not found.counts.mistakes):
            found = importing.apply(found.id, chosen.reason, skip_mistakes=skip)
        return _end(chosen, found)


def apply(chosen: argparse.Namespace) -> int:
    with _importing(chosen) as (importing, _):
        found = importing.apply(chosen.id, chosen.reason, skip_mistakes=chosen.skip_mistakes)
        return _end(chosen, found)


def discard(chosen: argparse.Namespace) -> int:
    with _importing(chosen) as (importing, _):
        return _end(chosen, importing.discard(chosen.id, chosen.reason))


def _end(chosen: argparse.Namespace, found: ListImport) -> int:
    wanted = getattr(chosen, "apply", False)
    failed = wanted and found.state.value == "ready"
    if chosen.json:
        told = dict(import_row(found, ZoneInfo("UTC"))) | {
            "replaces": found.replaces,
            "mistakes_told": [{"line": one.line, "what": one.what} for one in found.mistakes],
        }
        print(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode())
    elif failed:
        print("nothing is applied: correct the file, or --skip-mistakes", file=sys.stderr)
    elif found.state.value == "ready":
        print(f"nothing is changed yet: hallgate lists apply {found.id}")
    else:
        print(f"file {found.id} is {found.state.value}")
    return 1 if failed else 0


def show_imports(chosen: argparse.Namespace) -> int:
    settings = settings_of(chosen)
    zone = settings.service.zone
    with prepared_store(settings) as store, store.reading() as connection:
        found = SqlListImports(connection, store.seal).newest(chosen.limit)
    show_rows([import_row(one, zone) for one in found], chosen.form, IMPORT_COLUMNS)
    return 0


def write_all(chosen: argparse.Namespace) -> int:
    """In pages, however many there are."""
    settings = settings_of(chosen)
    if not chosen.reason:
        print("an export shows numbers in full: say why with --reason", file=sys.stderr)
        return 2
    origin = OWN if chosen.origin == OWN_TOLD else chosen.origin or None
    zone, now = settings.service.zone, int(time.time())
    with prepared_store(settings) as store:
        with acting(chosen, store) as act:
            if SqlListTypes(act.connection).find(chosen.type) is None:
                raise ListRefusal(
                    f"there is no type of lists {chosen.type}: see hallgate lists types"
                )
            act.note("lists.export", result=f"type {chosen.type} of {chosen.origin or 'everybody'}")
        for page in csv_pages(store, chosen.type, origin, zone, now):
            sys.stdout.write(page)
    return 0


def _tell(store: Store, found: ListImport) -> None:
    with store.reading() as connection:
        kind = SqlListTypes(connection).find(found.type)
    for line in preview(found, kind.name if kind else ""):
        print(line)


@contextmanager
def _importing(chosen: argparse.Namespace) -> Iterator[tuple[ListImporting, Store]]:
    with prepared_store(settings_of(chosen)) as store:
        with noting_refusals(store), store.reading() as connection:
            actor = actor_of(chosen, connection, store)
        yield ListImporting(store, actor, time.time), store


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    """A pipe is written into a file first: what it holds is read more than once."""
    if name != "-":
        with _file(Path(name)) as file:
            yield file
        return
    with tempfile.TemporaryFile() as kept:
        shutil.copyfileobj(sys.stdin.buffer, kept)
        kept.seek(0)
        yield kept


def _file(path: Path) -> BinaryIO:
    """Raises ListRefusal."""
    try:
        return path.open("rb")
    except OSError as error:
        raise ListRefusal(f"{path} cannot be read: {error.strerror}") from None
