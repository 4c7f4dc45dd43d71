"""`hallgate backup`: the store as it is now, and conf/, in one file, beside gateways that serve."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gateway.cli.upkeep.archive import (
    BackupManifest,
    configuration_files,
    manifest_of,
    read_archive,
    store_name,
    write_archive,
)
from gateway.cli.upkeep.restore import tell_rows
from gateway.cli.verb import add_verb, settings_of
from gateway.cli.version import program_version
from gateway.config.settings import Settings
from gateway.security.encryption import Seal
from gateway.security.master_key import existing_key
from gateway.store.sqlite import sqlite_file
from gateway.store.store import StoreProblem
from gateway.store.upkeep.copying import POSTGRESQL, SQLITE, copy_store, looked_into


def add(verbs: Any, help: str) -> None:
    example = "hallgate backup /backup/hall-20261129.tgz --verify --key /safe/hall.key"
    verb = add_verb(verbs, "backup", back_up, help, example)
    verb.add_argument("file", type=Path, metavar="FILE", help="a new one; nothing is overwritten")
    verb.add_argument(
        "--verify", action="store_true", help="read it again: every hash, and every row counted"
    )
    verb.add_argument(
        "--key", type=Path, metavar="FILE",
        help="write the hall's key here as well: without it no backup is worth anything, and it "
        "belongs in another place",
    )  # fmt: skip


def back_up(chosen: argparse.Namespace) -> int:
    settings = settings_of(chosen)
    into = chosen.file.absolute()
    for file in (into, chosen.key):
        if file is not None and file.exists():
            print(f"{file} is there already: name a new file", file=sys.stderr)
            return 1
    into.parent.mkdir(parents=True, exist_ok=True)
    manifest = _written(settings, chosen.config, into)
    if chosen.key is not None:
        _write_key(settings, chosen.key, manifest)
    if chosen.verify:
        _verify(into)
    tell_rows(manifest.rows)
    print(
        f"{into}: schema {manifest.schema_version}, {len(manifest.files)} files, "
        f"{into.stat().st_size:,} octets{', verified' if chosen.verify else ''}"
    )
    if chosen.key is None:
        print("It does not hold the hall's key: keep that as well, in another place (--key FILE).")
    return 0


def _written(settings: Settings, configuration: Path | None, into: Path) -> BackupManifest:
    """Raises StoreProblem."""
    url = settings.store.url
    with tempfile.TemporaryDirectory(dir=into.parent, prefix=f".{into.name}.") as folder:
        kind = SQLITE if sqlite_file(url) is not None else POSTGRESQL
        name = store_name(kind)
        copied = copy_store(url, Path(folder) / name)
        files = {
            name: Path(folder) / name,
            **dict(configuration_files(configuration, settings.conf)),
        }
        now = datetime.now(UTC).isoformat(timespec="seconds")
        manifest = manifest_of(copied, now, program_version(), files)
        write_archive(into, manifest, files)
    return manifest


def _write_key(settings: Settings, into: Path, manifest: BackupManifest) -> None:
    """Raises StoreProblem."""
    key = existing_key(settings, sqlite_file(settings.store.url))
    if key is None:
        raise StoreProblem("the hall has no key yet")
    if manifest.key_mark and Seal(key).key_mark != manifest.key_mark:
        raise StoreProblem(
            "the backup is written, but the key that is in its place is not the one the store was "
            "made with: no backup can be read without that one"
        )
    os.mknod(into, 0o600)
    into.write_text(key.hex() + "\n")


def _verify(file: Path) -> None:
    """Raises StoreProblem. What pg_dump wrote is counted only where it is restored."""
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=f".{file.name}.") as folder:
        manifest = read_archive(file, Path(folder))
        if manifest.kind == SQLITE:
            found = looked_into(Path(folder) / manifest.store_name)
            if found.rows != manifest.rows:
                raise StoreProblem(f"{file}: its rows are not those that were copied")
