"""Who has a subscriber's waiting messages: whoever has them gets the new ones too."""

from __future__ import annotations

from collections.abc import Collection
from zlib import crc32

from sqlalchemy import Connection, case, func, literal_column, select, text

from gateway.model.cluster_view import Place
from gateway.store.engine import Among, OnPostgres
from gateway.store.tables import WAITING, outbox

_HANDED = case((outbox.c.handed, literal_column("1")), else_=literal_column("0"))
_WAITING_FOR = Among(
    select(outbox.c.destination, outbox.c.owner, func.max(outbox.c.turn), func.max(_HANDED))
    .where(WAITING, outbox.c.screen.is_(None), text("after_ms = 0"))
    .group_by(outbox.c.destination, outbox.c.owner),
    outbox.c.destination,
)
_LOCKS = OnPostgres(
    text("SELECT count(pg_advisory_xact_lock(k)) FROM unnest(CAST(:keys AS bigint[])) AS k"),
    "keys",
)
_CLASS = 0x68616C00 << 32  # of these locks: any number that others do not use


def lock_destinations(connection: Connection, destinations: Collection[str]) -> None:
    """Until the commit nobody else decides about these; everywhere in the same order."""
    if connection.dialect.name != "postgresql":  # SQLite lets one write at a time anyway
        return
    keys = sorted({_CLASS | crc32(destination.encode()) for destination in destinations})
    _LOCKS.rows(connection, keys)


def waiting_for(connection: Connection, destinations: Collection[str]) -> dict[str, Place]:
    """Where the last of a subscriber's waiting short messages stands. What is to leave later waits
    in no order."""
    found: dict[str, Place] = {}
    for destination, owner, turn, handed in _WAITING_FOR.rows(connection, tuple(destinations)):
        before = found.get(destination)
        if before is None or before.turn < turn:
            found[destination] = Place(int(owner), int(turn), bool(handed))
    return found
