"""`hallgate restore`: a store made of a backup, where there is none."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from gateway.cli.upkeep.archive import CONF, BackupManifest, read_archive
from gateway.cli.verb import add_verb, settings_of
from gateway.config.settings import Settings
from gateway.security.encryption import Seal
from gateway.security.master_key import existing_key, key_path
from gateway.store.migrations.schema_version import newest
from gateway.store.opening import prepared_store
from gateway.store.operators.audit_check import check_chain
from gateway.store.sqlite import sqlite_file
from gateway.store.store import StoreProblem
from gateway.store.upkeep.restoring import (
    give_to_the_folders_owner,
    put_back,
    room_for,
    set_aside,
)

_TOLD: Final = 8  # tables with the most rows


def add(verbs: Any, help: str) -> None:
    example = "hallgate restore /backup/hall-20261129.tgz --verify --key /safe/hall.key"
    verb = add_verb(verbs, "restore", restore, help, example)
    verb.add_argument("file", type=Path, metavar="FILE", help="what hallgate backup wrote")
    verb.add_argument(
        "--verify", action="store_true",
        help="afterwards open the store as a gateway does, and check the audit's chain",
    )  # fmt: skip
    verb.add_argument(
        "--key", type=Path, metavar="FILE", help="the hall's key, if it is not in its place"
    )
    verb.add_argument(
        "--conf", type=Path, metavar="FOLDER", help="write conf/ of that day into this new folder"
    )
    verb.add_argument(
        "--replace", action="store_true",
        help="set a store that is there aside, if no program has it open (SQLite only)",
    )  # fmt: skip
    verb.add_argument("--dry-run", action="store_true", help="look at the backup, change nothing")


def restore(chosen: argparse.Namespace) -> int:
    settings = settings_of(chosen)
    file, url = chosen.file.absolute(), settings.store.url
    near = sqlite_file(url)
    with tempfile.TemporaryDirectory(dir=_existing(near), prefix=".hallgate-restore.") as folder:
        unpacked = Path(folder)
        manifest = read_archive(file, unpacked)
        _fits(manifest)
        key = _key(settings, manifest, chosen.key)
        if chosen.dry_run:
            tell_rows(manifest.rows)
            print(f"{file}: whole; {_described(manifest)}")
            return 0
        _make_room(url, replace=chosen.replace)
        if chosen.conf is not None:
            _write_conf(unpacked, chosen.conf)
        if key is not None:
            _keep_key(key_path(settings, near), key)
        lacks = put_back(unpacked / manifest.store_name, manifest.copy_told, url)
    for line in lacks:
        print(line, file=sys.stderr)
    if lacks or (chosen.verify and not _opens(settings, manifest)):
        return 1
    tell_rows(manifest.rows)
    print(f"restored: {_described(manifest)}")
    if manifest.schema_version < newest():
        print("Its schema is older than this program: hallgate db upgrade")
    return 0


def tell_rows(rows: Mapping[str, int]) -> None:
    """How many there are, and where most of them are."""
    most = sorted(rows.items(), key=lambda each: -each[1])[:_TOLD]
    print(f"{sum(rows.values()):,} rows in {len(rows)} tables: "
          + ", ".join(f"{name} {count:,}" for name, count in most if count))  # fmt: skip


def _described(manifest: BackupManifest) -> str:
    return f"schema {manifest.schema_version}, made {manifest.made_at} by {manifest.program}"


def _existing(store: Path | None) -> Path | None:
    """A folder on the store's own disk, if it is there: the copy need not move to another."""
    return store.parent if store is not None and store.parent.is_dir() else None


def _fits(manifest: BackupManifest) -> None:
    if manifest.schema_version > newest():
        raise StoreProblem(
            f"the backup has schema {manifest.schema_version}, which is newer than this program "
            f"({newest()}): restore it with {manifest.program}"
        )


def _key(settings: Settings, manifest: BackupManifest, given: Path | None) -> bytes | None:
    """A key that has to be put in its place. Raises StoreProblem for one that did not seal what is
    in the backup, and if there is none."""
    there = existing_key(settings, sqlite_file(settings.store.url))
    try:
        key = bytes.fromhex(given.read_text().strip()) if given is not None else there
    except (OSError, ValueError) as error:
        raise StoreProblem(f"{given} holds no key: {error}") from None
    if not manifest.key_mark:
        return None
    place = key_path(settings, sqlite_file(settings.store.url))
    if key is None:
        raise StoreProblem(
            f"the hall's key is needed, which is in no backup: --key FILE, or put it at {place}"
        )
    if Seal(key).key_mark != manifest.key_mark:
        raise StoreProblem("the backup was made with another key than this hall's: --key FILE")
    if there is not None and there != key:
        raise StoreProblem(f"another key is in its place: {place}, or secrets.key")
    return key if there is None else None


def _make_room(url: str, *, replace: bool) -> None:
    """Raises StoreProblem."""
    taken, file = room_for(url), sqlite_file(url)
    if not taken:
        return
    if file is None:
        raise StoreProblem(f"{taken}: make an empty one (createdb), and name it in store.url")
    if not replace:
        raise StoreProblem(f"{taken}: restore into another place, or --replace it")
    aside = set_aside(file, f"{file.name}.before-{time.strftime('%Y%m%d-%H%M%S')}")
    print(f"the store that was there is now {aside}")


def _keep_key(path: Path, key: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    os.mknod(path, 0o600)
    give_to_the_folders_owner(path)
    path.write_text(key.hex() + "\n")


def _write_conf(unpacked: Path, folder: Path) -> None:
    """Raises StoreProblem."""
    if folder.exists() and any(folder.iterdir()):
        raise StoreProblem(f"{folder} is not empty: name a new folder for conf/")
    conf = unpacked / CONF
    if conf.is_dir():
        shutil.copytree(conf, folder, dirs_exist_ok=True)
    print(f"conf/ of that day is in {folder}")


def _opens(settings: Settings, manifest: BackupManifest) -> bool:
    """As a gateway would open it; an older schema only after the upgrade."""
    if manifest.schema_version != newest():
        print("not opened: its schema is older than this program")
        return True
    with prepared_store(settings) as store:
        report = check_chain(store)
    for finding in report.findings:
        print(f"audit: {finding}", file=sys.stderr)
    print(f"the store opens with this hall's key; audit: {report.rows} entries, "
          + ("broken" if report.findings else "whole"))  # fmt: skip
    return not report.findings
