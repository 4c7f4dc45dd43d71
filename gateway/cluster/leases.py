"""Leases: of all gateways on a store, one serves an Asterisk, and one asks the BOSS.

    wanted ─ nobody holds it, or its holder is no member any more ─▶ held
    held ─ another has it, or this gateway may do nothing for now ─▶ not held

Whether a holder lives is the members' business: once they have taken over from it, its leases are
free. Nobody takes one who is no member. What two have named alike, and find in different places, is
a mistake of people: the one that has not got the lease says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final, NamedTuple

from twisted.internet.defer import Deferred, DeferredLock
from twisted.internet.task import LoopingCall
from twisted.python.failure import Failure

from gateway.cluster.identity import read
from gateway.model.hall_reactor import IHallReactor, in_thread
from gateway.ops.log import Log
from gateway.store.connection import Connection, RowExists, StoreFailure
from gateway.store.leases import LeaseRow, SqlLeases
from gateway.store.members import SqlMembers
from gateway.store.store import Store

LOOK: Final = 2.0  # seconds between looks
WITHIN: Final = 4.0
"""Seconds that a look may take."""


class LeasesSeen(NamedTuple):
    held: set[str]  # those that are ours
    elsewhere: Mapping[str, str]
    """Those that others hold for something in another place than we know; where, for people."""


class LeaseWatch:
    """What is done in a thread. `me` names this gateway like no other."""

    def __init__(self, store: Store, me: str) -> None:
        self._store = store
        self._me = me

    def look(self, wanted: Mapping[str, str]) -> LeasesSeen:
        """By their names, where each leads to; empty: it has no place."""
        rows = {name: self._row(name, place) for name, place in wanted.items()}
        return LeasesSeen(
            {name for name, row in rows.items() if row is not None and row.holder == self._me},
            {
                name: _described(row)
                for name, row in rows.items()
                if row is not None and row.holder != self._me and _differ(row.place, wanted[name])
            },
        )

    def _row(self, name: str, place: str) -> LeaseRow | None:
        """As it stands once we have taken it, if it was free; None: we may not know."""
        try:
            with self._store.transaction() as connection:
                if not SqlMembers(connection).is_member(self._me):
                    return None
                return self._taken(connection, name, place)
        except RowExists:  # somebody has begun it in the same moment
            return None

    def _taken(self, connection: Connection, name: str, place: str) -> LeaseRow | None:
        leases = SqlLeases(connection)
        row = leases.find(name)
        if row is None:
            leases.begin(name, self._me, place)
        elif row.holder and SqlMembers(connection).is_member(row.holder):
            return row
        elif not leases.move(name, row, self._me, place):
            return None
        return leases.find(name)

    def give_back(self, names: Iterable[str]) -> None:
        """The next need not wait."""
        with self._store.transaction() as connection:
            leases = SqlLeases(connection)
            for name in names:
                row = leases.find(name)
                if row is not None and row.holder == self._me:
                    leases.move(name, row, "")


def _differ(one: str, other: str) -> bool:
    return bool(one and other) and one != other


def _described(row: LeaseRow) -> str:
    """Where its holder finds it, for people."""
    at, _, near = row.place.partition(" ")
    return f"{at} on {read(row.holder).host or 'an unknown machine'}" if near else at


class Leases:
    """Whoever wants a lease is told when it comes and when it goes, in the reactor's thread."""

    def __init__(
        self, reactor: IHallReactor, watch: LeaseWatch, ours: Callable[[], bool], log: Log
    ) -> None:
        """`ours`: whether this gateway may do anything now."""
        self.known = False  # what is whose has been seen once
        self._reactor = reactor
        self._watch = watch
        self._ours = ours
        self._log = log
        self._wanted: dict[str, Callable[[bool], None]] = {}
        self._places: dict[str, str] = {}
        self._elsewhere: Mapping[str, str] = {}
        self._held: set[str] = set()
        self._looks = DeferredLock()
        self._repeat = LoopingCall(self._look)
        self._repeat.clock = reactor

    def want(self, name: str, told: Callable[[bool], None], place: str = "") -> None:
        """Before `start`. `place`: where it leads to, if it has one."""
        self._wanted[name] = told
        self._places[name] = place

    def elsewhere(self, name: str) -> str:
        """Where its holder finds it, if that is another place than ours: two things were named
        alike. Empty: it is as it should be."""
        return self._elsewhere.get(name, "")

    def holds(self, name: str) -> bool:
        return name in self._held

    def held(self) -> dict[str, bool]:
        return {name: name in self._held for name in self._wanted}

    def start(self) -> None:
        if self._wanted:
            self._repeat.start(LOOK)

    def look_again(self) -> None:
        """Somebody is gone, and what he had may be free: callers wait for whoever goes on with
        them."""
        if self._repeat.running:
            self._look()

    async def stop(self) -> None:
        """Give back what is held, behind a look that is on its way."""
        if self._repeat.running:
            self._repeat.stop()
        await self._looks.run(lambda: None)
        self._held = set()
        if not self.known:
            return
        try:
            await in_thread(self._reactor, self._watch.give_back, tuple(self._wanted))
        except StoreFailure as error:  # whoever sees that we are gone takes them
            self._log.event("lease not given back", error=error)

    def _look(self) -> Deferred[None]:
        return self._looks.run(self._one_look)

    def _one_look(self) -> Deferred[None]:
        looking = in_thread(self._reactor, self._watch.look, dict(self._places))
        looking.addTimeout(WITHIN, self._reactor)
        return looking.addCallbacks(self._found, self._failed)

    def _found(self, seen: LeasesSeen) -> None:
        if self._repeat.running:
            self.known = True
            self._tell_of(seen.elsewhere)
            self._settle(seen.held if self._ours() else set())

    def _tell_of(self, elsewhere: Mapping[str, str]) -> None:
        """Once, as long as it is so."""
        before, self._elsewhere = self._elsewhere, elsewhere
        for name in sorted(elsewhere.keys() - before.keys()):
            self._log.event("named alike", what=name, theirs=elsewhere[name])

    def _failed(self, failure: Failure) -> None:
        """The store is away, and whether somebody else has ours nobody can say."""
        if self._held and not self._ours():
            self._log.event("leases let go", error=failure.value)
            self._settle(set())

    def _settle(self, held: set[str]) -> None:
        before, self._held = self._held, held
        for name in sorted(before ^ held):
            self._log.event("lease", what=name, held=name in held)
            try:
                self._wanted[name](name in held)
            except Exception as error:  # of one; the beats of all must go on
                self._log.event("lease not taken up", what=name, error=error)
