"""Bringing a store's schema to the newest version, and saying which it has."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, func, select

_TURN = 0x68616C6C  # of those who upgrade a database: any number that others do not use


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine) -> str:
    """Upgrade in one transaction; returns the version reached."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":  # SQLite lets one in at a time anyway
            connection.execute(select(func.pg_advisory_xact_lock(_TURN)))
        command.upgrade(_config(connection), "head")
        return version(connection) or ""


def version(connection: Connection) -> str | None:
    """The store's version; None for an empty store."""
    return MigrationContext.configure(connection).get_current_revision()


def newest(connection: Connection) -> str:
    """The version that this program wants."""
    return ScriptDirectory.from_config(_config(connection)).get_current_head() or ""
