"""A copy of a store as it is at one moment, made beside those who go on writing to it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, create_engine

from gateway.store.connection import UNHURRIED
from gateway.store.engine import open_engine
from gateway.store.sqlite import sqlite_file
from gateway.store.store import StoreProblem
from gateway.store.upkeep.counts import Counts, counts, key_mark, schema
from gateway.store.upkeep.postgresql_programs import dump

SQLITE: Final = "sqlite"
POSTGRESQL: Final = "postgresql"


@dataclass(frozen=True, slots=True)
class StoreCopy:
    """What was copied, and what it is compared by."""

    kind: str  # SQLITE or POSTGRESQL
    schema: str
    key_mark: str
    rows: Counts


def copy_store(url: str, into: Path) -> StoreCopy:
    """Into a file that is not there yet, for its owner alone: an SQLite database, or what
    PostgreSQL's pg_dump writes. Raises StoreProblem."""
    into.touch(mode=0o600, exist_ok=False)
    source = sqlite_file(url)
    if source is not None:
        if not source.exists():
            raise StoreProblem(f"{source} is not there")
        _copy_sqlite(source, into)
        return looked_into(into)
    engine = open_engine(url, patience=UNHURRIED)
    try:
        with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            # we say nothing while it is copied, and the server ends who idles in a transaction
            connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
            exported = str(connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one())
            seen = _seen(connection, POSTGRESQL)
            dump(url, exported, into)
        return seen
    finally:
        engine.dispose()


def looked_into(file: Path) -> StoreCopy:
    """A copy that is an SQLite database. Raises StoreProblem if it is damaged."""
    engine = create_engine(f"sqlite:///{file}")
    try:
        with engine.connect() as connection:
            found = str(connection.exec_driver_sql("PRAGMA integrity_check").scalar_one())
            if found != "ok":
                raise StoreProblem(f"the copy is damaged: {found}")
            return _seen(connection, SQLITE)
    finally:
        engine.dispose()


def _seen(connection: Connection, kind: str) -> StoreCopy:
    return StoreCopy(kind, schema(connection), key_mark(connection), counts(connection))


def _copy_sqlite(source: Path, into: Path) -> None:
    """In one step, which sees the store as of its beginning: who writes waits for nothing."""
    read_only = f"{source.absolute().as_uri()}?mode=ro"
    with (
        closing(sqlite3.connect(read_only, uri=True, timeout=10)) as old,
        closing(sqlite3.connect(into)) as new,
    ):
        old.backup(new)
        new.execute("PRAGMA journal_mode=DELETE")  # one file, whole
