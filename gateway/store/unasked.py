"""What waits to be said to who has not asked, in the transaction of whoever wants it said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple
from zlib import crc32

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Connection,
    Select,
    Update,
    bindparam,
    delete,
    false,
    func,
    null,
    select,
    text,
    true,
    update,
)

from gateway.model.unasked import WITHIN, UnaskedMessage
from gateway.security.encryption import Seal
from gateway.store.engine import Among, Many, inserting
from gateway.store.tables import outbox, unasked, unasked_stops

WAITING: Final = 0
LEFT: Final = 1
DROPPED: Final = 2
HELD: Final = "held"
GONE: Final = "dropped"

_ADD = Many(
    unasked,
    ("phone", "text_sealed", "tongue", "meaning", "source", "due_at", "urgent", "state"),
    arrays=True,
)
_TOLD = Among(
    select(unasked.c.phone, unasked.c.meaning, unasked.c.due_at).where(unasked.c.state != DROPPED),
    unasked.c.phone,
)
_STOPPED = Among(
    select(unasked.c.outbox_id, unasked_stops.c.state).join(
        unasked_stops, unasked_stops.c.source == unasked.c.source
    ),
    unasked.c.outbox_id,
)
_ON_THE_WAY: Final = [
    select(unasked.c.id)
    .join(outbox, outbox.c.id == unasked.c.outbox_id)
    # as the indexes of what waits, and is leaving, have it: few do, many have left
    .where(text(state), unasked.c.source == bindparam("source"))
    .limit(1)
    for state in ("outbox.state = 0", "outbox.state = 3")
]
_LOCKS = text("SELECT count(pg_advisory_xact_lock(k)) FROM unnest(CAST(:keys AS bigint[])) AS k")
_CLASS: Final = 0x68616C01 << 32  # of these locks: any number that others do not use
_LOCKED: Final = 1024  # locks at most in one transaction


class WaitingUnasked(NamedTuple):
    """A row whose turn it is."""

    id: int
    message: UnaskedMessage


class SqlUnasked:
    def __init__(self, connection: Connection, seal: Seal) -> None:
        self._connection = connection
        self._seal = seal

    def add(self, messages: Iterable[UnaskedMessage]) -> list[UnaskedMessage]:
        """Kept in the caller's transaction, some hundreds at once; those that were. The others are
        not said: the same number was told that within a day before or after, or will be."""
        offered = list(messages)
        numbers = sorted({int(message.phone) for message in offered})
        self._lock(numbers)
        told: dict[tuple[int, str], list[int]] = {}
        for phone, meaning, at in _TOLD.rows(self._connection, numbers, (DROPPED,)):
            told.setdefault((int(phone), meaning), []).append(int(at))
        kept = []
        for message in offered:
            moments = told.setdefault((int(message.phone), message.meaning), [])
            if all(abs(message.not_before - at) >= WITHIN for at in moments):
                moments.append(message.not_before)
                kept.append(message)
        _ADD.put(self._connection, [self._row(message) for message in kept])
        return kept

    def _lock(self, numbers: Iterable[int]) -> None:
        """Until the commit nobody else decides about these; everywhere in the same order."""
        if self._connection.dialect.name != "postgresql":  # SQLite lets one write at a time anyway
            return
        keys = sorted({_CLASS | crc32(b"%d" % number) % _LOCKED for number in numbers})
        self._connection.execute(_LOCKS, {"keys": keys})

    def _row(self, message: UnaskedMessage) -> tuple[object, ...]:
        return (
            int(message.phone),
            self._seal.seal(message.text),
            message.tongue,
            message.meaning,
            message.source,
            message.not_before,
            message.urgent,
            WAITING,
        )

    # -- for the pace ----------------------------------------------------------------------------

    def due(self, now: int, limit: int, *, polite: bool) -> list[WaitingUnasked]:
        """Whose turn it is, and nobody else's until the commit. Outside polite hours only what is
        urgent."""
        found = self._due(now, limit, urgent=True)
        if polite and len(found) < limit:
            found += self._due(now, limit - len(found), urgent=False)
        return found

    def _due(self, now: int, limit: int, *, urgent: bool) -> list[WaitingUnasked]:
        query = _whose_turn(select(unasked), now, urgent=urgent)
        query = query.order_by(unasked.c.due_at, unasked.c.id).limit(limit)
        rows = self._connection.execute(query.with_for_update(skip_locked=True))
        return [
            WaitingUnasked(
                row.id,
                UnaskedMessage(
                    str(row.phone),
                    self._seal.open(row.text_sealed),
                    row.tongue,
                    row.meaning,
                    row.source,
                    row.due_at,
                    row.urgent,
                ),
            )
            for row in rows
        ]

    def left(self, moved: Sequence[tuple[int, int]], now: int) -> None:
        """These rows are in the outbox now, under those ids."""
        if not moved:
            return
        change = update(unasked).where(unasked.c.id == bindparam("row"))
        change = change.values(state=LEFT, due_at=now, outbox_id=bindparam("under"))
        rows = [{"row": row, "under": under} for row, under in moved]
        self._connection.execute(change, rows)

    def waits(self, now: int, *, polite: bool) -> bool:
        """Whether anything is due."""
        kinds = _WAIT if polite else _WAIT[:1]
        return any(self._connection.execute(wait, {"now": now}).first() for wait in kinds)

    def stopped(self, ids: Sequence[int]) -> dict[int, str]:
        """Of what is in the outbox under these ids: what is not to leave after all, and why."""
        return {int(id): str(state) for id, state in _STOPPED.rows(self._connection, ids)}

    def back(self, ids: Sequence[int]) -> None:
        """These have not left the outbox: what is held waits again, what is dropped is so."""
        for id, state in self.stopped(ids).items():
            change = update(unasked).where(unasked.c.outbox_id == id)
            waits = state == HELD
            change = change.values(state=WAITING, outbox_id=0) if waits else _dropped(change)
            self._connection.execute(change)

    # -- for who wants it said -------------------------------------------------------------------

    def hold(self, source: str) -> None:
        """Nothing of this source leaves for now: also what gateways have in hand already."""
        self._stop(source, HELD)

    def release(self, source: str) -> None:
        """What was held may leave again."""
        self._connection.execute(delete(unasked_stops).where(unasked_stops.c.source == source))

    def drop(self, source: str) -> None:
        """Nobody is told any more what waits of this source, or is in the outbox yet."""
        self._stop(source, GONE)
        these = (unasked.c.source == source) & (unasked.c.state == WAITING)
        self._connection.execute(_dropped(update(unasked).where(these)))

    def _stop(self, source: str, state: str) -> None:
        row = inserting(self._connection, unasked_stops).values(source=source, state=state)
        row = row.on_conflict_do_update(index_elements=["source"], set_={"state": state})
        self._connection.execute(row)

    def waiting_of(self, source: str) -> int:
        """How many of this source wait, or are held."""
        mine = (unasked.c.source == source) & (unasked.c.state == WAITING)
        return int(self._connection.execute(select(func.count()).where(mine)).scalar_one())

    def on_the_way(self, source: str) -> bool:
        """Whether anything of this source is in the outbox, and the peer has not taken it yet."""
        asked = {"source": source}
        return any(self._connection.execute(each, asked).first() for each in _ON_THE_WAY)


def _dropped(change: Update) -> Update:
    return change.values(state=DROPPED, text_sealed=null())


def _whose_turn(rows: Select[Any], now: int | BindParameter[int], *, urgent: bool) -> Select[Any]:
    columns = unasked.c
    turn = columns.urgent == (true() if urgent else false())
    stopped = columns.source.in_(select(unasked_stops.c.source))
    return rows.where(text("unasked.state = 0"), turn, columns.due_at <= now, ~stopped)


_WAIT: Final = [
    _whose_turn(select(unasked.c.id), bindparam("now", type_=BigInteger), urgent=urgent).limit(1)
    for urgent in (True, False)
]
"""Whether something is due: first what is urgent."""
