"""The real Redis and PostgreSQL that other tests lean on."""

from __future__ import annotations

import pytest
import redis
from sqlalchemy import create_engine, text

from tests.services import PostgresServer, RedisServer


@pytest.mark.parametrize("time", ["once", "again"])
def test_redis_is_empty_whenever_it_is_asked_for(redis_url: str, time: str) -> None:
    """What one test leaves behind, the next one does not see."""
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set("left", time)


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


@pytest.mark.parametrize("time", ["once", "again"])
def test_a_store_is_empty_whenever_it_is_asked_for(store_url: str, time: str) -> None:
    """Two tests share no table, whatever the store lives in."""
    engine = create_engine(store_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE trace (id int)"))
    engine.dispose()
