"""SQLite: one file beside the program.

Nothing in this process may open that file, or SQLite's log of it, beside SQLite. Whoever closes any
descriptor of a file gives up all locks that his process holds on it (fcntl(2); sqlite.org, "How To
Corrupt An SQLite Database File", §2.2); another process then takes itself for the last user, and
removes the log with what was acknowledged. So the file is made by mknod(2), which opens nothing,
and looked at by stat(2).
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_MS: Final = 10_000  # how long SQLite waits for another process, such as `hallgate db sample`
LOOK_EVERY: Final = 0.1  # seconds between looks whether the file is there: one costs a statement
OWNER_ONLY: Final = stat.S_IFREG | stat.S_IRUSR | stat.S_IWUSR


class StoreMoved(SQLAlchemyError):
    """The file was removed, or another was put in its place: what is written now nobody would find
    again."""


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite URL; None for other stores, and where there is no file."""
    if not url.startswith("sqlite"):
        return None
    name = make_url(url).database or ""
    return None if name in ("", ":memory:") or name.startswith("file:") else Path(name)


def open_sqlite(url: str) -> Engine:
    """Transactions are begun by who uses it: see `engine`."""
    path = sqlite_file(url)
    if path is None:
        raise ValueError("an in-memory store forgets what was acknowledged: give sqlite:///FILE")
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"check_same_thread": False}, hide_parameters=True)
    file = _File(path)
    event.listen(engine, "do_connect", lambda *_: file.before_connecting())
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", lambda _: file.check())
    return engine


class OneWriter:
    """SQLite lets one write at a time. Whom it keeps waiting it lets sleep, and look again, and
    sleep longer; here threads wait for each other no longer than they must, and take turns with one
    connection: to take one from the pool and give it back costs as much as a statement."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._turn = Lock()
        self._connection: Connection | None = None

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """After a failure nothing is used again."""
        with self._turn:
            connection = self._connection = self._connection or self._engine.connect()
            try:
                with connection.begin():
                    yield connection
            except BaseException:
                self._close()
                raise

    def close(self) -> None:
        with self._turn:
            self._close()

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class _File:
    """The file that an engine has opened first, and stays with."""

    def __init__(self, path: Path) -> None:
        self._path = str(path.absolute())
        self._opened: tuple[int, int] | None = None  # which file it is, whatever its name
        self._looked = -LOOK_EVERY

    def before_connecting(self) -> None:
        """Subscribers' data is nobody else's on the machine; SQLite gives its other files the same
        mode. Where no file can be made, SQLite says so itself."""
        if self._opened is not None:
            self._look()
            return
        with suppress(OSError):
            os.mknod(self._path, OWNER_ONLY)
        with suppress(OSError):
            self._opened = self._there()

    def check(self) -> None:
        """Raises StoreMoved."""
        now = time.monotonic()
        if now - self._looked >= LOOK_EVERY:
            self._look()
            self._looked = now

    def _look(self) -> None:
        try:
            there = self._there()
        except OSError as error:
            raise StoreMoved("the store's file is not where it was") from error
        if there != self._opened:
            raise StoreMoved("another file is where the store's was: start the gateway anew")

    def _there(self) -> tuple[int, int]:
        found = os.stat(self._path)
        return found.st_dev, found.st_ino


@contextmanager
def any_text(connection: Connection) -> Iterator[None]:
    """Text that is no UTF-8 is read all the same, with marks where it is none; of other stores
    nobody can put such in."""
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name != "sqlite":
        yield
        return
    driver.text_factory = lambda octets: octets.decode(errors="replace")
    try:
        yield
    finally:
        driver.text_factory = str


def _prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    driver: Any = connection
    driver.isolation_level = None  # transactions begin where we say, not where sqlite3 guesses
    for setting in (
        "journal_mode=WAL",
        "synchronous=FULL",
        f"busy_timeout={BUSY_MS}",
        "temp_store=MEMORY",
        "cache_size=-65536",  # KiB
        "mmap_size=268435456",  # octets; a read is then no system call
        # `checkpoint` is there before this; if it is not, what it left is little
        "wal_autocheckpoint=16000",  # pages
    ):
        driver.execute(f"PRAGMA {setting}")
