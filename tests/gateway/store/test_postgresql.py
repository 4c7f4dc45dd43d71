"""A PostgreSQL that stands still, became a standby, or may have lost its standby: nobody waits for
long, and nothing is taken for kept that may be lost."""

from __future__ import annotations

import os
import select
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError

from gateway.store import postgresql
from gateway.store.engine import open_engine
from gateway.store.outage import is_away, named
from gateway.store.postgresql import postgresql_url, taking_its_time
from tests.server import free_port
from tests.services import PostgresServer

SHORT = 0.5  # seconds for which these engines wait for a word
LONG = 3.0  # seconds within which a test's engine must have given up, on a busy machine


@pytest.fixture
def made(postgres_url: str) -> Iterator[Callable[..., Engine]]:
    """Engines on an empty database, impatient ones."""
    engines: list[Engine] = []

    def one(url: str = postgres_url, patience: float = SHORT) -> Engine:
        engines.append(open_engine(url, patience=patience))
        return engines[-1]

    yield one
    for engine in engines:
        engine.dispose()


@contextmanager
def frozen(connection: Connection) -> Iterator[None]:
    """The server's end of this connection stands still; its machine goes on answering for it."""
    pid = int(connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


# -- silence --------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["a statement", "a commit", "a rollback"])
def test_a_server_that_stands_still_is_given_up(made: Callable[..., Engine], what: str) -> None:
    """Whatever it is asked; and the next connection is a new one."""
    engine = made()
    with engine.connect() as connection, frozen(connection):
        began = time.monotonic()
        if what == "a statement":
            with pytest.raises(DBAPIError) as silent:
                connection.execute(text("SELECT 1"))
            assert is_away(silent.value)
            assert "said nothing" in named(silent.value)
        elif what == "a commit":
            with pytest.raises(DBAPIError) as silent:
                connection.commit()
            assert is_away(silent.value)
        else:
            with pytest.raises(DBAPIError):
                connection.rollback()
        assert time.monotonic() - began < LONG
        with engine.connect() as another:
            assert another.execute(text("SELECT 1")).scalar() == 1


def test_who_may_take_his_time_is_alone_with_that(made: Callable[..., Engine]) -> None:
    """The connection that a migration had is one like all others afterwards."""
    engine = made()
    with engine.begin() as connection, taking_its_time(connection):
        connection.exec_driver_sql("SELECT pg_sleep(1)")
    with engine.connect() as connection, pytest.raises(DBAPIError):
        connection.exec_driver_sql("SELECT pg_sleep(1)")


def test_a_migration_may_pause_for_longer_than_others(
    made: Callable[..., Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its machine has too much to do for some seconds: the server does not end it for that."""
    monkeypatch.setattr(postgresql, "IDLE_MS", 300)
    engine = made()
    with engine.begin() as connection, taking_its_time(connection):
        assert not hears_something(connection, within=1.5)
        assert connection.execute(text("SELECT 1")).scalar() == 1
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        assert hears_something(connection, within=60.0)
        with pytest.raises(DBAPIError):
            connection.execute(text("SELECT 1"))


def hears_something(connection: Connection, within: float) -> bool:
    """Whether the server says something unasked, such as that it ends this."""
    driven = connection.connection.driver_connection
    assert isinstance(driven, psycopg.Connection)
    ready, _, _ = select.select([driven.fileno()], [], [], within)
    return bool(ready)


def test_who_goes_on_talking_is_listened_to(made: Callable[..., Engine]) -> None:
    """However long it takes in all: it is silence that is not waited for."""
    engine = made(patience=1.0)
    saying = "FOR n IN 1..5 LOOP PERFORM pg_sleep(0.4); RAISE NOTICE 'on'; END LOOP;"
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DO $$ BEGIN {saying} END $$")
        with pytest.raises(DBAPIError):
            connection.exec_driver_sql("SELECT pg_sleep(2)")


def test_pinged_connections_of_a_server_that_stands_still_hold_nobody(
    made: Callable[..., Engine],
) -> None:
    """One that lay in the pool meanwhile."""
    engine = made()
    with engine.connect() as connection:
        pid = int(connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())
    os.kill(pid, signal.SIGSTOP)
    try:
        began = time.monotonic()
        with engine.connect() as another:
            assert another.exec_driver_sql("SELECT pg_backend_pid()").scalar() != pid
        assert time.monotonic() - began < LONG
    finally:
        os.kill(pid, signal.SIGCONT)


# -- a standby ------------------------------------------------------------------------------------


def test_a_connection_to_what_is_a_standby_by_now_is_not_used_again(
    made: Callable[..., Engine],
) -> None:
    """It would be as good as ever, and take no write for ever."""
    engine = made(patience=5.0)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (x int)"))
        pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
    with engine.connect() as connection:
        connection.execute(text("SET default_transaction_read_only = on"))
        connection.commit()
        with pytest.raises(DBAPIError) as refused:
            connection.execute(text("INSERT INTO t VALUES (1)"))
    assert is_away(refused.value)
    assert named(refused.value) == "ReadOnlySqlTransaction"
    with engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT pg_backend_pid()").scalar() != pid
        connection.execute(text("INSERT INTO t VALUES (1)"))


# -- several hosts --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "hosts", "ports"),
    [
        ("a,b", "a,b", "5432,5432"),
        ("a:1,b:2,c:3", "a,b,c", "1,2,3"),
        ("10.0.0.1,b:5433", "10.0.0.1,b", "5432,5433"),
        ("[::1]:1,[fe80::2]", "::1,fe80::2", "1,5432"),
    ],
)
def test_several_hosts_are_written_as_libpq_wants_them(
    written: str, hosts: str, ports: str
) -> None:
    """And whoever wrote them as SQLAlchemy's query goes on doing so."""
    url = postgresql_url(f"postgresql+psycopg://me:p%40s,s@{written}/hall?sslmode=require")
    assert (url.username, url.password, url.database) == ("me", "p@s,s", "hall")
    assert url.query == {"host": hosts, "port": ports, "sslmode": "require"}
    plain = "postgresql+psycopg://me@/hall?host=a:1&host=b:2"
    assert postgresql_url(plain).query == {"host": ("a:1", "b:2")}


def several(url: str, *before: int) -> str:
    """The same with other ports of this machine before its own."""
    head, _, rest = url.rpartition("127.0.0.1:")
    return head + "".join(f"127.0.0.1:{port}," for port in before) + f"127.0.0.1:{rest}"


def test_the_host_that_takes_writes_is_found_and_asked_first_then(
    made: Callable[..., Engine], postgres_url: str
) -> None:
    """Behind one that is not there, and one that takes a connection and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        engine = made(several(postgres_url, free_port(), port))
        with engine.connect() as connection:
            assert connection.execute(text("SELECT 1")).scalar() == 1
        engine.dispose()
        silent.accept()[0].close()
        with engine.connect():
            pass
        assert not select.select([silent], [], [], 0)[0]  # nobody has come there again


def test_why_it_cannot_be_reached_is_said_in_words_of_ours(
    made: Callable[..., Engine], postgres_url: str
) -> None:
    """Whoever mistyped store.url is not sent to look for a server that is away."""
    url = make_url(postgres_url)
    wrong = {
        "there is no such database": url.set(database="nosuchhall"),
        "the password is wrong, or missing": url.set(password="wrong"),
        "nobody listens there": url.set(port=free_port()),
        "there is no such host": url.set(host="hall.invalid"),
    }
    for why, there in wrong.items():
        with pytest.raises(OperationalError) as refused:
            made(there.render_as_string(hide_password=False)).connect()
        assert named(refused.value) == f"OperationalError: {why}"
        assert is_away(refused.value)


def test_where_no_host_takes_writes_it_is_said_of_each_why(
    made: Callable[..., Engine], postgres_url: str
) -> None:
    """In words for who runs them, and without anybody's name or password."""
    gone = free_port(), free_port()
    database = postgres_url.rpartition("/")[2]
    with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as other:
        other.execute(f"ALTER DATABASE {database} SET default_transaction_read_only = on".encode())
    with pytest.raises(OperationalError) as refused:
        made(several(postgres_url, *gone)).connect()
    said = named(refused.value)
    assert is_away(refused.value)
    assert "no host takes writes" in said
    assert said.count("is not there") == 2
    assert "is a standby" in said
    assert "hallgate" not in said


# -- the standby that would take over -------------------------------------------------------------


@contextmanager
def waiting_for_a_standby(server: PostgresServer) -> Iterator[None]:
    """Every commit waits for one that never comes."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as admin:
        # what changes the setting must not wait itself
        admin.execute("SET synchronous_commit = local")
        admin.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
        admin.execute("SELECT pg_reload_conf()")
        while not _waits(server, admin):  # another process of the server has to take it up
            pass
        try:
            yield
        finally:
            admin.execute("ALTER SYSTEM RESET synchronous_standby_names")
            admin.execute("SELECT pg_reload_conf()")


def _waits(server: PostgresServer, admin: psycopg.Connection) -> bool:
    """Whether a commit does by now."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as one:
        commit = threading.Thread(
            target=one.execute, args=("SELECT pg_logical_emit_message(true, 'test', '')",)
        )
        commit.start()
        commit.join(0.2)
        waits = commit.is_alive()
        if waits:
            admin.execute("SELECT pg_cancel_backend(%s)", [one.info.backend_pid])
        commit.join()
        return waits


def test_a_commit_whose_wait_for_the_standby_was_cancelled_is_none(
    made: Callable[..., Engine], postgres_server: PostgresServer
) -> None:
    """PostgreSQL calls it committed, with a warning that nobody reads; the next primary may not
    have it."""
    engine = made(patience=20.0)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (x int)"))
    cancelling = (
        "SELECT pg_cancel_backend(pid) FROM pg_stat_activity "
        "WHERE pid = %s AND wait_event = 'SyncRep'"
    )
    with (
        psycopg.connect(postgres_server.url("postgres"), autocommit=True) as admin,
        waiting_for_a_standby(postgres_server),
        engine.connect() as connection,
    ):
        pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        connection.execute(text("SET statement_timeout = '400ms'"))  # does not end this wait
        connection.execute(text("INSERT INTO t VALUES (1)"))

        def cancel() -> None:
            admin.execute("SELECT pg_sleep(1)")
            while not admin.execute(cancelling, (pid,)).fetchall():
                pass

        thread = threading.Thread(target=cancel)
        thread.start()
        with pytest.raises(DBAPIError) as unsure:
            connection.commit()
        thread.join()
    assert is_away(unsure.value)
    assert "standby" in named(unsure.value)
