"""PostgreSQL: on which of its hosts it takes writes now, and how long it is waited for.

A server that was killed says so at once: its connections break. One that stands still says nothing,
and the system of its machine answers for it, so that no time-out of TCP comes to anything. Here
whoever asks gives up by himself. What a commit came to is not known then: see
`gateway.serving.batch`. Imported by who opens such a store only: the driver takes its time.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from itertools import zip_longest
from time import monotonic
from typing import Any, Final, TypeVar, cast

import psycopg
from psycopg.errors import ConnectionTimeout
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, Dialect, ExceptionContext
from sqlalchemy.pool import ConnectionPoolEntry

from gateway.store.connection import SERVING, is_standby

Result = TypeVar("Result")

IDLE_MS = 6_000
"""After so long a pause within a transaction PostgreSQL ends it: a gateway that was stopped there
can commit nothing after another has taken over (see `gateway.cluster.membership`)."""
_LONG_IDLE_MS = 60_000
"""The same for one transaction that takes its time: nobody takes over from it, and a machine with
far too much to do may well come to nothing for some seconds. But who stands still holds locks."""
PATIENCE: Final = {
    "connect_timeout": "5",  # seconds, for each host
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",  # milliseconds
}
SEVERAL: Final = {"connect_timeout": "2", "target_session_attrs": "read-write"}
"""Of several hosts only the primary will do, and none of them is waited for long."""

LOOKS_FOR_CLIENT: Final = 140_000  # the version from which a busy server sees that nobody listens


class StoreSilent(psycopg.OperationalError):
    """The server said nothing for too long: it may have done what it was asked, or not."""


class NoPrimary(psycopg.OperationalError):
    """None of the hosts takes writes now; the text says how each of them refused."""


class NotReplicated(psycopg.OperationalError):
    """Committed where we asked, and perhaps not on the standby that would take over."""


def open_postgresql(text: str, threads: int, patience: float) -> Engine:
    """An engine for the store at a URL with one host or several."""
    url = postgresql_url(text)
    engine = create_engine(
        url,
        pool_size=threads + 2,
        pool_timeout=SERVING,
        paramstyle="format",
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args=_waits(url),
    )
    hosts = PostgresHosts(patience)
    event.listen(engine, "do_connect", hosts.connect)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "handle_error", _told)
    return engine


def postgresql_url(text: str) -> URL:
    """SQLAlchemy knows several hosts as a query, libpq as `HOST:PORT,HOST:PORT`: both are read."""
    scheme, _, rest = text.partition("://")
    authority, slash, path = rest.partition("/")
    who, at, hosts = authority.rpartition("@")
    if "," not in hosts:
        return make_url(text)
    url = make_url(f"{scheme}://{who}{at}{slash}{path}")
    named = [_host_and_port(each) for each in hosts.split(",")]
    several = {"host": ",".join(h for h, _ in named), "port": ",".join(p for _, p in named)}
    return url.update_query_dict(several)


def _host_and_port(text: str) -> tuple[str, str]:
    if text.startswith("["):  # an address of IPv6
        host, _, rest = text[1:].partition("]")
        return host, rest.removeprefix(":") or "5432"
    host, _, port = text.partition(":")
    return host, port or "5432"


def _waits(url: URL) -> dict[str, str]:
    """What libpq shall do; what the URL says of it stands."""
    hosts = url.query.get("host", "")
    several = "," in hosts if isinstance(hosts, str) else len(hosts) > 1
    waits = PATIENCE | (SEVERAL if several else {})
    return {name: value for name, value in waits.items() if name not in url.query}


class PostgresHosts:
    """The hosts of a store: who took writes last is asked first, and who kept silent last."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._order: list[tuple[str, str]] = []

    def connect(
        self, _dialect: Dialect, _entry: ConnectionPoolEntry, _words: list[str], how: dict[str, Any]
    ) -> PatientConnection:
        """A connection to one that will do; raises NoPrimary if there are several and none does."""
        if "," not in str(how.get("host", "")):
            return PatientConnection.open(self._patience, how)
        if not self._order:
            ports = str(how.get("port", "")).split(",")
            default = ports[0] if len(ports) == 1 else ""
            hosts = zip_longest(how["host"].split(","), ports, fillvalue=default)
            self._order = [(host, port or "5432") for host, port in hosts]
        refusals = []
        for host, port in tuple(self._order):
            try:
                connection = PatientConnection.open(
                    self._patience, {**how, "host": host, "port": port}
                )
            except psycopg.OperationalError as error:
                if isinstance(error, ConnectionTimeout):
                    self._move((host, port), len(self._order))
                refusals.append(f"{host}:{port} {_refusal(error)}")
            else:
                self._move((host, port), 0)
                return connection
        raise NoPrimary(f"no host takes writes: {', '.join(refusals)}")

    def _move(self, host: tuple[str, str], place: int) -> None:
        order = [each for each in self._order if each != host]
        order.insert(place, host)
        self._order = order  # as a whole: several threads connect


def _refusal(error: psycopg.OperationalError) -> str:
    """In few words; the driver's own may hold the user's name."""
    said = str(error)
    if isinstance(error, ConnectionTimeout):
        return "says nothing"
    if "read-only" in said or "standby" in said:
        return "is a standby"
    if "refused" in said:
        return "is not there"
    if "starting up" in said or "shutting down" in said:
        return "starts or stops"
    return type(error).__name__


class PatientConnection(psycopg.Connection[Any]):
    """A connection whose server is waited for `patience` seconds and no longer."""

    patience = SERVING
    _not_replicated = False

    @classmethod
    def open(cls, patience: float, how: dict[str, Any]) -> PatientConnection:
        connection = cls.connect(**how)
        connection.patience = patience
        connection.add_notice_handler(connection._noticed)
        return connection

    def wait(self, gen: Generator[Any, Any, Result], *how: Any, **named: Any) -> Result:
        """As psycopg's, whoever asked; raises StoreSilent, and then the connection is closed."""
        try:
            return super().wait(_limited(gen, self), *how, **named)
        except StoreSilent:
            self.close()
            raise

    def commit(self) -> None:
        """Raises NotReplicated if somebody made the server give up waiting for its standby."""
        super().commit()
        if self._not_replicated:
            self.close()
            raise NotReplicated("somebody has cancelled the wait for the standby")

    def _noticed(self, told: psycopg.errors.Diagnostic) -> None:
        # by the place in the server's source: its words are in the operator's language
        if told.source_function == "SyncRepWaitForLSN":
            self._not_replicated = True


def _limited(
    gen: Generator[Any, Any, Result], connection: PatientConnection
) -> Generator[Any, Any, Result]:
    """psycopg waits in rounds of a tenth of a second, and says after each whether anything came."""
    silent_since = 0.0
    try:
        wanted = next(gen)
        while True:
            ready = yield wanted
            if ready:
                silent_since = 0.0
            elif not silent_since:
                silent_since = monotonic()
            elif monotonic() - silent_since >= connection.patience:
                raise StoreSilent(f"it has said nothing for {connection.patience:.0f} s")
            wanted = gen.send(ready)
    except StopIteration as end:
        result: Result = end.value
        return result


def _prepare(made: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """What the server itself shall do: end what takes too long, with an answer, before we give up;
    and what nobody listens to any more. It waits for its standby outside of any statement."""
    connection = cast(PatientConnection, made)
    with connection.cursor() as cursor:
        cursor.execute(f"SET idle_in_transaction_session_timeout = {IDLE_MS}")
        if connection.patience == SERVING:
            cursor.execute(f"SET statement_timeout = {int(SERVING * 900)}")
        if connection.info.server_version >= LOOKS_FOR_CLIENT:
            cursor.execute("SET client_connection_check_interval = '2s'")
    connection.commit()


def _told(context: ExceptionContext) -> None:
    """Another host is the primary by now: this connection, and all of its age, are no good."""
    if is_standby(context.original_exception):
        context.is_disconnect = True


@contextmanager
def taking_its_time(connection: Connection) -> Iterator[None]:
    """For one transaction that may take minutes, such as for an index on all messages."""
    driven = connection.connection.driver_connection
    if not isinstance(driven, PatientConnection):
        yield
        return
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    connection.exec_driver_sql(f"SET LOCAL idle_in_transaction_session_timeout = {_LONG_IDLE_MS}")
    before, driven.patience = driven.patience, float("inf")
    try:
        yield
    finally:
        driven.patience = before
