"""What is the store's state and what is a message's own fault, on real stores in many states."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.event import listen, remove

from gateway.model.messages import LoadOutbox
from gateway.serving.desk import Unavailable
from gateway.store.store import Store
from tests.gateway.conftest import ready
from tests.gateway.hall import Office
from tests.gateway.messages import LI
from tests.gateway.serving.test_batch import CAMPUS

LONG = "噫" * 1_000  # two of them take a page more
State = Callable[[Store], AbstractContextManager[object]]


def said(store: Store, *statements: str) -> None:
    with store.engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
        connection.commit()


def states(change: str, back: str) -> State:
    """That one statement brings about, and another ends."""

    @contextmanager
    def state(store: Store) -> Iterator[None]:
        said(store, change)
        store.close()
        yield
        said(store, back)
        store.close()

    return state


def pragma(setting: str) -> State:
    """Of each connection that SQLite makes from now on."""

    @contextmanager
    def state(store: Store) -> Iterator[None]:
        def set_it(raw: sqlite3.Connection, _: object) -> None:
            raw.execute(f"PRAGMA {setting}")

        store.close()
        listen(store.engine, "connect", set_it)
        yield
        remove(store.engine, "connect", set_it)
        store.close()

    return state


@contextmanager
def locked(store: Store) -> Iterator[None]:
    """Another program writes, and takes its time."""
    other = sqlite3.connect(str(store.engine.url.database), isolation_level=None)
    with pragma("busy_timeout=0")(store):
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
    other.close()


@contextmanager
def full(store: Store) -> Iterator[None]:
    """It may have no page more than it has, and none of them is free."""
    raw = store.engine.raw_connection()
    raw.cursor().execute("VACUUM")
    raw.close()
    with pragma("max_page_count=1")(store):  # SQLite makes of it as many as there are
        yield


@contextmanager
def moved(store: Store) -> Iterator[None]:
    file = Path(str(store.engine.url.database))
    file.rename(file.with_name("elsewhere"))
    store.close()
    yield
    file.with_name("elsewhere").rename(file)


@contextmanager
def damaged(store: Store) -> Iterator[None]:
    """The first octets of the file are not SQLite's."""
    file = Path(str(store.engine.url.database))
    store.close()
    with file.open("r+b") as octets:
        head = octets.read(100)
        octets.seek(0)
        octets.write(b"?" * 100)
    yield
    store.close()
    with file.open("r+b") as octets:
        octets.write(head)


@contextmanager
def closed(store: Store) -> Iterator[None]:
    """The driver's own connection is no more, and the pool does not know it."""

    def close_it(raw: Any, *_: object) -> None:
        raw.close()

    store.close()
    listen(store.engine, "checkout", close_it)
    yield
    remove(store.engine, "checkout", close_it)
    store.close()


SQLITE: dict[str, State] = {
    "closed": closed,
    "full": full,
    "read only": pragma("query_only=1"),
    "locked": locked,
    "moved": moved,
    "damaged": damaged,
    "without a table": states("ALTER TABLE outbox RENAME TO o", "ALTER TABLE o RENAME TO outbox"),
    "without a column": states(
        "ALTER TABLE subscribers RENAME plan TO p", "ALTER TABLE subscribers RENAME p TO plan"
    ),
}


@contextmanager
def read_only(store: Store) -> Iterator[None]:
    """As a standby is, or a server whose disk is full to its administrator."""
    name = store.engine.url.database
    said(store, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    store.close()
    yield
    said(
        store,
        "SET TRANSACTION READ WRITE",
        f"ALTER DATABASE {name} RESET default_transaction_read_only",
    )
    store.close()


@contextmanager
def waiting_for_ever(store: Store) -> Iterator[None]:
    """Somebody holds a table, and the server waits for no lock."""
    name = store.engine.url.database
    said(store, f"ALTER DATABASE {name} SET lock_timeout = 1")
    store.close()
    with store.engine.connect() as other:
        other.execute(text("LOCK TABLE inbox IN EXCLUSIVE MODE"))
        yield
    said(store, f"ALTER DATABASE {name} RESET lock_timeout")
    store.close()


def failing(code: str) -> State:
    """Whatever it is that the server calls so."""
    raising = (
        "CREATE FUNCTION ail() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION 'ill' USING ERRCODE = '{code}'; END $$; "
        "CREATE TRIGGER ail BEFORE INSERT ON inbox FOR EACH ROW EXECUTE FUNCTION ail()"
    )
    return states(raising, "DROP FUNCTION ail CASCADE")


POSTGRESQL: dict[str, State] = {
    "closed": closed,
    "read only": read_only,
    "waiting": waiting_for_ever,
    "without a table": SQLITE["without a table"],
    "without a column": states(
        "ALTER TABLE subscribers RENAME plan TO p", "ALTER TABLE subscribers RENAME p TO plan"
    ),
    "disk full": failing("53100"),
    "I/O": failing("58030"),
    "damaged": failing("XX001"),
    "internal": failing("XX000"),
    "no right": failing("42501"),
    "a deadlock each time": failing("40P01"),
    "shut down": failing("57P01"),
}


@pytest.fixture
def postgres_office(postgres_url: str) -> Iterator[Office]:
    with ready(postgres_url) as store:
        yield Office(store)


def refused_whole_and_then_served(office: Office, state: State) -> None:
    """As one batch, again and again, with one line of log; afterwards by itself."""
    asked = [("YE", LI), ("CXTC", LI), (LONG, CAMPUS), (LONG, LI)]
    batch = [office.arrived(*each) for each in asked]
    with state(office.store):
        for _ in range(3):
            with pytest.raises(Unavailable):
                office.serve(*batch)
    office.serve(*batch)
    assert [result for _, result in office.journal()] == ["ok", "ok", "unknown", "unknown"]
    told = [line for line in office.log() if line["event"] in ("away", "back", "failed")]
    assert [line["event"] for line in told] == ["away", "back"]
    assert told[0]["what"] == "store"
    assert told[0]["reason"] not in ("", "DBAPIError")


@pytest.mark.parametrize("state", SQLITE.values(), ids=SQLITE)
def test_whatever_state_a_file_is_in_it_is_the_stores(sqlite_store: Store, state: State) -> None:
    """No message is to blame for it."""
    refused_whole_and_then_served(Office(sqlite_store), state)


@pytest.mark.service
@pytest.mark.parametrize("state", POSTGRESQL.values(), ids=POSTGRESQL)
def test_whatever_state_a_server_is_in_it_is_the_stores(
    postgres_office: Office, state: State
) -> None:
    """By the class of its answer, not by a list of examples."""
    refused_whole_and_then_served(postgres_office, state)


@pytest.mark.service
@pytest.mark.parametrize("code", ["40P01", "40001"])
def test_a_deadlock_is_tried_again_at_once(postgres_office: Office, code: str) -> None:
    """The other one has gone on by then; nobody hears of it."""
    office = postgres_office
    said(
        office.store,
        "CREATE SEQUENCE tries",  # what it counts is not undone
        "CREATE FUNCTION once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF nextval('tries') = 1 THEN RAISE EXCEPTION 'dead' USING ERRCODE = '{code}'; END IF; "
        "RETURN NEW; END $$",
        "CREATE TRIGGER once BEFORE INSERT ON inbox FOR EACH ROW EXECUTE FUNCTION once()",
    )
    office.serve(office.arrived("YE"), office.arrived("CXTC", LI))
    assert [result for _, result in office.journal()] == ["ok", "ok"]
    assert [line for line in office.log() if line["event"] == "away"] == []


def test_what_only_reads_shows_no_end(sqlite_store: Store) -> None:
    """A store that can be read and takes nothing would be back and away all the time."""
    office = Office(sqlite_store)
    messages = [office.arrived(LONG) for _ in range(3)]
    with SQLITE["full"](sqlite_store):
        with pytest.raises(Unavailable):
            office.serve(*messages)
        assert office.serve(LoadOutbox(10, 0)) == [[]]
        assert [line["event"] for line in office.log()][-1] == "away"
    office.serve(*messages)
    assert [line["event"] for line in office.log()][-2:] == ["served", "back"]
