"""Where subscribers stand: one port, kept in the store's own transaction or in Redis."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Protocol, cast

import orjson
from redis import BlockingConnectionPool, Redis
from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from commands.dialogue import Choice, Dialogue, Pending, Step
from commands.vocabulary import Confirm, Level
from gateway.store.engine import Among
from gateway.store.tables import dialogues


class Sessions(Protocol):
    """Keys name a subscriber on a channel, `sms:13800138001`; moments are seconds since 1970."""

    def load(self, connection: Connection, keys: Iterable[str]) -> dict[str, Dialogue]:
        """The dialogues that are open, among these."""
        ...

    def save(self, connection: Connection, changed: Mapping[str, Dialogue], now: int) -> None:
        """Put the changed ones; an empty dialogue is removed."""
        ...


_AMONG = Among(select(dialogues.c.who, dialogues.c.state), dialogues.c.who)


class StoreSessions:
    """In the table `dialogues`, within the transaction that made the change."""

    def load(self, connection: Connection, keys: Iterable[str]) -> dict[str, Dialogue]:
        rows = _AMONG.rows(connection, list(keys))
        return {str(row[0]): unpacked(row[1]) for row in rows}

    def save(self, connection: Connection, changed: Mapping[str, Dialogue], now: int) -> None:
        if not changed:
            return
        gone = [who for who, dialogue in changed.items() if dialogue.empty]
        if gone:
            connection.execute(delete(dialogues).where(dialogues.c.who.in_(gone)))
        kept = [
            {"who": who, "state": packed(dialogue), "until_at": ends(dialogue)}
            for who, dialogue in changed.items()
            if not dialogue.empty
        ]
        if kept:
            insert = (sqlite if connection.dialect.name == "sqlite" else postgresql).insert
            fresh = insert(dialogues)
            values = {"state": fresh.excluded.state, "until_at": fresh.excluded.until_at}
            connection.execute(
                fresh.on_conflict_do_update(index_elements=["who"], set_=values), kept
            )


class RedisSessions:
    """In Redis, one round trip a batch each way. Written before the store commits: a dialogue
    that is ahead of the store finds no order to confirm, so being stale is harmless."""

    PREFIX = "hallgate:dialogue:"

    def __init__(self, url: str) -> None:
        pool = BlockingConnectionPool.from_url(url, max_connections=8, timeout=5, socket_timeout=5)
        self._redis = Redis(connection_pool=pool)

    def load(self, connection: Connection, keys: Iterable[str]) -> dict[str, Dialogue]:
        wanted = list(keys)
        if not wanted:
            return {}
        states = cast(list[bytes | None], self._redis.mget([self.PREFIX + who for who in wanted]))
        found = zip(wanted, states, strict=True)
        return {who: unpacked(state) for who, state in found if state is not None}

    def save(self, connection: Connection, changed: Mapping[str, Dialogue], now: int) -> None:
        if not changed:
            return
        with self._redis.pipeline(transaction=False) as pipeline:
            for who, dialogue in changed.items():
                if dialogue.empty:
                    pipeline.delete(self.PREFIX + who)
                else:
                    alive = max(1, ends(dialogue) - now)
                    pipeline.set(self.PREFIX + who, packed(dialogue), ex=alive)
            pipeline.execute()

    def close(self) -> None:
        self._redis.close()


# An expired confirm is still answered with "too late" for this long before it is forgotten.
EXPIRED_IS_TOLD = 24 * 3600


def ends(dialogue: Dialogue) -> int:
    moments = [pending.until + EXPIRED_IS_TOLD for pending in dialogue.pending]
    moments += [part.until for part in (dialogue.choice, dialogue.step) if part is not None]
    return max(moments)


def packed(dialogue: Dialogue) -> bytes:
    return orjson.dumps(asdict(dialogue))


def unpacked(state: bytes) -> Dialogue:
    plain = orjson.loads(state)
    choice, step = plain["choice"], plain["step"]
    return Dialogue(
        Choice(tuple(choice["items"]), choice["until"]) if choice else None,
        tuple(
            Pending(p["order"], p["action"], Confirm(p["confirm"]), p["until"])
            for p in plain["pending"]
        ),
        Step(**step | {"level": Level(step["level"])}) if step else None,
    )
