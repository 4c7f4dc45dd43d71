"""What every test may ask for: real services, each fresh for the test that asks."""

from __future__ import annotations

import gc
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from twisted.logger import (
    FilteringLogObserver,
    ILogObserver,
    LogEvent,
    LogLevel,
    LogLevelFilterPredicate,
    eventAsText,
    globalLogBeginner,
)
from zope.interface import provider

from tests import services
from tests.patroni import PatroniCluster
from tests.server import free_port as a_free_port

# A busy machine is no mistake of the code, so no example has a deadline.
settings.register_profile("hallgate", deadline=None)
settings.register_profile("quick", deadline=None, max_examples=20)
settings.register_profile("soak", deadline=None, max_examples=5_000)
settings.load_profile("hallgate")

SERVICES = {"redis_server", "postgres_server", "patroni_cluster"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--no-fsync",
        action="store_true",
        help="let Redis and PostgreSQL keep nothing safe: faster, and wrong for tests of crashes",
    )


def pytest_configure() -> None:
    """Twisted keeps what it has logged for whoever begins to log, and with 200 events about
    connections some twenty halls that were closed long ago. What is critical it tells still."""
    shows = warnings.showwarning
    grave = [LogLevelFilterPredicate(defaultLogLevel=LogLevel.critical)]
    globalLogBeginner.beginLoggingTo(
        [FilteringLogObserver(_tell, grave)], redirectStandardIO=False, discardBuffer=True
    )
    warnings.showwarning = shows


@provider(ILogObserver)
def _tell(event: LogEvent) -> None:
    print(eventAsText(event, includeTimestamp=False, includeSystem=False), file=sys.stderr)


def pytest_collection_finish() -> None:
    """What was collected stays until the end: nobody needs to look through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever asks for a server needs a service, and nobody has to remember to say so."""
    for item in items:
        if SERVICES.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.service)


@pytest.fixture
def free_port() -> int:
    """A port that nobody listens on."""
    return a_free_port()


@pytest.fixture(scope="session")
def redis_server(request: pytest.FixtureRequest) -> Iterator[services.RedisServer]:
    """One Redis for the whole run."""
    server = services.RedisServer(durable=not request.config.getoption("--no-fsync"))
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture
def redis_url(redis_server: services.RedisServer) -> str:
    """An empty Redis."""
    redis_server.empty()
    return redis_server.url


@pytest.fixture(scope="session")
def postgres_server(request: pytest.FixtureRequest) -> Iterator[services.PostgresServer]:
    """One PostgreSQL for the whole run."""
    server = services.PostgresServer(durable=not request.config.getoption("--no-fsync"))
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture
def postgres_url(postgres_server: services.PostgresServer) -> Iterator[str]:
    """An empty PostgreSQL database, for SQLAlchemy."""
    with postgres_server.fresh_database() as url:
        yield url


@pytest.fixture(scope="session")
def patroni_cluster() -> Iterator[PatroniCluster]:
    """One PostgreSQL of three nodes under Patroni for the whole run."""
    cluster = PatroniCluster()
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture
def patroni_url(patroni_cluster: PatroniCluster) -> Iterator[str]:
    """An empty database there, for SQLAlchemy, its three hosts in the URL; whatever the test has
    broken is whole again afterwards."""
    with patroni_cluster.fresh_database() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.service)])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind that the store can live in, one after the other."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'hall.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url
