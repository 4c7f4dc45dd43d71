"""From an empty database to the tables of today, and what else a store may be found as."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from gateway.config.time_zone import OperatorCalendar
from gateway.security.encryption import Seal
from gateway.store import migrate
from gateway.store.engine import open_engine
from gateway.store.store import Store, StoreProblem
from gateway.store.tables import metadata
from tests.gateway.conftest import SEAL


@pytest.fixture
def engine(store_url: str) -> Iterator[Engine]:
    """Of an empty database of each kind."""
    engine = open_engine(store_url)
    yield engine
    engine.dispose()


def test_the_newest_version_is_alembics_own() -> None:
    """It is found by the names of files: one line of migrations, numbered."""
    folder = Path(migrate.__file__).parent / "migrations"
    scripts = ScriptDirectory(str(folder))
    assert scripts.get_heads() == [migrate.newest()]


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names())


def differences(engine: Engine) -> list[object]:
    """Between the tables that are there and those that the program works with."""
    with engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": _default_differs}
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, metadata))


def _default_differs(
    context: MigrationContext,
    _there: object,
    _wanted: object,
    default_there: str | None,
    _default_wanted: object,
    rendered_wanted: str | None,
) -> bool | None:
    """Alembic's own comparison takes an empty text for none on SQLite, and finds it different."""
    if context.dialect.name != "sqlite":
        return None
    return _bare(default_there) != _bare(rendered_wanted)


def _bare(default: str | None) -> str | None:
    return None if default is None else default.strip("()").strip("'")


def upgraded(engine: Engine) -> str:
    return migrate.upgrade(engine, lambda _connection, _before: None)


def test_an_empty_database_is_brought_to_the_newest_version(engine: Engine) -> None:
    """And says so; once more changes nothing."""
    with engine.connect() as connection:
        assert migrate.version(connection) is None
    reached = upgraded(engine)
    with engine.connect() as connection:
        assert migrate.version(connection) == migrate.newest() == reached
    assert upgraded(engine) == reached


def test_the_migrations_make_the_tables_that_the_program_works_with(engine: Engine) -> None:
    """Columns, types, defaults, keys and indexes: who changes one changes the other."""
    upgraded(engine)
    assert tables(engine) == {*metadata.tables, "alembic_version"}
    assert differences(engine) == []


def test_the_indexes_are_those_that_were_meant(engine: Engine) -> None:
    """With their conditions, which a comparison does not look at."""
    upgraded(engine)
    assert _indexes(engine) == {
        (table.name, index.name, tuple(column.name for column in index.columns), index.unique)
        for table in metadata.tables.values()
        for index in table.indexes
    }
    embedded = "SELECT sql FROM sqlite_master WHERE name = 'outbox_waiting'"
    server = "SELECT indexdef FROM pg_indexes WHERE indexname = 'outbox_waiting'"
    with engine.connect() as connection:
        query = text(embedded if engine.dialect.name == "sqlite" else server)
        definition = connection.execute(query).scalar_one()
    assert "state = 0" in definition.partition("WHERE")[2]


def _indexes(engine: Engine) -> set[tuple[str, str | None, tuple[str | None, ...], bool]]:
    found = inspect(engine)
    return {
        (name, index["name"], tuple(index["column_names"]), bool(index["unique"]))
        for name in found.get_table_names()
        for index in found.get_indexes(name)
    }


def test_each_version_leads_to_the_next(engine: Engine) -> None:
    """A store of any age can be upgraded, and keeps what is in it."""
    with engine.connect() as connection:
        scripts = ScriptDirectory.from_config(migrate._config(connection))
    versions = [script.revision for script in scripts.walk_revisions()][::-1]
    assert scripts.get_heads() == versions[-1:]
    for version in versions:
        with engine.begin() as connection:
            command.upgrade(migrate._config(connection), version)
            assert migrate.version(connection) == version
            if version == versions[0]:
                put = "INSERT INTO subscribers (msisdn, brand, plan, balance_fen)"
                connection.execute(text(f"{put} VALUES (13800138001, 'QQT', 'QQT128', 5680)"))
    assert differences(engine) == []
    with engine.connect() as connection:
        query = text("SELECT balance_fen, prepaid, language FROM subscribers")
        assert tuple(connection.execute(query).one()) == (5680, True, "zh")


def test_who_was_on_the_black_list_is_in_a_list(engine: Engine) -> None:
    """So that somebody can take them out of it."""
    with engine.begin() as connection:
        command.upgrade(migrate._config(connection), "0031")
        put = "INSERT INTO subscribers (msisdn, brand, plan, balance_fen, classes) VALUES"
        for number, classes in (
            (13800138001, "black"),
            (13800138002, "red,vip"),
            (13800138003, ""),
        ):
            connection.execute(text(f"{put} ({number}, 'QQT', 'QQT88', 0, '{classes}')"))
    upgraded(engine)
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT msisdn, type FROM list_entries ORDER BY 1, 2"))
        assert [tuple(row) for row in kept] == [
            (13800138001, "30"), (13800138002, "10"), (13800138002, "20"),
        ]  # fmt: skip
        left = connection.execute(text("SELECT DISTINCT classes FROM subscribers"))
        assert left.scalars().all() == [""]


def test_a_migration_that_fails_leaves_the_store_as_it_was(engine: Engine) -> None:
    """All of it or nothing: a half-made store could be neither used nor upgraded."""
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE outbox (id INTEGER)"))
    with pytest.raises(Exception, match="outbox"):
        upgraded(engine)
    assert tables(engine) == {"outbox"}


# -- opening a store -----------------------------------------------------------------------------


def opened(url: str, seal: Seal = SEAL) -> Store:
    return Store(url, seal, OperatorCalendar())


def problem(store: Store) -> str:
    """Why it cannot be used."""
    with pytest.raises(StoreProblem) as found:
        store.prepare()
    store.close()
    return str(found.value)


def test_an_empty_store_is_made_ready(store_url: str) -> None:
    """And found ready by the next start."""
    for _ in range(2):
        store = opened(store_url)
        store.prepare()
        store.answers()
        store.close()


def test_an_older_store_is_not_touched_without_being_asked(store_url: str) -> None:
    """It says what to do; done, it opens."""
    store = opened(store_url)
    with store.engine.begin() as connection:
        command.upgrade(migrate._config(connection), "0001")
    assert "has schema 0001" in (found := problem(store))
    assert "hallgate db upgrade" in found
    store = opened(store_url)
    store.upgrade()
    store.prepare()
    store.close()


def made_newer(store: Store, works_with: str) -> None:
    """As if a later program had upgraded it."""
    store.prepare()
    with store.transaction() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.execute(
            text("UPDATE meta SET value = :oldest WHERE name = 'works with'"),
            {"oldest": works_with},
        )


def test_a_newer_store_is_not_used(store_url: str) -> None:
    """By a program that does not know what is in it; and to upgrade it would be of no use."""
    store = opened(store_url)
    made_newer(store, "9998")
    found = problem(store)
    assert "has schema 9999, which works with programs for 9998 or newer" in found
    assert "db upgrade" not in found
    store = opened(store_url)
    with pytest.raises(StoreProblem, match="has schema 9999, which is newer than this program"):
        store.upgrade()
    store.close()


def test_a_newer_store_that_only_has_more_is_used(store_url: str) -> None:
    """So that gateways of two versions can serve it, one after the other stopped and started."""
    store = opened(store_url)
    made_newer(store, migrate.newest())
    store.prepare()
    store.answers()
    store.close()


def test_a_store_that_does_not_say_with_whom_it_works_is_used_by_its_own_only(
    store_url: str,
) -> None:
    """It was upgraded before stores said so."""
    store = opened(store_url)
    store.prepare()
    with store.transaction() as connection:
        connection.execute(text("DELETE FROM meta WHERE name = 'works with'"))
    store.answers()
    with store.transaction() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert "works with programs for 9999 or newer" in problem(store)


def test_a_store_of_another_key_is_not_used(store_url: str) -> None:
    """Every password would be wrong, and everything sealed lost."""
    store = opened(store_url)
    store.prepare()
    store.close()
    assert "secrets.key" in problem(opened(store_url, Seal(b"another key of 32 octets or more")))
    store = opened(store_url)
    store.prepare()
    store.close()


def test_a_store_that_is_away_does_not_answer(tmp_path: Path) -> None:
    """The folder is gone, or the server."""
    store = opened(f"sqlite:///{tmp_path}/away/hall.db")
    (tmp_path / "away").rmdir()
    with pytest.raises(Exception, match="unable to open"):
        store.answers()
    store.close()


def test_the_embedded_store_is_safe_once_committed(sqlite_store: Store) -> None:
    """Its journal is written through to the disk at each commit."""
    with sqlite_store.engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2}


def test_an_embedded_store_must_be_a_file() -> None:
    """In memory it would forget what was acknowledged."""
    with pytest.raises(ValueError, match="give sqlite:///FILE"):
        open_engine("sqlite://")
