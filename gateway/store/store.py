"""One open store: its engine, its seal, and the ports of one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Final

from sqlalchemy import Connection, exists, false, func, select

from gateway.config.time_zone import OperatorCalendar
from gateway.security.encryption import Seal
from gateway.store import migrate
from gateway.store.connection import SERVING
from gateway.store.engine import READING, checkpoint, inserting, open_engine
from gateway.store.messages import Messages
from gateway.store.ports.accounts import SqlAccounts
from gateway.store.ports.attempts import SqlCodes, SqlStrikes
from gateway.store.ports.audit_head import begin_audit
from gateway.store.ports.boss_jobs import SqlErrands
from gateway.store.ports.one_time_links import SqlLinks
from gateway.store.ports.orders import SqlOrders
from gateway.store.ports.passwords import SqlPasswords
from gateway.store.ports.preferences import SqlPreferences
from gateway.store.ports.recharge_cards import SqlCards
from gateway.store.ports.records import SqlBills, SqlPeople, SqlProfiles
from gateway.store.ports.services import SqlServices
from gateway.store.ports.tickets import SqlTickets
from gateway.store.sqlite import OneWriter
from gateway.store.tables import binds, inbox, meta, metadata, outbox

_ALL_THERE = select(*[exists(select(table).where(false())) for table in metadata.sorted_tables])
"""Fails unless all tables and columns are there; reads nothing."""
AUDIT_BEGINS: Final = "0078"
"""The schema from which on each store has the head of an audit from its first moment."""
_LONG = "-" * 16_000  # octets: more than a page of any store, so that there must be room for one


class StoreProblem(Exception):
    """The store cannot be used as it is; the text says what to do."""


@dataclass(frozen=True, slots=True)
class TransactionPorts:
    """What one transaction sees of the hall."""

    accounts: SqlAccounts
    services: SqlServices
    passwords: SqlPasswords
    orders: SqlOrders
    profiles: SqlProfiles
    bills: SqlBills
    people: SqlPeople
    strikes: SqlStrikes
    codes: SqlCodes
    cards: SqlCards
    tickets: SqlTickets
    preferences: SqlPreferences
    links: SqlLinks
    errands: SqlErrands


def newest_schema() -> str:
    """That this program works with."""
    return migrate.newest()


class Store:
    def __init__(
        self,
        url: str,
        seal: Seal,
        calendar: OperatorCalendar,
        threads: int = 1,
        patience: float = SERVING,
    ) -> None:
        """`patience`: seconds for which a server may say nothing."""
        self.engine = open_engine(url, threads, patience)
        self.seal = seal
        self.calendar = calendar
        self.messages = Messages(seal)
        self._locks_rows = self.engine.dialect.name == "postgresql"
        self._wanted = ""  # the newest schema, once it was looked up
        self._probes = count(1)
        self._writer = OneWriter(self.engine) if self.engine.dialect.name == "sqlite" else None

    def transaction(self) -> AbstractContextManager[Connection]:
        return self.engine.begin() if self._writer is None else self._writer.transaction()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that writes nothing, and waits for no one that does."""
        with self.engine.connect() as connection:
            yield connection.execution_options(**{READING: True})

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A transaction that reads, and sees the store as of its first look, however long it
        takes."""
        with self.engine.connect() as connection:
            if self._locks_rows:  # SQLite's own are so anyway
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection.execution_options(**{READING: True})

    def ports(self, connection: Connection) -> TransactionPorts:
        return TransactionPorts(
            SqlAccounts(connection, self.calendar, lock=self._locks_rows),
            SqlServices(connection, self.calendar),
            SqlPasswords(connection, self.seal),
            SqlOrders(connection, self.seal),
            SqlProfiles(connection),
            SqlBills(connection),
            SqlPeople(connection, self.seal),
            SqlStrikes(connection),
            SqlCodes(connection),
            SqlCards(connection, self.seal),
            SqlTickets(connection, self.seal),
            SqlPreferences(connection),
            SqlLinks(connection, self.seal),
            SqlErrands(connection, self.seal),
        )

    def upgrade(self) -> str:
        """The schema to the newest version, which is returned. Raises StoreProblem."""
        try:
            return migrate.upgrade(self.engine, self._begin_audit)
        except migrate.NewerStore as newer:
            raise StoreProblem(f"has schema {newer}, which is newer than this program") from None

    def prepare(self) -> None:
        """Make an empty store ready; refuse one that this program does not fit, or made with
        another key."""
        with self.reading() as connection:
            found = migrate.version(connection)
        if found is None:
            migrate.upgrade(self.engine, self._begin_audit)
        self._check_version()
        self._check_key()

    def _begin_audit(self, connection: Connection, before: str | None) -> None:
        if before is None or before < AUDIT_BEGINS:
            begin_audit(connection, self.seal)

    def _check_version(self) -> None:
        with self.reading() as connection:
            found = migrate.version(connection)
            wanted = self._wanted = self._wanted or migrate.newest()
            if found == wanted:
                return
            if found is None or found < wanted:
                raise StoreProblem(
                    f"has schema {found}, this program wants {wanted}: hallgate db upgrade"
                )
            oldest = migrate.works_with(connection) or found
        if wanted < oldest:
            raise StoreProblem(
                f"has schema {found}, which works with programs for {oldest} or newer; this one is "
                f"for {wanted}: start the newer program"
            )

    def newest_id(self) -> int:
        """The highest id that was given to a message; 0 for a new store."""
        with self.transaction() as connection:
            newest = [
                connection.execute(select(func.max(t.c.id))).scalar()
                for t in (inbox, outbox, binds)
            ]
        return max(id or 0 for id in newest)

    def _check_key(self) -> None:
        """Refuse to work with a key that the store was not made with: every password would be
        wrong."""
        ours = self.seal.key_mark
        with self.transaction() as connection:
            first = inserting(connection, meta).values(name="key", value=ours)
            connection.execute(first.on_conflict_do_nothing())
            kept = connection.execute(select(meta.c.value).where(meta.c.name == "key")).scalar()
            if kept != ours:
                raise StoreProblem(
                    "it was made with another key: set secrets.key to the one it was made with"
                )

    def checkpoint(self) -> None:
        """Lighten the store's log, beside whoever is writing."""
        checkpoint(self.engine)

    def answers(self) -> None:
        """Return if the store has all that this program works with, and took a row for good. Raises
        StoreProblem, or what SQLAlchemy raises."""
        self._check_version()
        with self.reading() as connection:
            connection.execute(_ALL_THERE)
        with self.transaction() as connection:
            for value in (_LONG, str(next(self._probes))):
                row = inserting(connection, meta).values(name="ready", value=value)
                row = row.on_conflict_do_update(index_elements=["name"], set_={"value": value})
                connection.execute(row)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self.engine.dispose()
