"""Leases: of all gateways on a store, one serves an Asterisk, and one asks the BOSS.

    wanted ─ nobody holds it, or its holder stands still ─▶ held ─ beats ─▶ held
    held ─ another has it, or the store has been away for a while ─▶ not held

No two clocks are compared: whoever wants a lease watches the holder's count by his own clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from twisted.internet.defer import Deferred
from twisted.internet.task import LoopingCall
from twisted.python.failure import Failure

from gateway.cluster.identity import is_dead
from gateway.model.hall_reactor import IHallReactor, in_thread
from gateway.ops.log import Log
from gateway.store.connection import RowExists, StoreFailure
from gateway.store.leases import LeaseRow, SqlLeases
from gateway.store.store import Store

BEAT: Final = 2.0  # seconds between beats
PATIENCE: Final = 15.0
"""Seconds without a beat after which a holder is taken for dead."""
WITHIN: Final = 4.0
"""Seconds that a beat may take."""
LET_GO: Final = 10.0
"""Seconds without the store after which a holder holds nothing any more: before others take it."""


class _Seen(NamedTuple):
    row: LeaseRow
    since: float  # by our own clock


class LeaseWatch:
    """What is done in a thread. `me` names this gateway like no other."""

    def __init__(self, store: Store, me: str) -> None:
        self._store = store
        self._me = me
        self._seen: dict[str, _Seen] = {}

    def look(self, names: Iterable[str], now: float) -> set[str]:
        """Those that are ours now; a beat for each. `now` is in seconds of our own clock."""
        return {name for name in names if self._mine(name, now)}

    def _mine(self, name: str, now: float) -> bool:
        try:
            with self._store.transaction() as connection:
                return self._ours(SqlLeases(connection), name, now)
        except RowExists:  # somebody has begun it in the same moment
            return False

    def _ours(self, leases: SqlLeases, name: str, now: float) -> bool:
        row = leases.find(name)
        if row is None:
            leases.begin(name, self._me)
            return True
        seen = self._seen.get(name)
        if seen is None or seen.row != row:
            seen = self._seen[name] = _Seen(row, now)
        still = now - seen.since >= PATIENCE or is_dead(row.holder)
        if row.holder in ("", self._me) or still:
            return leases.move(name, row, self._me)
        return False

    def give_back(self, names: Iterable[str]) -> None:
        """The next need not wait."""
        with self._store.transaction() as connection:
            leases = SqlLeases(connection)
            for name in names:
                row = leases.find(name)
                if row is not None and row.holder == self._me:
                    leases.move(name, row, "")


class Leases:
    """Whoever wants a lease is told when it comes and when it goes, in the reactor's thread."""

    def __init__(self, reactor: IHallReactor, watch: LeaseWatch, log: Log) -> None:
        self.known = False  # what is whose has been seen once
        self._reactor = reactor
        self._watch = watch
        self._log = log
        self._wanted: dict[str, Callable[[bool], None]] = {}
        self._held: set[str] = set()
        self._beaten = reactor.seconds()
        self._beating: Deferred[None] | None = None
        self._repeat = LoopingCall(self._beat)
        self._repeat.clock = reactor

    def want(self, name: str, told: Callable[[bool], None]) -> None:
        """Before `start`."""
        self._wanted[name] = told

    def holds(self, name: str) -> bool:
        return name in self._held

    def held(self) -> dict[str, bool]:
        return {name: name in self._held for name in self._wanted}

    def start(self) -> None:
        if self._wanted:
            self._repeat.start(BEAT)

    async def stop(self) -> None:
        """Give back what is held, behind a beat that is on its way."""
        if self._repeat.running:
            self._repeat.stop()
        if self._beating is not None:
            await self._beating
        self._held = set()
        if not self.known:
            return
        try:
            await in_thread(self._reactor, self._watch.give_back, tuple(self._wanted))
        except StoreFailure as error:  # others will see that we stand still
            self._log.event("lease not given back", error=error)

    def _beat(self) -> Deferred[None]:
        now = self._reactor.seconds()
        looking = in_thread(self._reactor, self._watch.look, tuple(self._wanted), now)
        looking.addTimeout(WITHIN, self._reactor)
        self._beating = looking.addCallbacks(self._found, self._failed, callbackArgs=(now,))
        return self._beating

    def _found(self, held: set[str], now: float) -> None:
        if self._repeat.running:
            self._beaten, self.known = now, True
            self._settle(held)

    def _failed(self, failure: Failure) -> None:
        """The store is away, and whether somebody else has ours nobody can say."""
        if self._held and self._reactor.seconds() - self._beaten >= LET_GO:
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
