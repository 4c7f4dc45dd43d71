"""Migrations which say that older programs go on with the store only add to it: what is in use no
more goes with a later release."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from gateway.store import migrate
from gateway.store.engine import open_engine
from tests.gateway.store.additions import schema, stumbling_blocks

FOLDER: Final = Path(migrate.__file__).parent / "migrations"
SAY_SO: Final = {
    str(script.revision): str(script.module.works_with)
    for script in ScriptDirectory(str(FOLDER)).walk_revisions()
    if hasattr(script.module, "works_with")
}
"""The oldest version whose program goes on, by that of the store."""


@pytest.fixture
def engine(store_url: str) -> Iterator[Engine]:
    """Of an empty database of each kind."""
    engine = open_engine(store_url)
    yield engine
    engine.dispose()


def test_whoever_says_that_older_programs_go_on_only_adds(engine: Engine) -> None:
    """Compared with the store of the oldest of these programs."""
    schemas = {}
    for version in sorted({*SAY_SO, *SAY_SO.values()}):
        with engine.begin() as connection:
            command.upgrade(migrate._config(connection), version)
        schemas[version] = schema(engine)
    for version, oldest in SAY_SO.items():
        assert stumbling_blocks(schemas[oldest], schemas[version]) == []


BEFORE: Final = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT NOT NULL)"
ADDED: Final = [
    "CREATE TABLE u (id INTEGER PRIMARY KEY, c TEXT NOT NULL)",
    "ALTER TABLE t ADD COLUMN c TEXT",
    "ALTER TABLE t ADD COLUMN d INTEGER DEFAULT 0 NOT NULL",
    "CREATE INDEX t_a ON t (a)",
]
STUMBLING: Final = {
    "DROP TABLE t": ["t is gone"],
    "ALTER TABLE t DROP COLUMN a": ["t.a is gone"],
    "ALTER TABLE t RENAME COLUMN a TO c": ["t.a is gone"],
    "CREATE UNIQUE INDEX t_a ON t (a)": ["t: unique ['a'] is new"],
    "DROP TABLE t; CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL, b INTEGER NOT NULL)": [
        "t.a may not be null any more",
        "t.b was TEXT and is INTEGER",
    ],
    "DROP TABLE t; "
    "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT NOT NULL, c TEXT NOT NULL)": [
        "t.c is new and must be given"
    ],
}


def changed(engine: Engine, statements: str) -> list[str]:
    found = []
    for step in (BEFORE, statements):
        with engine.begin() as connection:
            for statement in step.split("; "):
                connection.execute(text(statement))
        found.append(schema(engine))
    return stumbling_blocks(*found)


@pytest.mark.parametrize("statement", ADDED)
def test_what_was_added_need_not_be_known(engine: Engine, statement: str) -> None:
    assert changed(engine, statement) == []


@pytest.mark.parametrize("statements", STUMBLING)
def test_what_an_older_program_would_stumble_over_is_found(engine: Engine, statements: str) -> None:
    assert changed(engine, statements) == STUMBLING[statements]
