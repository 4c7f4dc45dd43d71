"""What waits to be said to who has not asked, in the transaction of whoever wants it said."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final, NamedTuple
from zlib import crc32

from sqlalchemy import Connection, bindparam, false, func, null, select, text, true, update

from gateway.model.unasked import WITHIN, UnaskedMessage
from gateway.security.encryption import Seal
from gateway.store.engine import Among, Many
from gateway.store.tables import unasked

WAITING: Final = 0
LEFT: Final = 1
DROPPED: Final = 2
HELD: Final = 3

_ADD = Many(
    unasked,
    ("phone", "text_sealed", "tongue", "meaning", "source", "due_at", "urgent", "state"),
)
_TOLD = Among(
    select(unasked.c.phone, unasked.c.meaning, unasked.c.due_at).where(unasked.c.state != DROPPED),
    unasked.c.phone,
)
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
        columns = unasked.c
        turn = columns.urgent == (true() if urgent else false())
        query = select(unasked).where(columns.state == WAITING, turn, columns.due_at <= now)
        query = query.order_by(columns.due_at, columns.id).limit(limit)
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
        change = change.values(
            state=LEFT, due_at=now, text_sealed=null(), outbox_id=bindparam("under")
        )
        rows = [{"row": row, "under": under} for row, under in moved]
        self._connection.execute(change, rows)

    def waits(self, now: int, *, polite: bool) -> bool:
        """Whether anything is due."""
        columns = unasked.c
        due = select(columns.id).where(columns.state == WAITING, columns.due_at <= now)
        urgent = due.where(columns.urgent == true()).limit(1)
        if self._connection.execute(urgent).first() is not None:
            return True
        rest = due.where(columns.urgent == false()).limit(1)
        return polite and self._connection.execute(rest).first() is not None

    # -- for who wants it said -------------------------------------------------------------------

    def drop(self, source: str) -> int:
        """Nobody is told any more what waits of this source; how many would have been."""
        return self._change(source, (WAITING, HELD), DROPPED, wiped=True)

    def hold(self, source: str) -> int:
        """What waits of this source does not leave for now."""
        return self._change(source, (WAITING,), HELD)

    def release(self, source: str) -> int:
        """What was held back may leave again."""
        return self._change(source, (HELD,), WAITING)

    def _change(
        self, source: str, states: Collection[int], state: int, *, wiped: bool = False
    ) -> int:
        these = (unasked.c.source == source) & unasked.c.state.in_(states)
        change = update(unasked).where(these).values(state=state)
        return self._connection.execute(
            change.values(text_sealed=null()) if wiped else change
        ).rowcount

    def waiting_of(self, source: str) -> int:
        """How many of this source wait, or are held back."""
        mine = (unasked.c.source == source) & unasked.c.state.in_((WAITING, HELD))
        return int(self._connection.execute(select(func.count()).where(mine)).scalar_one())
