"""A store made of a copy: only where there is none, or where nobody uses it any more."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from sqlalchemy import inspect

from gateway.store.connection import UNHURRIED
from gateway.store.engine import open_engine
from gateway.store.sqlite import OWNER_ONLY, sqlite_file
from gateway.store.store import StoreProblem
from gateway.store.upkeep.copying import SQLITE, StoreCopy, looked_into
from gateway.store.upkeep.counts import counts, differences
from gateway.store.upkeep.postgresql_programs import undump

_SHARED_FIRST: Final = 0x40000002
_SHARED_SIZE: Final = 510
"""The octets of a database file that SQLite locks for who reads (its os.h, SHARED_FIRST)."""


def room_for(url: str) -> str:
    """Why no store can be made there; empty: it can. Raises what the driver raises."""
    file = sqlite_file(url)
    if file is not None:
        return f"{file} is there already" if file.exists() and file.stat().st_size else ""
    engine = open_engine(url, patience=UNHURRIED)
    try:
        with engine.connect() as connection:
            names = inspect(connection).get_table_names()
    finally:
        engine.dispose()
    return f"the database has {len(names)} tables already" if names else ""


def put_back(copy: Path, told: StoreCopy, url: str) -> list[str]:
    """Make the store of a copy; the lines say in what it differs from what was copied. Raises
    StoreProblem."""
    file = sqlite_file(url)
    if (file is not None) != (told.kind == SQLITE):
        raise StoreProblem(
            f"the backup is of {told.kind}, and store.url names another kind of store: restore it "
            "to its own kind"
        )
    if file is None:
        undump(copy, url)
        return _differences_there(told, url)
    _put_file(copy, file)
    return differences(told.rows, looked_into(file).rows)


def set_aside(file: Path, name: str) -> Path:
    """Give an SQLite store that nobody has open another name, beside the old, damaged or not.
    Raises StoreProblem if somebody has it open."""
    _refuse_if_open(file)
    with (
        closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as alone,
        suppress(sqlite3.DatabaseError),  # what is damaged is set aside as it is
    ):
        alone.execute("PRAGMA journal_mode=DELETE").fetchall()  # all of it in the one file
    aside = file.with_name(name)
    for ending in ("-wal", "-shm", ""):
        part = file.with_name(file.name + ending)
        if part.exists():
            part.rename(aside.with_name(aside.name + ending))
    return aside


def _refuse_if_open(file: Path) -> None:
    """Whoever has a store in WAL open, idle or not, holds SQLite's shared lock on it."""
    with file.open("rb+") as opened:
        try:
            fcntl.lockf(opened, fcntl.LOCK_EX | fcntl.LOCK_NB, _SHARED_SIZE, _SHARED_FIRST)
        except OSError:
            raise StoreProblem(
                f"{file} is open in a program that runs: stop the gateways and the console first"
            ) from None


def give_to_the_folders_owner(path: Path) -> None:
    """What root makes where another user's store lies is that user's: root's own he could not
    open."""
    if os.geteuid() == 0:
        owner = path.parent.stat()
        os.chown(path, owner.st_uid, owner.st_gid)


def _put_file(copy: Path, file: Path) -> None:
    """It has its name only once it is whole."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.restoring")
    draft.unlink(missing_ok=True)
    os.mknod(draft, OWNER_ONLY)
    give_to_the_folders_owner(draft)
    try:
        shutil.copyfile(copy, draft)
        with draft.open("rb+") as whole:
            os.fsync(whole.fileno())
        for leftover in ("-wal", "-shm"):
            file.with_name(file.name + leftover).unlink(missing_ok=True)
        draft.rename(file)
    finally:
        draft.unlink(missing_ok=True)


def _differences_there(told: StoreCopy, url: str) -> list[str]:
    engine = open_engine(url, patience=UNHURRIED)
    try:
        with engine.connect() as connection:
            return differences(told.rows, counts(connection))
    finally:
        engine.dispose()
