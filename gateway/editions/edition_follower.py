"""Keeps the menus of a running gateway as the store has them, whoever decided and at which copy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from gateway.dialogue.menus_in_force import MenusInForce
from gateway.dialogue.snapshot import HallSnapshot
from gateway.editions.loading import LoadedEditions, keep_own, load_editions
from gateway.ops.log import Log
from gateway.store.menus.editions import SqlEditions
from gateway.store.store import Store


class EditionFollower:
    """Everything here waits for the store: call it from a thread, once at a time. `wall` gives
    seconds since 1970."""

    def __init__(self, store: Store, wall: Callable[[], float], log: Log) -> None:
        self._store = store
        self._wall = wall
        self._log = log
        self._mark: tuple[int, int] | None = None
        self._unlogged: LoadedEditions | None = None

    def news(self) -> bool:
        """Whether the store says something else than when it was last looked into."""
        with self._store.reading() as connection:
            return SqlEditions(connection).mark() != self._mark

    def arranged(self, snapshot: HallSnapshot, before: MenusInForce | None = None) -> HallSnapshot:
        """The snapshot with the menus that are in force. What stood `before` stays within reach of
        the dialogues that are open on it."""
        now = int(self._wall())
        with self._store.transaction() as connection:
            keep_own(SqlEditions(connection), snapshot.menus, now)
        with self._store.reading() as connection:
            editions = SqlEditions(connection)
            mark = editions.mark()
            loaded = load_editions(editions, snapshot.menus.book, snapshot.world, now, before)
        self._mark = mark  # only now: what failed half-way is looked at again
        if loaded.findings or before is None or _differ(loaded.in_force, before):
            self._unlogged = loaded
        return replace(snapshot, in_force=loaded.in_force)

    def tell(self) -> None:
        """What is in force, once it is served from."""
        loaded, self._unlogged = self._unlogged, None
        if loaded is None:
            return
        in_force = loaded.in_force
        if loaded.findings:
            told = [str(finding) for finding in loaded.findings]
            self._log.event("menus not taken up", instead=in_force.book.version, findings=told)
        else:
            canary = in_force.canary.book.version if in_force.canary else ""
            self._log.event("menus", version=in_force.book.version, canary=canary)


def _differ(one: MenusInForce, other: MenusInForce) -> bool:
    return (one.book.version, one.canary) != (other.book.version, other.canary)
