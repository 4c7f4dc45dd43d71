"""Stores to try the gateway's parts on: each fresh, of each kind, and migrated only once a run."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select

from gateway.config.time_zone import OperatorCalendar
from gateway.security.encryption import Seal
from gateway.store.ports.audit_head import begin_audit
from gateway.store.store import Store
from gateway.store.tables import list_types, metadata
from tests.services import PostgresServer

SEAL = Seal(bytes(range(32)))
FirstRows = list[dict[str, object]]


@contextmanager
def ready(url: str) -> Iterator[Store]:
    """A store that is ready."""
    store = Store(url, SEAL, OperatorCalendar(), threads=4)
    store.prepare()
    yield store
    store.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an empty store."""
    path = tmp_path_factory.mktemp("template") / "hall.db"
    with ready(f"sqlite:///{path}"):
        pass
    return path


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: PostgresServer) -> Iterator[str]:
    """A database with all tables, for one test after the other."""
    with postgres_server.fresh_database() as url:
        with ready(url):
            pass
        yield url


@pytest.fixture(scope="session")
def first_rows(sqlite_template: Path) -> FirstRows:
    """The types of lists that every new store has."""
    with ready(f"sqlite:///{sqlite_template}") as store, store.reading() as connection:
        return [dict(row) for row in connection.execute(select(list_types)).mappings()]


@pytest.fixture
def sqlite_store(sqlite_template: Path, tmp_path: Path) -> Iterator[Store]:
    """An empty store that is ready, where it does not matter which."""
    path = shutil.copy(sqlite_template, tmp_path / "hall.db")
    with ready(f"sqlite:///{path}") as store:
        yield store


@pytest.fixture
def postgres_store(migrated_postgres: str, first_rows: FirstRows) -> Iterator[Store]:
    """An empty store that is ready, on PostgreSQL."""
    with ready(migrated_postgres) as store:
        with store.transaction() as connection:
            for table in metadata.sorted_tables:
                connection.execute(delete(table))
            connection.execute(insert(list_types), first_rows)
            begin_audit(connection, store.seal)
        store.prepare()
        yield store


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.service)])
def store(request: pytest.FixtureRequest) -> Store:
    """An empty store that is ready, of each kind."""
    kept: Store = request.getfixturevalue(
        "sqlite_store" if request.param == "sqlite" else "postgres_store"
    )
    return kept
