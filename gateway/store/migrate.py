"""Bringing a store's schema to the newest version, and saying which it has.

Alembic brings it there; to see that it is there already does not take Alembic, which every verb
would wait for.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, Engine, column, func, inspect, select, table

from gateway.store.postgresql import taking_its_time

if TYPE_CHECKING:
    from alembic.config import Config

_TURN = 0x68616C6C  # of those who upgrade a database: any number that others do not use
_MIGRATIONS: Final = Path(__file__).parent / "migrations"
_KEPT: Final = "alembic_version"  # Alembic's own table


def upgrade(engine: Engine) -> str:
    """Upgrade in one transaction; returns the version reached."""
    from alembic import command  # noqa: PLC0415  # a quarter of a second that few need

    with engine.begin() as connection, taking_its_time(connection):
        if connection.dialect.name == "postgresql":  # SQLite lets one in at a time anyway
            connection.execute(select(func.pg_advisory_xact_lock(_TURN)))
        command.upgrade(_config(connection), "head")
        return version(connection) or ""


def _config(connection: Connection) -> Config:
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def version(connection: Connection) -> str | None:
    """The store's version; None for an empty store."""
    if not inspect(connection).has_table(_KEPT):
        return None
    found = connection.execute(select(column("version_num")).select_from(table(_KEPT))).scalar()
    return None if found is None else str(found)


def newest() -> str:
    """The version that this program wants: migrations are numbered, in one line."""
    return max(file.name[:4] for file in (_MIGRATIONS / "versions").glob("[0-9]*.py"))
