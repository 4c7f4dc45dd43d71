"""What a store is made of: files that are nobody else's, and a log that stays short."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import insert, text
from sqlalchemy.event import listen
from sqlalchemy.exc import IntegrityError

from gateway.store.engine import open_engine
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
