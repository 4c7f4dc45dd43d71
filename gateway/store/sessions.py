"""Where subscribers stand: one port, kept in the store's own transaction or in Redis."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from threading import Event, Lock, Thread
from typing import Final, NamedTuple, Protocol, cast

import orjson
from redis import BlockingConnectionPool, Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from sqlalchemy import BigInteger, Connection, delete, literal_column, select
from sqlalchemy import cast as cast_to

from gateway.model.session_state import SessionState, ends, packed, plain, read, unpacked
from gateway.ops.log import Log
from gateway.store.engine import Among, Many, inserting
from gateway.store.outage import Outage, is_away
from gateway.store.tables import dialogues, inbox, meta

LOOK: Final = 0.5  # seconds between looks whether Redis is back


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

    def reasons(self) -> list[str]:
        """What is known to be amiss."""
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

    def reasons(self) -> list[str]:
        return []


_VOID = "dialogues void"
_VOID_UPTO = (
    select(meta.c.value).where(meta.c.name == literal_column(f"'{_VOID}'")).scalar_subquery()
)
_KEPT = Among(select(inbox.c.id, _VOID_UPTO), inbox.c.id)


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
        if not changes:
            return {}
        rows = _KEPT.rows(connection, [change.by for change in changes.values()])
        kept = {int(row[0]) for row in rows}
        void = rows[0][1] if rows else connection.execute(select(_VOID_UPTO)).scalar()
        return {
            who: c.now if c.by in kept else c.was
            for who, c in changes.items()
            if c.by > int(void or 0)
        }

    def save(self, connection: Connection, changed: Mapping[str, SessionChange], now: int) -> None:
        if not changed:
            return
        with self._redis.pipeline(transaction=False) as pipeline:
            for who, change in changed.items():
                pipeline.set(self.PREFIX + who, _change_packed(change), ex=_alive(change, now))
            pipeline.execute()

    def forget(self, connection: Connection, upto: int) -> None:
        """Nobody stands any more where a message up to this one has led him: what came of it later
        could not be written here."""
        row = inserting(connection, meta).values(name=_VOID, value=str(upto))
        newer = cast_to(meta.c.value, BigInteger) < cast_to(row.excluded.value, BigInteger)
        row = row.on_conflict_do_update(
            index_elements=["name"], set_={"value": row.excluded.value}, where=newer
        )
        connection.execute(row)

    def answers(self) -> None:
        self._redis.set(self.READY, b"", ex=60)

    def reasons(self) -> list[str]:
        return []

    def close(self) -> None:
        self._redis.connection_pool.disconnect()


class RedisWhileItAnswers:
    """Redis for a gateway, which serves without it as well: then dialogues begin anew, and once it
    is back nobody finds himself where he had gone on from meanwhile."""

    def __init__(self, redis: RedisSessions, log: Log) -> None:
        self.outage = Outage()
        self._redis = redis
        self._log = log
        self._closing = Event()
        self._lock = Lock()

    def load(self, connection: Connection, keys: Iterable[str]) -> dict[str, SessionState]:
        wanted = list(keys)
        if not self.outage.what:
            try:
                return self._redis.load(connection, wanted)
            except RedisError as error:
                self._away(error)
        return {}

    def save(self, connection: Connection, changed: Mapping[str, SessionChange], now: int) -> None:
        if not changed:
            return
        if not self.outage.what:
            try:
                self._redis.save(connection, changed, now)
                return
            except RedisError as error:
                self._away(error)
        self._redis.forget(connection, max(change.by for change in changed.values()))

    def _away(self, error: RedisError) -> None:
        """From now on nobody waits for it but a thread of its own."""
        if not is_away(error):
            raise error
        with self._lock:
            if not self.outage.what:
                self.outage.began(error, self._log)
                Thread(target=self._wait_for_it, name="redis", daemon=True).start()

    def _wait_for_it(self) -> None:
        while not self._closing.wait(LOOK):
            try:
                self._redis.answers()
            except RedisError:
                continue
            self.outage.over(self._log)
            return

    def answers(self) -> None:
        """Asked as long as nobody knows better; see `reasons`."""
        if not self.outage.what:
            self._redis.answers()

    def reasons(self) -> list[str]:
        why = self.outage.why
        return [f"Redis does not answer: {why}; until it does, dialogues begin anew"] if why else []

    def close(self) -> None:
        self._closing.set()
        self._redis.close()


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
