"""Bringing a store's schema to the newest version, and saying which it has.

Alembic brings it there; to see that it is there already does not take Alembic, which every verb
would wait for.

A program goes on with a store that is newer than itself if all migrations in between have only
added what it need not know. Such a migration says so: `works_with` is the oldest version whose
program goes on with the store it makes. What is in use no more goes with a later release.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, Engine, column, func, inspect, select, table

from gateway.store.engine import inserting
from gateway.store.migrations.schema_version import MIGRATIONS
from gateway.store.migrations.schema_version import newest as newest
from gateway.store.tables import meta

if TYPE_CHECKING:
    from alembic.config import Config

_TURN = 0x68616C6C  # of those who upgrade a database: any number that others do not use
_KEPT: Final = "alembic_version"  # Alembic's own table
_WORKS_WITH: Final = "works with"  # in `meta`


class NewerStore(Exception):
    """The store was brought to a version of which this program knows nothing."""


def upgrade(engine: Engine) -> str:
    """Upgrade in one transaction; returns the version reached. Raises NewerStore."""
    from alembic import command  # noqa: PLC0415  # a quarter of a second that few need

    from gateway.store.postgresql import taking_its_time  # noqa: PLC0415  # nor this

    with engine.begin() as connection, taking_its_time(connection):
        if connection.dialect.name == "postgresql":  # SQLite lets one in at a time anyway
            connection.execute(select(func.pg_advisory_xact_lock(_TURN)))
        found = version(connection)
        if found is not None and found > newest():
            raise NewerStore(found)
        command.upgrade(_config(connection), "head")
        _note_who_goes_on(connection)
        return version(connection) or ""


def _note_who_goes_on(connection: Connection) -> None:
    """Older programs do not have these migrations: the store tells them."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    scripts = ScriptDirectory.from_config(_config(connection)).walk_revisions()
    oldest = max(getattr(each.module, "works_with", each.revision) for each in scripts)
    row = inserting(connection, meta).values(name=_WORKS_WITH, value=oldest)
    row = row.on_conflict_do_update(index_elements=["name"], set_={"value": oldest})
    connection.execute(row)


def works_with(connection: Connection) -> str | None:
    """The oldest version whose program goes on with this store; None: only its own does."""
    found = select(meta.c.value).where(meta.c.name == _WORKS_WITH)
    return connection.execute(found).scalar()


def _config(connection: Connection) -> Config:
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def version(connection: Connection) -> str | None:
    """The store's version; None for an empty store."""
    if not inspect(connection).has_table(_KEPT):
        return None
    found = connection.execute(select(column("version_num")).select_from(table(_KEPT))).scalar()
    return None if found is None else str(found)
