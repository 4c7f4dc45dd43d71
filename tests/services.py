"""Real servers for tests: started by the tests in private folders on loopback, gone with them."""

from __future__ import annotations

import itertools
import os
import pwd
import secrets
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
import redis

from tests.packages import POSTGRESQL, REDIS, Missing, Package
from tests.server import NotReady, Server


def program(package: Package) -> Path:
    """Where its program is; without it the test fails, with one sentence and no traceback."""
    try:
        return package.require()
    except Missing as missing:
        lack = str(missing)
    pytest.fail(lack, pytrace=False)


class RedisServer:
    """Redis with one database, emptied before each test."""

    def __init__(self, *, durable: bool = True) -> None:
        self._program = program(REDIS)
        self._durable = durable
        self._server = Server("redis", user="", farewell=signal.SIGKILL)
        self.url = f"redis://127.0.0.1:{self._server.port}/0"

    def start(self) -> None:
        """Start, with what an earlier start has kept."""
        options = {
            "port": self._server.port,
            "bind": "127.0.0.1",
            "dir": self._server.folder,
            "save": "",
            "appendonly": "yes" if self._durable else "no",
            "appendfsync": "always",
        }
        words = itertools.chain.from_iterable(
            (f"--{key}", str(value)) for key, value in options.items()
        )
        self._server.start([str(self._program), *words], self._answers)

    def _answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url) as client:
                return bool(client.ping())
        except redis.exceptions.ConnectionError:
            # also while it loads what it kept
            return False

    def empty(self) -> None:
        """Forget everything, as a fresh database."""
        with redis.Redis.from_url(self.url) as client:
            client.flushall()

    def kill(self) -> None:
        """Crash it; `start` brings it back with what it had made durable."""
        self._server.kill(signal.SIGKILL)

    def freeze(self) -> None:
        """It stands still, and its sockets are open."""
        os.kill(self._server.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self._server.pid, signal.SIGCONT)

    def stop(self) -> None:
        """End it and forget everything."""
        self._server.stop()


class PostgresServer:
    """PostgreSQL with a fresh database for whoever asks."""

    def __init__(self, *, durable: bool = True) -> None:
        self._programs = program(POSTGRESQL).parent
        self._durable = durable
        self._user = lesser_user()
        self._password = secrets.token_hex(8)
        self._numbers = itertools.count(1)
        self._server = Server("postgres", user=self._user, farewell=signal.SIGQUIT)
        self._data = self._server.folder / "data"

    def url(self, database: str, driver: str = "") -> str:
        """Where a database is, for libpq or (with its driver) for SQLAlchemy."""
        scheme = f"postgresql+{driver}" if driver else "postgresql"
        return f"{scheme}://hallgate:{self._password}@127.0.0.1:{self._server.port}/{database}"

    def start(self) -> None:
        """Start, with what an earlier start has kept."""
        if not self._data.exists():
            self._make_cluster()
        settings = {
            "port": self._server.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "fsync": "on" if self._durable else "off",
        }
        words = (f"--{key}={value}" for key, value in settings.items())
        command = [str(self._programs / "postgres"), "-D", str(self._data), *words]
        self._server.start(command, self._answers)

    def _make_cluster(self) -> None:
        secret = self._server.folder / "password"
        secret.write_text(self._password)
        if self._user:
            shutil.chown(secret, self._user)
        made = subprocess.run(
            [
                self._programs / "initdb",
                f"--pgdata={self._data}",
                "--username=hallgate",
                f"--pwfile={secret}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ],
            cwd=self._server.folder,
            user=self._user or None,
            extra_groups=[] if self._user else None,
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            raise NotReady(f"initdb failed:\n{made.stderr}")

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url("postgres")).close()
        except psycopg.OperationalError:
            # refused while it binds, "starting up" while it recovers
            return False
        return True

    @contextmanager
    def fresh_database(self) -> Iterator[str]:
        """The URL, for SQLAlchemy, of an empty database that goes when the block ends."""
        name = f"hall_{next(self._numbers)}"
        self._say(f"CREATE DATABASE {name}")
        try:
            yield self.url(name, driver="psycopg")
        finally:
            self._say(f"DROP DATABASE {name} WITH (FORCE)")

    def _say(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def kill(self) -> None:
        """Crash it: sessions cut, nothing flushed; `start` recovers what was committed."""
        self._server.kill(signal.SIGQUIT)

    def stop(self) -> None:
        """End it and forget everything."""
        self._server.stop()


def lesser_user() -> str:
    """Who runs PostgreSQL, which refuses to be root; empty when we are not root ourselves."""
    if os.geteuid() != 0:
        return ""
    with suppress(KeyError):
        return pwd.getpwnam("postgres").pw_name
    return "nobody"
