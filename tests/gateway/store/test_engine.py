"""What a store is made of: files that are nobody else's, and a log that stays short."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import insert, text
from sqlalchemy.event import listen
from sqlalchemy.exc import IntegrityError

from gateway.store.engine import open_engine
from gateway.store.sqlite import StoreMoved
from gateway.store.store import Store
from gateway.store.tables import meta


def test_the_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    """Its log's too, from the first moment."""
    engine = open_engine(f"sqlite:///{tmp_path / 'hall.db'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (x)"))
        modes = {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    engine.dispose()
    assert modes == {0o600}


def test_a_checkpoint_goes_on_beside_a_transaction(sqlite_store: Store) -> None:
    """And whoever was writing writes on."""
    store = sqlite_store
    with store.transaction() as connection:
        connection.execute(text("INSERT INTO meta (name, value) VALUES ('a', '1')"))
    with store.transaction() as connection:
        connection.execute(text("INSERT INTO meta (name, value) VALUES ('b', '2')"))
        store.checkpoint()
    with store.transaction() as connection:
        found = connection.execute(text("SELECT count(*) FROM meta WHERE name IN ('a', 'b')"))
        assert found.scalar() == 2
    store.checkpoint()
    raw = store.engine.raw_connection()
    _, logged, moved = raw.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    raw.close()
    assert logged == moved > 0


def test_threads_that_write_wait_for_each_other_and_not_in_sqlite(sqlite_store: Store) -> None:
    """There they would sleep while the store is free; here nobody sleeps, and none is refused."""
    engine = sqlite_store.engine
    engine.dispose()
    listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA busy_timeout=0"))

    def write(name: int) -> None:
        for turn in range(30):
            with sqlite_store.transaction() as connection:
                row = {"name": f"{name}/{turn}", "value": ""}
                connection.execute(insert(meta), row)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(write, range(4)))
    with sqlite_store.reading() as connection:
        found = connection.execute(text("SELECT count(*) FROM meta WHERE value = ''"))
        assert found.scalar() == 120


def test_a_failed_statement_does_not_say_whose_it_was(store: Store) -> None:
    """Its error ends in logs; what it was about does not."""
    row = {"name": "phone", "value": "13800138001"}
    with store.engine.connect() as connection:
        connection.execute(insert(meta), row)
        with pytest.raises(IntegrityError) as failed:
            connection.execute(insert(meta), row)
    assert row["value"] not in str(failed.value)


# -- locks: whoever closes a file gives them up ---------------------------------------------------

OPENED: list[str] = []
"""Files that Python has opened in this process; SQLite's own opening is not among them."""


def _told(event: str, facts: tuple[object, ...]) -> None:
    if event == "open":
        OPENED.append(os.fsdecode(str(facts[0])))


sys.addaudithook(_told)  # there is no way to take it off again

STRANGER = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("INSERT INTO meta (name, value) VALUES ('stranger', '1')")
db.commit()
db.close()  # the last user moves the log into the file, and removes it
"""


def stranger(path: Path | str) -> None:
    """Another program on the same store, from its start to its end."""
    subprocess.run([sys.executable, "-c", STRANGER, str(path)], check=True)


@pytest.fixture(params=["as it is", "relative", "by a link"])
def named_store(
    request: pytest.FixtureRequest,
    sqlite_store: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Store]:
    """A store that is ready, by each kind of name that its file may have."""
    sqlite_store.close()
    (tmp_path / "other.db").symlink_to(tmp_path / "hall.db")
    monkeypatch.chdir(tmp_path)
    names = {"as it is": tmp_path / "hall.db", "relative": "hall.db", "by a link": "other.db"}
    store = Store(f"sqlite:///{names[request.param]}", sqlite_store.seal, sqlite_store.calendar)
    store.prepare()
    yield store
    store.close()


def test_the_log_stays_whoever_comes_and_goes(named_store: Store, tmp_path: Path) -> None:
    """However many connections are opened, and engines closed, in this process: another one never
    takes itself for the last user, and what was committed is there for who comes after a kill."""
    log = tmp_path / "hall.db-wal"
    with named_store.engine.connect(), named_store.engine.connect() as connection:
        before = log.stat().st_ino
        second = open_engine(str(named_store.engine.url))
        with second.connect(), named_store.engine.connect():
            pass
        second.dispose()
        connection.execute(insert(meta), {"name": "acknowledged", "value": "1"})
        connection.commit()
        stranger(tmp_path / "hall.db")
        assert log.stat().st_ino == before
        connection.execute(insert(meta), {"name": "acknowledged too", "value": "1"})
        connection.commit()
        found = connection.execute(text("SELECT name FROM meta")).scalars().all()
        assert {"acknowledged", "stranger", "acknowledged too"} <= set(found)
        assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"


def test_nothing_but_sqlite_opens_its_files(tmp_path: Path) -> None:
    """From the making of a store to its end, on whatever thread."""
    store_files = str(tmp_path / "hall.db")
    OPENED.clear()
    engine = open_engine(f"sqlite:///{store_files}")
    with engine.begin() as first, engine.connect():
        first.execute(text("CREATE TABLE t (x)"))
    with ThreadPoolExecutor(3) as threads:
        list(threads.map(lambda _: engine.connect().close(), range(3)))
    engine.dispose()
    with open_engine(f"sqlite:///{store_files}").connect():
        pass
    assert [name for name in OPENED if name.startswith(store_files)] == []
    (tmp_path / "another").touch()
    assert str(tmp_path / "another") in OPENED  # the look-out is awake


# -- the file itself -------------------------------------------------------------------------------


def refused(store: Store) -> str:
    """Why it takes nothing, as soon as it has noticed: it looks every few milliseconds."""
    while True:
        try:
            store.newest_id()
        except StoreMoved as moved:
            return str(moved)


def test_a_store_whose_file_is_gone_takes_nothing(sqlite_store: Store, tmp_path: Path) -> None:
    """It would be kept in a file without a name; once the file is back, it goes on."""
    sqlite_store.newest_id()
    (tmp_path / "hall.db").rename(tmp_path / "elsewhere")
    assert "not where it was" in refused(sqlite_store)
    sqlite_store.close()  # nor by a new connection
    with pytest.raises(StoreMoved, match="not where it was"):
        sqlite_store.newest_id()
    (tmp_path / "elsewhere").rename(tmp_path / "hall.db")
    assert sqlite_store.newest_id() == 0


def test_another_file_in_its_place_is_not_written_to(sqlite_store: Store, tmp_path: Path) -> None:
    """SQLite's log belongs to the first."""
    sqlite_store.newest_id()
    (tmp_path / "hall.db").rename(tmp_path / "elsewhere")
    (tmp_path / "hall.db").touch()
    assert "start the gateway anew" in refused(sqlite_store)
    sqlite_store.close()
    with pytest.raises(StoreMoved, match="start the gateway anew"):
        sqlite_store.newest_id()
    assert (tmp_path / "hall.db").stat().st_size == 0
