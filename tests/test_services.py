"""The real Redis and PostgreSQL that other tests lean on."""

from __future__ import annotations

import pytest
import redis
from sqlalchemy import create_engine, text

from tests.services import PostgresServer, RedisServer


def test_redis_is_empty_whenever_it_is_asked_for(redis_server: RedisServer, redis_url: str) -> None:
    """What one test leaves behind, the next one does not see."""
    with redis.Redis.from_url(redis_url) as client:
        client.set("left", "behind")
        redis_server.empty()
        assert client.dbsize() == 0


@pytest.mark.service
def test_redis_remembers_over_a_crash() -> None:
    """What Redis has acknowledged is there again after it was killed."""
    server = RedisServer(durable=True)
    try:
        server.start()
        with redis.Redis.from_url(server.url, decode_responses=True) as client:
            client.set("kept", "yes")
            server.kill()
            server.start()
            assert client.get("kept") == "yes"
    finally:
        server.stop()


def test_each_postgres_database_is_fresh(postgres_server: PostgresServer) -> None:
    """Two tests on PostgreSQL share no table."""
    for _ in range(2):
        with postgres_server.fresh_database() as url:
            engine = create_engine(url)
            with engine.begin() as connection:
                connection.execute(text("CREATE TABLE trace (id int)"))
            engine.dispose()


def test_postgres_remembers_over_a_crash(
    postgres_server: PostgresServer, postgres_url: str
) -> None:
    """What PostgreSQL has committed is there again after every session was cut."""
    engine = create_engine(postgres_url, pool_pre_ping=True)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE kept (id int)"))
    postgres_server.kill()
    postgres_server.start()
    with engine.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM kept")) == 0
    engine.dispose()


def test_a_store_is_empty_and_can_be_written(store_url: str) -> None:
    """Each kind of store begins without a table."""
    engine = create_engine(store_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE trace (id int)"))
    engine.dispose()
