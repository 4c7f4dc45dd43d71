"""Membership: the gateways that share a store, and what each of them may send and keep.

    joined ─ all others have seen it ─▶ serves ─ beats ─▶ serves
    serves ─ no beat for HELD_FOR ─▶ keeps and sends nothing ─ a beat ─▶ serves
    stands still for PATIENCE, or is dead ─▶ taken over ─▶ lost: opened anew, with other slots
    leaves ─▶ its slots are given to one who can send

One gateway is a member that is alone. Whoever takes over counts by his own clock. A gateway that
was stopped, by whatever, finds its last beat too old before it keeps or sends anything; and the
last question of every transaction is whether its slots are still its own, which on PostgreSQL they
then stay until the commit.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from threading import Lock
from typing import Final, cast

from gateway.cluster.held_slots import HeldSlots
from gateway.cluster.identity import is_dead
from gateway.cluster.others import OtherMember, Others, heirs, interrupted, looked, senders
from gateway.cluster.under_way import BatchesUnderWay
from gateway.model.cluster_view import ClusterView
from gateway.model.own_thread import OwnThread, Repeated
from gateway.ops.log import Log
from gateway.store.connection import Connection, StoreFailure
from gateway.store.members import Joining, MemberRow, SqlMembers, WaitingRows, fence
from gateway.store.outage import named
from gateway.store.store import Store

LOOK: Final = 0.5  # seconds between looks at the others
BEAT: Final = 2.0  # seconds between beats
HELD_FOR: Final = 10.0
"""Seconds since the last beat after which we keep and send nothing: before others take over."""
PATIENCE: Final = 15.0
"""Seconds without a beat after which a member is taken for dead."""
SECOND: Final = 1.0  # seconds for which who cannot send lets others go first
STRANDED: Final = 10.0  # seconds without a bind after which others send what waits
SEARCH: Final = 5.0  # seconds between looks for what waits for nobody
COUNT: Final = 10.0  # seconds between counts of what waits


def since_boot() -> float:
    """Seconds, those included for which the machine slept."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class Membership:
    """Its beats come from a thread of their own: neither a busy reactor nor a busy desk is taken
    for a dead gateway. `clock` goes on while the machine sleeps; `wall` gives seconds since
    1970."""

    def __init__(
        self,
        store: Store,
        me: Joining,
        log: Log,
        clock: Callable[[], float] = since_boot,
        wall: Callable[[], float] = time.time,
        thread: Callable[[str, float, Callable[[], bool]], Repeated] = OwnThread,
        is_dead: Callable[[str], bool] = is_dead,
    ) -> None:
        self.me = me
        self.clock = clock
        self.others: Others = {}
        self.takeovers = self.hand_overs = 0
        self.waiting: Mapping[int, WaitingRows] = {}  # in the store by slot, when last counted
        self.is_lost = False
        self.sends: Callable[[], bool] = lambda: False
        """Whether a bind of ours can send."""
        self._retired = False  # others are to give us nothing any more
        # called in the thread of the beats
        self.lost: Callable[[], None] = lambda: None
        self.regained: Callable[[], None] = lambda: None
        self.gained: Callable[[Callable[[], None]], None] = lambda accept: accept()
        self.inherited: Callable[[], None] = lambda: None
        self.stranded: Callable[[], None] = lambda: None
        self._store, self._log = store, log
        self._wall, self._is_dead = wall, is_dead
        self._under_way = BatchesUnderWay()
        self._beaten = self._told = -math.inf
        self._told_sends = False
        self._seen = self._joined = 0
        self._in_doubt = False  # as the log was told
        self._held = HeldSlots(store, me, self._under_way, self._now_ms)
        self._one = Lock()  # changes of what we hold, and looks at it
        self._could_send = -math.inf
        self._searched = self._counted = -math.inf
        self._thread = thread("membership", LOOK, self._go_on)

    # -- what the desk and the outbox ask; any thread ----------------------------------------------

    def ours(self) -> bool:
        """Whether anything may leave; costs nothing."""
        return self.clock() - self._beaten < HELD_FOR

    def batch(self) -> AbstractContextManager[ClusterView]:
        return self._under_way.batch()

    def holds(self, connection: object, view: ClusterView, used: frozenset[int]) -> bool:
        """gateway.model.cluster_view.Member: asked as the last statement."""
        if not self.ours():
            return False
        found = fence(cast(Connection, connection), {*view.held, *used})
        for slot, epoch in view.held.items():
            if found.get(slot) != (epoch, self.me.holder):
                if self.view.held.get(slot) == epoch:  # not by our own doing
                    self._beaten = -math.inf
                    self._thread.wake()
                return False
        if any(slot not in found or not found[slot][1] for slot in used):
            self._adopt_soon()  # what waits there nobody sends
            return False
        return True

    @property
    def view(self) -> ClusterView:
        return self._under_way.view

    @property
    def alone(self) -> bool:
        """Nobody else writes to the store or has left anything to send."""
        return self.view.alone

    @property
    def own(self) -> int:
        """The slot from which we give ids."""
        return self.view.own

    @property
    def slots(self) -> frozenset[int]:
        """All that we hold."""
        return frozenset(self.view.held)

    def is_first(self) -> bool:
        """What one gateway is enough for is done by this one."""
        return self.ours() and all(self.own < other.row.slot for other in self.others.values())

    def reasons(self) -> list[str]:
        """Why nothing can be served."""
        if self.ours():
            return []
        return ["this gateway could not tell the store that it lives: others may send what waits"]

    # -- joining ---------------------------------------------------------------------------------

    def join(self) -> None:
        """In a thread. Raises NoSlot, or StoreFailure."""
        now = self.clock()
        with self._store.transaction() as connection:
            members = SqlMembers(connection)
            members.join(self.me, self._is_dead, self._now_ms())
            rows, number = members.rows(), members.view()
        mine = self._held.mine(rows)
        own = next(row.slot for row in rows if row.slot in mine and row.own)
        self._beaten = self._told = self._could_send = now
        self._joined = self._seen = number
        self._under_way.change(number=number, own=own, held=mine)
        self._look_at(rows, number, now)

    def silent(self) -> list[str]:
        """The names of those that have not seen yet that we are here: before, nothing is served."""
        return [one.holder for one in self.others.values() if one.row.seen < self._joined]

    def start(self) -> None:
        """Go on by itself."""
        self._thread.start()

    def _go_on(self) -> bool:
        """Whether there is to be another step."""
        try:
            self.step()
        except StoreFailure as error:
            self._doubt(error)
        return not self.is_lost

    # -- going on --------------------------------------------------------------------------------

    def step(self) -> None:
        """A look at all members, a beat if it is time, and what follows. Raises StoreFailure."""
        with self._one:
            self._step()

    def _step(self) -> None:
        now, late = self.clock(), not self.ours()
        reached = self._under_way.all_go_by() or self._seen
        sends = self.sends() and not self._retired
        if now - self._told < BEAT and reached <= self._seen and sends == self._told_sends:
            with self._store.reading() as connection:
                members = SqlMembers(connection)
                rows, number = members.rows(), members.view()
        else:
            with self._store.transaction() as connection:
                members = SqlMembers(connection)
                members.beat(self.me.holder, reached, sends=sends)
                rows, number = members.rows(), members.view()
            if not self._held.are_taken(rows):
                self._beaten, self._told, self._seen = now, now, reached
                self._told_sends = sends
        if self._held.are_taken(rows):
            self._lose()
            return
        if (late or self._in_doubt) and self.ours():
            self._in_doubt = False
            self._log.event("member", slot=self.own, serves=True)
            self.regained()
        self._look_at(rows, number, now)
        self._follow(rows, now)

    def _look_at(self, rows: list[MemberRow], number: int, now: float) -> None:
        before, self.others = self.others.keys(), looked(self.others, rows, self.me.holder, now)
        if (accept := self._held.gained(rows)) is not None:
            self.gained(accept)
        alone = self._is_alone(rows)
        floor = self._floor() if alone and not self.alone else self.view.floor
        self._under_way.change(
            number=number, alone=alone, senders=senders(self.others), floor=floor
        )
        if before != self.others.keys():
            self._log.event("members", count=1 + len(self.others), view=number, alone=alone)

    def _is_alone(self, rows: list[MemberRow]) -> bool:
        """Also what others have written for us before they went must have been read, and what they
        have left to nobody must be ours."""
        if self.others or self._held.mine(rows).keys() != {self.own}:
            return False
        if self.alone:
            return True
        with self._store.reading() as connection:
            members = SqlMembers(connection)
            if members.orphaned():
                self._adopt_soon()
                return False
            return not members.has_handed(self.own)

    def _floor(self) -> int:
        """While others wrote as well, turns may have gone ahead of our ids."""
        with self._store.reading() as connection:
            return SqlMembers(connection).newest_turn(self.own)

    def _follow(self, rows: list[MemberRow], now: float) -> None:
        for other in self.others.values():
            if self._is_over(other, now):
                self._take_over(other)
        self._held.give_up_what_is_empty()
        free = any(not row.holder for row in rows)
        if now - self._searched >= SEARCH and free and (self.sends() or not self.view.senders):
            self._searched = now
            if self._held.adopt():
                self._thread.wake()
        if self.sends():
            self._could_send = now
        elif now - self._could_send > STRANDED and self.view.senders and self._held.have_work():
            self._could_send = now
            self.stranded()
        if now - self._counted >= COUNT:
            self._counted = now
            with self._store.reading() as connection:
                self.waiting = SqlMembers(connection).waiting(self._now_ms())

    def _adopt_soon(self) -> None:
        """Until somebody has it, whoever would write behind it is refused."""
        self._searched = -math.inf
        self._thread.wake()

    # -- others have gone ------------------------------------------------------------------------

    def _is_over(self, other: OtherMember, now: float) -> bool:
        patience = 0.0 if self._is_dead(other.holder) else PATIENCE
        rest = (o for o in self.others.values() if o is not other and o.row.sends)
        if not self.sends() and any(rest):
            patience += SECOND
        return now - other.since >= patience

    def _take_over(self, other: OtherMember) -> None:
        with self._store.transaction() as connection:
            members = SqlMembers(connection)
            if not members.take_over(self.me, other.slots, self.own, self._now_ms()):
                return
        self.takeovers += 1
        slots = sorted(other.slots)
        self._log.event("taken over", slots=slots, who=other.holder)
        self.inherited()
        self._thread.wake()

    # -- we go -----------------------------------------------------------------------------------

    def renew(self) -> int:
        """In a thread: another slot of our own. No batch goes by the others any more: hand them
        over, or `keep` them. Raises NoSlot, or StoreFailure."""
        with self._one:
            return self._held.renew()

    def hand_over(self) -> bool:
        """In a thread: to a member that can send; false if none can any more. Raises
        StoreFailure."""
        if not (to := heirs(self.others, self._is_dead, sending=True)):
            return False
        with self._one:
            slots = self._held.hand_over(to)
        self.hand_overs += 1
        self._log.event("handed over", slots=slots, to=to[0].holder)
        return True

    def keep(self) -> None:
        """What we meant to hand over is ours as before."""
        with self._one:
            self._held.keep()
        self._thread.wake()

    def retire(self) -> None:
        """In a thread: others are to give us nothing more; what they gave until then is known."""
        self._retired = True
        try:
            if not self.is_lost:
                self.step()
        except StoreFailure as error:
            self._doubt(error)

    def leave(self) -> None:
        """In a thread: the others need not wait. Nobody gives away what another has, and what waits
        somebody has, even if he cannot send now: what nobody had would be overtaken."""
        self._thread.stop()
        beaten, self._beaten = self._beaten, -math.inf
        if self.is_lost or beaten == -math.inf:
            return
        try:
            self._held.leave(heirs(self.others, self._is_dead))
        except StoreFailure as error:  # others will see that we stand still
            self._log.event("slots not given back", error=named(error))

    # -- in doubt, and lost ----------------------------------------------------------------------

    def _doubt(self, error: StoreFailure) -> None:
        self.others = interrupted(self.others, self.clock())
        if not (self._in_doubt or self.ours()):
            self._in_doubt = True
            self._log.event("member", slot=self.own, serves=False, error=named(error))

    def _lose(self) -> None:
        self._beaten, self.is_lost = -math.inf, True
        self._log.event("membership lost", slot=self.own)
        self.lost()

    def _now_ms(self) -> int:
        return int(self._wall() * 1000)
