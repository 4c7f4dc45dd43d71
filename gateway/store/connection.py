"""What the rest of the gateway sees of SQLAlchemy: a connection to hand on, and what may fail."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

__all__ = [
    "SERVING",
    "UNHURRIED",
    "Connection",
    "RowExists",
    "StoreFailure",
    "StoreRefusal",
    "all_before_is_replicated",
    "is_standby",
]

StoreFailure = SQLAlchemyError
"""Anything that the store may raise."""
StoreRefusal = DBAPIError
"""What the database itself, or its driver, has said."""
RowExists = IntegrityError
"""Somebody else was quicker."""

SERVING: Final = 5.0
"""Seconds for which a gateway waits for a word of the server, and for a connection of the pool."""
UNHURRIED: Final = 600.0
"""Seconds for which a verb does, which may ask for much at once."""
_READ_ONLY: Final = "25006"  # SQLSTATE: the server is a standby, by now


def is_standby(error: BaseException | None) -> bool:
    """The server will take no write, though the connection is as good as it ever was."""
    return getattr(error, "sqlstate", None) == _READ_ONLY


def all_before_is_replicated(connection: Connection) -> None:
    """When this transaction is committed, so is all that it has seen: on PostgreSQL's standby as
    well. A commit that was given up is seen by others before it is there."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_logical_emit_message(true, 'hallgate', '')")
