"""One gateway at a time serves a store: the one that holds its lease.

    free, given back, its holder is dead or stands still ─▶ ours ─ beats ─▶ ours
    its holder lives ─▶ refused, or waited for as a standby
    ours ─ no beat for HELD_FOR ─▶ not ours for now ─ a beat ─▶ ours
    ours ─ another has taken over ─▶ lost for ever: nothing more is kept or sent

Whoever waits counts by his own clock, and only while the store answers him; so a holder whom the
same outage kept from beating has had his time. A gateway that was stopped, by whatever, finds its
last beat too old before it keeps or sends anything. Stopped within a transaction it keeps SQLite's
lock, and nobody can take over before that is over; PostgreSQL ends such a transaction
(`store.postgresql.IDLE_MS`). HELD_FOR and that time together are less than what others wait.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Event, Thread
from typing import Final

from twisted.internet.task import deferLater
from twisted.internet.threads import deferToThread

from gateway.cluster.identity import GatewayIdentity, is_dead, read
from gateway.cluster.leases import BEAT, PATIENCE
from gateway.model.hall_reactor import IHallReactor
from gateway.ops.log import Log
from gateway.store.connection import Connection, RowExists, StoreFailure, shares_its_clock
from gateway.store.leases import LeaseRow, SqlLeases, holder_of
from gateway.store.outage import named
from gateway.store.store import Store, StoreProblem

NAME: Final = "gateway"
HELD_FOR: Final = 8.0
"""Seconds since the last beat after which we keep and send nothing."""
AGAIN: Final = 0.5  # seconds between beats that the store does not take
LOOK: Final = 0.25  # seconds between looks of who waits for it
SILENT: Final = 2 * BEAT  # seconds without a beat after which who waits says so

LEFT_AGAIN: Final = "another gateway has served it meanwhile, and left: start this one anew"


def since_boot() -> float:
    """Seconds, those included for which the machine slept."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class Occupied(StoreProblem):
    """Another gateway serves the store."""

    def __init__(self, holder: GatewayIdentity) -> None:
        super().__init__(
            f"another gateway serves it: {_described(holder)}. One at a time serves a store. Stop "
            "that one, or start this one with `hallgate run --standby`: it waits, and takes over"
        )


def _described(holder: GatewayIdentity) -> str:
    since = datetime.fromtimestamp(holder.since, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    return f"process {holder.pid} on {holder.host or 'an unknown machine'}, since {since}"


class OwnershipWatch:
    """Watching a lease that somebody else has: whether he lives, and whether it may be taken."""

    def __init__(self) -> None:
        self.alive = False  # it has moved while we looked
        self.holder = ""
        self._row: LeaseRow | None = None
        self._since = 0.0  # by our own clock: as it is for so long

    def may_take(self, row: LeaseRow, now: float) -> bool:
        self.alive = self.alive or (self._row is not None and row != self._row)
        if row != self._row:
            self._row, self._since, self.holder = row, now, row.holder
        return not row.holder or is_dead(row.holder) or now - self._since >= PATIENCE

    def interrupted(self) -> None:
        """The store was away: perhaps for him as well."""
        self._row = None


class Ownership:
    """`me` names this gateway like no other. Its beats come from a thread of their own: neither a
    busy reactor nor a busy desk is taken for a dead gateway. `clock` goes on while the machine
    sleeps."""

    def __init__(
        self,
        store: Store,
        me: str,
        log: Log,
        clock: Callable[[], float] = since_boot,
        lost: Callable[[StoreProblem], None] = lambda problem: None,
    ) -> None:
        """`lost` is called once, in our thread: another gateway has taken over."""
        self._store = store
        self._me = me
        self._log = log
        self._clock = clock
        self._beaten = -math.inf
        self._in_doubt = False  # as the log was told
        self._ending = Event()
        self._thread = Thread(target=self._beat, name="ownership", daemon=True)
        self._lost = lost
        self.regained: Callable[[], None] = lambda: None
        """Called in that thread: it was in doubt for a while, and is ours."""

    # -- is it ours? -----------------------------------------------------------------------------

    def ours(self) -> bool:
        """Whether anything may leave; costs nothing."""
        return self._clock() - self._beaten < HELD_FOR

    def holds(self, connection: Connection) -> bool:
        """Whether a transaction may be committed: asked as its last statement. Who shares a file
        shares the clock as well; of a server's gateways each machine has its own, and it may have
        stood still."""
        if shares_its_clock(connection) or not self.ours():
            return self.ours()
        return holder_of(connection, NAME) == self._me

    def reasons(self) -> list[str]:
        """Why nothing can be served."""
        if self.ours():
            return []
        return ["another gateway may serve the store by now: ours could not tell it that it lives"]

    # -- taking it -------------------------------------------------------------------------------

    async def take(
        self,
        reactor: IHallReactor,
        *,
        standby: bool = False,
        go_on: Callable[[], None] = lambda: None,
    ) -> None:
        """Returns when it is ours. Raises Occupied within seconds if its holder lives, unless we
        are a `standby`. One who says nothing is waited for: he may have died elsewhere. `go_on` is
        called again and again, and may raise."""
        watch, began, told = OwnershipWatch(), self._clock(), False
        while not await deferToThread(self.taken, watch, quietly=standby):
            go_on()
            if watch.alive and not standby:
                raise Occupied(read(watch.holder))
            if not told and (watch.alive or self._clock() - began >= SILENT):
                self._tell_waiting(watch)
                told = True
            await deferLater(reactor, LOOK)
        self._log.event("lease", what=NAME, held=True)
        self._thread.start()

    def _tell_waiting(self, watch: OwnershipWatch) -> None:
        facts = {} if watch.alive else {"at_most": PATIENCE}
        self._log.event("waiting for another gateway", who=_described(read(watch.holder)), **facts)

    def taken(self, watch: OwnershipWatch, *, quietly: bool = False) -> bool:
        """In a thread: take it if that can be done. Raises StoreProblem if the store is away, and
        not if that shall be `quietly` tried again."""
        now = self._clock()
        try:
            with self._store.transaction() as connection:
                if not self._taken(SqlLeases(connection), watch, now):
                    return False
        except RowExists:  # somebody has begun it in the same moment
            return False
        except StoreFailure as error:
            watch.interrupted()
            if quietly:
                return False
            raise StoreProblem(f"it does not answer: {named(error)}") from error
        self._beaten = now
        return True

    def _taken(self, leases: SqlLeases, watch: OwnershipWatch, now: float) -> bool:
        row = leases.find(NAME)
        if row is None:
            leases.begin(NAME, self._me)
            return True
        return watch.may_take(row, now) and leases.move(NAME, row, self._me)

    # -- keeping it, in a thread of its own ------------------------------------------------------

    def _beat(self) -> None:
        pause = BEAT
        while not self._ending.wait(pause):
            now = self._clock()
            try:
                holder = self.beaten()
            except StoreFailure as error:
                self._doubt(error)
                pause = AGAIN
                continue
            pause = BEAT
            if holder != self._me:
                self._lose(holder)
                return
            late, self._beaten = not self.ours(), now
            if late or self._in_doubt:
                self._in_doubt = False
                self._log.event("lease", what=NAME, held=True)
                self.regained()

    def beaten(self) -> str:
        """A beat, if it is still ours; who has it."""
        with self._store.transaction() as connection:
            leases = SqlLeases(connection)
            row = leases.find(NAME)
            if row is None:  # the tables were made anew: nobody has ever served these
                leases.begin(NAME, self._me)
                return self._me
            if row.holder == self._me:
                leases.move(NAME, row, self._me)
            return row.holder

    def _doubt(self, error: StoreFailure) -> None:
        if not (self._in_doubt or self.ours()):
            self._in_doubt = True
            self._log.event("lease", what=NAME, held=False, error=named(error))

    def _lose(self, holder: str) -> None:
        self._beaten = -math.inf
        problem = Occupied(read(holder)) if holder else StoreProblem(LEFT_AGAIN)
        self._log.event("lease lost", what=NAME, why=str(problem))
        self._lost(problem)

    def give_back(self) -> None:
        """In a thread: the next need not wait. Nobody gives back what another has."""
        self._ending.set()
        if self._thread.ident is not None:
            self._thread.join()
        try:
            with self._store.transaction() as connection:
                leases = SqlLeases(connection)
                row = leases.find(NAME)
                if row is not None and row.holder == self._me:
                    leases.move(NAME, row, "")
        except StoreFailure as error:  # others will see that we stand still
            self._log.event("lease not given back", what=NAME, error=named(error))
        self._beaten = -math.inf
