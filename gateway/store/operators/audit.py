"""The audit: appended in the transaction of the act, in one chain for all processes.

The head of the chain (how many, and the last hash) is a row of `meta` that whoever appends locks:
acts wait for each other, messages never do. It is signed with the hall's key, so a tail that was
cut off is missed even by who wrote the rest of the database anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, insert, select, update

from gateway.model.operators.audit import DONE, AuditEntry, AuditHead, AuditRecord
from gateway.security.encryption import Seal
from gateway.store.ports.audit_head import HEAD, START, head_row, opened, put_head, signed
from gateway.store.sqlite import any_text
from gateway.store.tables import audit, meta

IN_FULL: Final = "subscribers.reveal"
BROKEN: Final = "audit.broken"
_LONGEST: Final = 500  # characters of a column
_UNFIT: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_CHUNK: Final = 2_000  # rows read at once


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """Which entries are asked for; empty and 0: any."""

    operator: str = ""
    subscriber: str = ""
    action: str = ""  # or its object: subscribers
    since: int = 0
    until: int = 0  # not at or after
    before: int = 0  # older than this entry


class SqlAudit:
    def __init__(self, connection: Connection, seal: Seal) -> None:
        self._connection = connection
        self._seal = seal

    def append(self, *entries: AuditEntry) -> AuditHead:
        """Last in a transaction that writes: others who append wait until it ends."""
        if not entries:
            return self.head() or START
        head, broken = self._locked()
        if broken:
            at = entries[0].at
            told = AuditEntry("hallgate", "store", BROKEN, result=broken, at=at)
            entries = (told, *entries)
        rows = []
        for entry in entries:
            record = linked(self._seal, head, entry)
            rows.append(record.as_row() | {"hash": record.hash})
            head = AuditHead(record.id, record.hash)
        self._connection.execute(insert(audit), rows)
        moved = update(meta).where(meta.c.name == HEAD)
        self._connection.execute(moved.values(value=signed(self._seal, head)))
        return head

    def head(self) -> AuditHead | None:
        """Where the chain ends; None if that is not there, or not signed by us."""
        value = self._connection.execute(head_row()).scalar()
        return None if value is None else opened(self._seal, value)

    def holds(self, anchor: AuditHead) -> bool:
        """Whether that entry is as it was when its hash was told."""
        found = select(audit.c.hash).where(audit.c.id == anchor.count)
        return self._connection.execute(found).scalar() == anchor.hash

    def find(self, wanted: AuditQuery, limit: int) -> list[AuditRecord]:
        """The newest first."""
        query = _matching(wanted).order_by(audit.c.id.desc()).limit(limit)
        return self._records(query)

    def count(self, wanted: AuditQuery) -> int:
        query = select(func.count()).select_from(audit).where(*_conditions(wanted))
        return int(self._connection.execute(query).scalar() or 0)

    def seen_in_full(self, operator: str, since: int) -> set[str]:
        """The subscribers whom somebody has looked at so since that moment."""
        query = select(audit.c.subscriber.distinct()).where(_lately(operator, since))
        found = self._connection.execute(query.where(audit.c.action == IN_FULL))
        return set(found.scalars()) - {""}

    def did_here(self, action: str, operator: str, origin: str, since: int) -> bool:
        """Whether somebody has done that from there since that moment."""
        query = select(audit.c.id).where(_lately(operator, since), audit.c.action == action)
        query = query.where(audit.c.origin == origin, audit.c.result == DONE).limit(1)
        return self._connection.execute(query).first() is not None

    def all(self, wanted: AuditQuery | None = None) -> Iterator[AuditRecord]:
        """The oldest first, however many there are."""
        query = _matching(wanted or AuditQuery()).order_by(audit.c.id).limit(_CHUNK)
        records = self._records(query)  # also those that nobody of us can have numbered so
        while records:
            yield from records
            records = self._records(query.where(audit.c.id > records[-1].id))

    def _records(self, query: Select[Any]) -> list[AuditRecord]:
        """However somebody has bent them: what is no text, or no number, fits no hash."""
        with any_text(self._connection):
            return [_record(row) for row in self._connection.execute(query)]

    def _locked(self) -> tuple[AuditHead, str]:
        """Where to go on, which nobody else does until we are through; and what is wrong with it,
        which has to be remembered."""
        query = head_row().with_for_update()
        value = self._connection.execute(query).scalar()
        if value is None:  # somebody has taken it away: each store begins with one
            put_head(self._connection, "")
            value = self._connection.execute(query).scalar_one()
        head, last = opened(self._seal, str(value)), self._last()
        if head is not None and last.count <= head.count:
            return head, ""
        return last, "the head was missing, an older one, or not signed by the hall"

    def _last(self) -> AuditHead:
        query = select(audit.c.id, audit.c.hash).order_by(audit.c.id.desc()).limit(1)
        row = self._connection.execute(query).first()
        return AuditHead(int(row.id), str(row.hash)) if row else START


def linked(seal: Seal, head: AuditHead, entry: AuditEntry) -> AuditRecord:
    """The entry as the next one behind a head."""
    entry = _fit(entry)
    number = head.count + 1
    return AuditRecord(number, entry, hash_of(seal, head.hash, number, entry))


def hash_of(seal: Seal, before: str, number: int, entry: AuditEntry) -> str:
    values = (
        number,
        entry.at,
        entry.operator,
        entry.origin,
        entry.action,
        entry.subscriber,
        entry.reason,
        entry.result,
    )
    return seal.link(before, orjson.dumps(values))


def _fit(entry: AuditEntry) -> AuditEntry:
    """Every store can keep it, and nothing in it looks like another line."""
    return AuditEntry(
        _line(entry.operator),
        _line(entry.origin),
        _line(entry.action),
        _line(entry.subscriber),
        _line(entry.reason),
        _line(entry.result),
        entry.at,
    )


def _line(text: str) -> str:
    return _UNFIT.sub(" ", text)[:_LONGEST]


def _record(row: Row[Any]) -> AuditRecord:
    entry = AuditEntry(
        _words(row.operator),
        _words(row.origin),
        _words(row.action),
        _words(row.subscriber),
        _words(row.reason),
        _words(row.result),
        row.at if isinstance(row.at, int) else 0,
    )
    return AuditRecord(int(row.id), entry, _words(row.hash))


def _words(value: object) -> str:
    """SQLite keeps whatever is put into a column."""
    return value if isinstance(value, str) else repr(value)


def _matching(wanted: AuditQuery) -> Select[Any]:
    return select(audit).where(*_conditions(wanted))


def _lately(operator: str, since: int) -> ColumnElement[bool]:
    """By their index, from the first entry of that time on."""
    columns = audit.c
    first = select(columns.id).where(columns.at >= since).order_by(columns.at).limit(1)
    return and_(
        columns.operator == operator, columns.id >= first.scalar_subquery(), columns.at >= since
    )


def _conditions(wanted: AuditQuery) -> list[ColumnElement[bool]]:
    columns, found = audit.c, []
    if wanted.operator:
        found.append(columns.operator == wanted.operator)
    if wanted.subscriber:
        found.append(columns.subscriber == wanted.subscriber)
    if wanted.action:
        inside = columns.action.startswith(f"{wanted.action}.", autoescape=True)
        found.append((columns.action == wanted.action) | inside)
    if wanted.since:
        found.append(columns.at >= wanted.since)
    if wanted.until:
        found.append(columns.at < wanted.until)
    if wanted.before:
        found.append(columns.id < wanted.before)
    return found
