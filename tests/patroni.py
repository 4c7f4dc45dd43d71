"""A real PostgreSQL of three nodes under Patroni, its word kept by three members of etcd: begun by
the tests on loopback, and broken by them."""

from __future__ import annotations

import itertools
import json
import os
import secrets
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import psycopg

from tests.etcd import EtcdMember, asked
from tests.packages import PATRONI, POSTGRESQL
from tests.server import NotReady, Server, free_port
from tests.services import lesser_user, program

TTL, LOOP, RETRY = 6, 1, 2
"""Seconds: after so long without a word of its own a primary is replaced; how often Patroni looks;
how long it tries. As small as Patroni's rule (loop + 2 * retry <= ttl) lets a busy machine live
with."""
WHOLE_WITHIN = 90.0  # seconds in which three nodes must be one cluster again
LOOK = 0.05  # seconds between looks


class PatroniNode:
    """One PostgreSQL and the Patroni that looks after it."""

    def __init__(self, name: str, etcd: str, passwords: dict[str, str], *, durable: bool) -> None:
        self.name = name
        self.port, self._rest = free_port(), free_port()
        self._etcd = etcd
        self._passwords = passwords
        self._durable = durable
        self._server = Server(f"patroni-{name}", user=lesser_user(), farewell=signal.SIGTERM)
        self._program = program(PATRONI)
        self._data = self._server.folder / "data"

    def start(self) -> None:
        """Patroni itself; whether its PostgreSQL is part of the cluster is seen later."""
        file = self._server.folder / "patroni.yml"
        file.write_text(json.dumps(self._settings()))  # whatever is JSON is YAML as well
        if lesser_user():
            shutil.chown(file, lesser_user())
        file.chmod(0o600)
        self._server.start([str(self._program), str(file)], lambda: bool(self.status()))

    def _settings(self) -> dict[str, Any]:
        replication = {"username": "replicator", "password": self._passwords["replication"]}
        superuser = {"username": "hallgate", "password": self._passwords["superuser"]}
        local = {"unix_socket_directories": "", "fsync": "on" if self._durable else "off"}
        return {
            "scope": "hall",
            "name": self.name,
            "log": {"level": "INFO"},
            "restapi": _at(self._rest),
            "etcd": {"hosts": self._etcd},  # by etcd3 Patroni 3.0 sometimes sees old words for ever
            "bootstrap": {
                "dcs": DECIDED,
                "initdb": ["no-sync", {"encoding": "UTF8"}, {"locale": "C.UTF-8"}],
                "pg_hba": [
                    "host replication replicator 127.0.0.1/32 scram-sha-256",
                    "host all all 127.0.0.1/32 scram-sha-256",
                ],
            },
            "postgresql": {
                **_at(self.port),
                "data_dir": str(self._data),
                "bin_dir": str(program(POSTGRESQL).parent),
                "pgpass": str(self._server.folder / "pgpass"),
                "authentication": {
                    "superuser": superuser,
                    "replication": replication,
                    "rewind": superuser,
                },
                "parameters": local,
                "remove_data_directory_on_rewind_failure": True,
                "remove_data_directory_on_diverged_timelines": True,
            },
        }

    # -- what it says ----------------------------------------------------------------------------

    def status(self) -> dict[str, Any]:
        """What its Patroni says of it; empty if it does not answer."""
        return asked(f"http://127.0.0.1:{self._rest}/patroni")

    def cluster(self) -> list[dict[str, Any]]:
        """What its Patroni says of all."""
        members: list[dict[str, Any]] = asked(f"http://127.0.0.1:{self._rest}/cluster").get(
            "members", []
        )
        return members

    def move_to(self, other: PatroniNode) -> None:
        """Patroni's switchover."""
        wanted = json.dumps({"leader": self.name, "candidate": other.name}).encode()
        address = f"http://127.0.0.1:{self._rest}/switchover"
        with urlopen(Request(address, wanted), timeout=60) as answer:
            assert answer.status == 200, answer.read()

    def log(self) -> str:
        return self._server.log()

    # -- what is done to it ----------------------------------------------------------------------

    def postmaster(self) -> int:
        """Its process; 0 if there is none."""
        with suppress(OSError, ValueError, IndexError):
            pid = int((self._data / "postmaster.pid").read_text().splitlines()[0])
            if Path(f"/proc/{pid}").exists():
                return pid
        return 0

    def kill_postgres(self) -> None:
        """kill -9 of all its processes; Patroni lives."""
        for pid in family(self.postmaster()):
            _tell(pid, signal.SIGKILL)

    def freeze(self) -> None:
        """The whole node stands still, as a virtual machine that is moved."""
        for pid in (self._server.pid, *family(self.postmaster())):
            _tell(pid, signal.SIGSTOP)

    def thaw(self) -> None:
        for pid in (*family(self.postmaster()), self._server.pid):
            _tell(pid, signal.SIGCONT)

    def stop(self) -> None:
        self._server.stop()


DECIDED = {
    "ttl": TTL,
    "loop_wait": LOOP,
    "retry_timeout": RETRY,
    "primary_start_timeout": 0,  # a primary that crashed is replaced, not waited for
    "synchronous_mode": True,
    "postgresql": {
        "use_pg_rewind": True,
        "parameters": {
            "max_connections": 60,
            "shared_buffers": "32MB",
            "wal_keep_size": "256MB",
            "wal_sender_timeout": "4s",
            "wal_receiver_timeout": "4s",
            "wal_receiver_status_interval": "1s",
            "wal_retrieve_retry_interval": "500ms",
        },
    },
}
"""What all nodes agree on, kept in etcd."""


class PatroniCluster:
    """Three nodes and three members of etcd, begun once for a whole run."""

    def __init__(self, *, durable: bool = False) -> None:
        self._password = secrets.token_hex(8)
        self._databases = itertools.count(1)
        self.etcd = [EtcdMember(f"e{place}") for place in (1, 2, 3)]
        hosts = ",".join(f"127.0.0.1:{each.client}" for each in self.etcd)
        words = {"superuser": self._password, "replication": secrets.token_hex(8)}
        self.nodes = [
            PatroniNode(f"n{place}", hosts, words, durable=durable) for place in (1, 2, 3)
        ]

    def start(self) -> None:
        *first, last = self.etcd
        for each in first:
            each.start(self.etcd, lambda: True)
        last.start(self.etcd, lambda: all(each.healthy() for each in self.etcd))
        for node in self.nodes:
            node.start()
        self.whole()

    def url(self, database: str, driver: str = "") -> str:
        """All three hosts, as an operator writes them."""
        scheme = f"postgresql+{driver}" if driver else "postgresql"
        hosts = ",".join(f"127.0.0.1:{node.port}" for node in self.nodes)
        return f"{scheme}://hallgate:{self._password}@{hosts}/{database}"

    @contextmanager
    def fresh_database(self) -> Iterator[str]:
        """The URL, for SQLAlchemy, of an empty database that goes when the block ends."""
        name = f"hall_{next(self._databases)}"
        self._say(f"CREATE DATABASE {name}")
        try:
            yield self.url(name, driver="psycopg")
        finally:
            self.mend()
            self._say(f"DROP DATABASE {name} WITH (FORCE)")

    def _say(self, statement: str) -> None:
        url = self.url("postgres") + "?target_session_attrs=read-write&connect_timeout=5"
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(statement.encode())

    # -- who is what -----------------------------------------------------------------------------

    def primary(self, but: PatroniNode | None = None) -> PatroniNode | None:
        """Who may write now: what a libpq that asks for read-write would find."""
        for node in self.nodes:
            if node is not but and self._writes(node):
                return node
        return None

    def _writes(self, node: PatroniNode) -> bool:
        url = f"postgresql://hallgate:{self._password}@127.0.0.1:{node.port}/postgres"
        with suppress(psycopg.OperationalError):
            connection = psycopg.connect(f"{url}?connect_timeout=2&target_session_attrs=read-write")
            connection.close()
            return True
        return False

    def leader(self) -> PatroniNode:
        """The primary of a cluster that is whole."""
        found = self.primary()
        assert found is not None, self.said()
        return found

    def switchover(self) -> float:
        """As an operator asks for it: to the synchronous standby. Seconds that it took."""
        began, primary = time.monotonic(), self.leader()
        (standby,) = (each["name"] for each in primary.cluster() if each["role"] == "sync_standby")
        primary.move_to(next(node for node in self.nodes if node.name == standby))
        self.until_another_writes(primary)
        return time.monotonic() - began

    def until_another_writes(self, than: PatroniNode, seconds: float = 60.0) -> float:
        """Seconds that Patroni takes from now until another node may write."""
        began = time.monotonic()
        while self.primary(but=than) is None:
            if time.monotonic() - began > seconds:
                raise NotReady(f"no other primary within {seconds} s:\n{self.said()}")
            time.sleep(LOOK)
        return time.monotonic() - began

    def whole(self) -> None:
        """Returns when there are a primary, a synchronous standby and one more, all in step."""
        until = time.monotonic() + WHOLE_WITHIN
        while not self._is_whole():
            if time.monotonic() > until:
                raise NotReady(f"not one cluster within {WHOLE_WITHIN} s:\n{self.said()}")
            time.sleep(LOOK * 4)

    def _is_whole(self) -> bool:
        members = next(filter(None, (node.cluster() for node in self.nodes)), [])
        roles = sorted(member["role"] for member in members)
        in_step = all(member.get("state") in ("running", "streaming") for member in members)
        lines = len({member.get("timeline") for member in members})
        return roles == ["leader", "replica", "sync_standby"] and in_step and lines == 1

    def mend(self) -> None:
        """Whatever was stopped goes on, and all is one cluster again."""
        for node in self.nodes:
            node.thaw()
        for member in self.etcd:
            if not member.healthy():
                with suppress(Exception):
                    member.kill()
                member.start(self.etcd, member.healthy)
        self.whole()

    def said(self) -> str:
        """The ends of all logs, for whoever wonders."""
        return "\n".join(f"-- {node.name}\n{node.log()}" for node in self.nodes)

    def stop(self) -> None:
        for node in self.nodes:
            node.thaw()
        for node in self.nodes:
            node.stop()
        for member in self.etcd:
            member.stop()


def family(pid: int) -> list[int]:
    """A process and those that it began, itself first; nobody for 0."""
    if not pid:
        return []
    children = Path(f"/proc/{pid}/task/{pid}/children")
    found = [pid]
    with suppress(OSError):
        for child in children.read_text().split():
            found += family(int(child))
    return found


def _at(port: int) -> dict[str, str]:
    return {"listen": f"127.0.0.1:{port}", "connect_address": f"127.0.0.1:{port}"}


def _tell(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


if __name__ == "__main__":  # for trying things by hand
    cluster = PatroniCluster()
    try:
        began = time.monotonic()
        cluster.start()
        print(f"{time.monotonic() - began:.1f} s", cluster.url("postgres"), flush=True)
        sys.stdin.read()
    finally:
        cluster.stop()
