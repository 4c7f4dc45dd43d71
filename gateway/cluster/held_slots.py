"""The slots that this gateway holds: inherited, given up once nothing waits there, handed over as a
whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from gateway.cluster.under_way import BatchesUnderWay
from gateway.store.members import Joining, MemberRow, SqlMembers
from gateway.store.store import Store


class HeldSlots:
    """Called by one thread at a time. `now_ms` gives milliseconds since 1970."""

    def __init__(
        self, store: Store, me: Joining, under_way: BatchesUnderWay, now_ms: Callable[[], int]
    ) -> None:
        self._store = store
        self._me = me
        self._under_way = under_way
        self._now_ms = now_ms
        self._gaining: set[int] = set()  # ours, and not taken up yet
        self._leaving: set[int] = set()  # no batch goes by them any more: they will be free
        self._handing: set[int] = set()  # or given to another

    def mine(self, rows: Iterable[MemberRow]) -> dict[int, int]:
        """The epochs of those that the store says are ours."""
        return {row.slot: row.epoch for row in rows if row.holder == self._me.holder}

    def are_taken(self, rows: Iterable[MemberRow]) -> bool:
        """Whether another has one that we go by."""
        mine = self.mine(rows)
        return any(mine.get(slot) != epoch for slot, epoch in self._under_way.view.held.items())

    def gained(self, rows: Iterable[MemberRow]) -> Callable[[], None] | None:
        """If there are new ones: what takes them up."""
        known = {*self._under_way.view.held, *self._gaining, *self._leaving, *self._handing}
        fresh = {slot: epoch for slot, epoch in self.mine(rows).items() if slot not in known}
        if not fresh:
            return None
        self._gaining |= fresh.keys()

        def accept() -> None:
            self._under_way.gain(fresh)
            self._gaining -= fresh.keys()

        return accept

    def adopt(self) -> bool:
        """What waits for nobody becomes ours; whether there was anything."""
        with self._store.reading() as connection:
            if not SqlMembers(connection).orphaned():
                return False
        with self._store.transaction() as connection:
            SqlMembers(connection).adopt(self._me, self._under_way.view.own, self._now_ms())
        return True

    def give_up_what_is_empty(self) -> None:
        """An inherited slot in which nothing waits that is due: first no batch goes by it, then it
        is free."""
        view, now_ms = self._under_way.view, self._now_ms()
        if self._leaving and self._under_way.all_go_by() is not None:
            with self._store.transaction() as connection:
                for slot in self._leaving:
                    SqlMembers(connection).free(self._me.holder, slot, view.own, now_ms)
            self._leaving = set()
        if inherited := view.held.keys() - {view.own}:
            with self._store.reading() as connection:
                members = SqlMembers(connection)
                self._leaving = {slot for slot in inherited if members.is_empty(slot, now_ms)}
            self._under_way.drop(self._leaving)

    def have_work(self) -> bool:
        """Whether something waits that is due."""
        with self._store.reading() as connection:
            members = SqlMembers(connection)
            slots, now_ms = self._under_way.view.held, self._now_ms()
            return any(not members.is_empty(slot, now_ms) for slot in slots)

    def renew(self) -> int:
        """Another slot of our own; from now on no batch goes by those that we had, which are to be
        handed over. Raises NoSlot."""
        view = self._under_way.view
        with self._store.transaction() as connection:
            members = SqlMembers(connection)
            fresh = members.renew(self._me, view.own, self._now_ms())
            epoch = self.mine(members.rows())[fresh]
        self._handing = {*view.held}
        self._under_way.change(own=fresh, held={fresh: epoch}, alone=False)
        return fresh

    def hand_over(self, heirs: Sequence[Joining]) -> list[int]:
        """To the first of these that is still there; which."""
        given = sorted(self._handing)
        with self._store.transaction() as connection:
            SqlMembers(connection).give(self._me.holder, given, heirs, self._now_ms())
        self._handing = set()
        return given

    def keep(self) -> None:
        """What we meant to hand over is ours as before."""
        self._handing = set()

    def leave(self, heirs: Sequence[Joining]) -> None:
        """All of them: where something waits, to the first of these that is still there."""
        with self._store.transaction() as connection:
            members = SqlMembers(connection)
            mine = self.mine(members.rows())
            members.give(self._me.holder, mine, heirs, self._now_ms())
