"""Where subscribers stand: one port, kept in the store's own transaction or in Redis."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple, Protocol, cast

import orjson
from redis import BlockingConnectionPool, Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from sqlalchemy import Connection, delete, select

from gateway.model.session_state import SessionState, ends, packed, plain, read, unpacked
from gateway.store.engine import Among, Many
from gateway.store.tables import dialogues, inbox


class SessionChange(NamedTuple):
    """What a batch has made of where somebody stands, and by which message."""

    was: SessionState
    now: SessionState
    by: int


class Sessions(Protocol):
    """Keys name a subscriber on a channel, `sms:13800138001`; moments are seconds since 1970."""

    def load(self, connection: Connection, keys: Iterable[str]) -> dict[str, SessionState]:
        """Where those of them stand who stand anywhere."""
        ...

    def save(self, connection: Connection, changed: Mapping[str, SessionChange], now: int) -> None:
        """Put what they are now; an empty one is removed."""
        ...

    def answers(self) -> None:
        """Return if they can be written; raise if not. Waits: for a thread."""
        ...


_AMONG = Among(select(dialogues.c.who, dialogues.c.state), dialogues.c.who)
_GONE = Among(delete(dialogues), dialogues.c.who)
_KEEP = Many(dialogues, ("who", "state", "until_at"), key="who")


class StoreSessions:
    """In the table `dialogues`, within the transaction that made the change."""

    def load(self, connection: Connection, keys: Iterable[str]) -> dict[str, SessionState]:
        rows = _AMONG.rows(connection, list(keys))
        return {str(row[0]): unpacked(row[1]) for row in rows}

    def save(self, connection: Connection, changed: Mapping[str, SessionChange], now: int) -> None:
        states = {who: change.now for who, change in changed.items()}
        _GONE.change(connection, (), [who for who, now in states.items() if now.empty])
        _KEEP.put(
            connection,
            [(who, packed(now), ends(now)) for who, now in states.items() if not now.empty],
        )

    def answers(self) -> None:
        """Whenever the store does."""


_KEPT = Among(select(inbox.c.id), inbox.c.id)


class RedisSessions:
    """In Redis, one round trip a batch each way.

    Written before the store commits, and together with what it was before: when the store does not
    know the message that made the change, the commit never came, and the change never was."""

    PREFIX = "hallgate:dialogue:"
    READY = "hallgate:ready"

    def __init__(self, url: str) -> None:
        # a batch waits for it within its transaction, and PostgreSQL not long for the batch
        # (`store.postgresql.IDLE_MS`): 5 s at most
        pool = BlockingConnectionPool.from_url(
            url, max_connections=8, timeout=1, socket_timeout=2, retry=Retry(NoBackoff(), 1)
        )
        self._redis = Redis(connection_pool=pool)

    def load(self, connection: Connection, keys: Iterable[str]) -> dict[str, SessionState]:
        wanted = list(keys)
        if not wanted:
            return {}
        states = cast(list[bytes | None], self._redis.mget([self.PREFIX + who for who in wanted]))
        found = zip(wanted, states, strict=True)
        changes = {who: _change(state) for who, state in found if state is not None}
        by = [change.by for change in changes.values()]
        kept = {int(row[0]) for row in _KEPT.rows(connection, by)}
        return {who: c.now if c.by in kept else c.was for who, c in changes.items()}

    def save(self, connection: Connection, changed: Mapping[str, SessionChange], now: int) -> None:
        if not changed:
            return
        with self._redis.pipeline(transaction=False) as pipeline:
            for who, change in changed.items():
                pipeline.set(self.PREFIX + who, _change_packed(change), ex=_alive(change, now))
            pipeline.execute()

    def answers(self) -> None:
        self._redis.set(self.READY, b"", ex=60)

    def close(self) -> None:
        self._redis.connection_pool.disconnect()


# What a dialogue was is wanted again if the message that ended it comes again.
LATEST_REPEAT = 3_600


def _alive(change: SessionChange, now: int) -> int:
    """Seconds for which a change is kept."""
    if change.now.empty:
        return LATEST_REPEAT
    return max(LATEST_REPEAT, ends(change.now) - now)


def _change_packed(change: SessionChange) -> bytes:
    return orjson.dumps({"was": plain(change.was), "now": plain(change.now), "by": change.by})


def _change(state: bytes) -> SessionChange:
    written = orjson.loads(state)
    return SessionChange(read(written["was"]), read(written["now"]), written["by"])
