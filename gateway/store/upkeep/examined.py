"""A store looked at from outside: nothing is made, changed or upgraded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from redis import Redis
from redis.exceptions import RedisError

from gateway.security.encryption import Seal
from gateway.store.connection import SERVING
from gateway.store.engine import READING, open_engine
from gateway.store.migrate import version, works_with
from gateway.store.upkeep.counts import key_mark

OLDEST_POSTGRESQL: Final = 13


@dataclass(frozen=True, slots=True)
class ExaminedStore:
    """`server` is PostgreSQL's version, 0 for SQLite. `schema` is empty for an empty store."""

    server: int
    schema: str
    works_with: str
    key_fits: bool


def examined(url: str, key: bytes | None) -> ExaminedStore:
    """Raises StoreFailure."""
    engine = open_engine(url, patience=SERVING)
    try:
        with engine.connect() as connection:
            connection = connection.execution_options(**{READING: True})
            server = (connection.dialect.server_version_info or (0,))[0]
            schema = version(connection) or ""
            mark = key_mark(connection) if schema else ""
            fits = not mark or (key is not None and Seal(key).key_mark == mark)
            oldest = (works_with(connection) if schema else None) or schema
            postgresql = connection.dialect.name == "postgresql"
            return ExaminedStore(int(server) if postgresql else 0, schema, oldest, fits)
    finally:
        engine.dispose()


class RedisAway(Exception):
    """It does not answer; the text says how."""


def redis_version(url: str, patience: float) -> str:
    """`patience`: seconds for which it may say nothing. Raises RedisAway."""
    waits = {"socket_timeout": patience, "socket_connect_timeout": patience}
    try:
        with Redis.from_url(url, **waits) as redis:
            return str(redis.info("server")["redis_version"])
    except (RedisError, OSError) as error:
        raise RedisAway(type(error).__name__) from None
