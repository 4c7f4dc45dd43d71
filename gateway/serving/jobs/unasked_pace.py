"""The pace of all that nobody asked for: a little at each step, and only where answers leave room.

    due in the queue ─ room, nobody waits for an answer ─▶ a few rows of the outbox ─▶ the links
    held or dropped ─▶ taken out of the outbox again, as long as no link has it

Every gateway on the store does so, each row by one of them. A step moves its rows in one
transaction: whoever dies before or after it sends nobody two.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple, Protocol

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall
from twisted.python.failure import Failure

from gateway.config.unasked.unasked_settings import UnaskedSettings
from gateway.delivery.outbox import Outbox
from gateway.delivery.route import UNASKED, class_of
from gateway.model.hall_reactor import IHallReactor, in_thread
from gateway.model.message_id import MessageIds
from gateway.model.messages import SendOutcome
from gateway.model.unasked import PoliteHours
from gateway.ops.log import Log
from gateway.ops.metrics import Metrics
from gateway.serving.unasked_work import MoveUnasked, PutBackUnasked
from gateway.serving.work import HallDesk, HallJob, Served
from gateway.store.store import Store
from gateway.store.unasked import SqlUnasked

STEP: Final = 0.1  # seconds between steps while there is something to say: few messages at each
IDLE: Final = 1.0  # and while there is not
CALM: Final = 50  # requests at the desk at most, and answers that wait for a link, for a step
AGAIN: Final = 1.0  # seconds until what the store did not keep is told it again


class Looked(NamedTuple):
    """What the store says."""

    waits: bool  # something is due
    stopped: Mapping[int, str]  # of what is in hand: what shall not leave, and why


class MayServe(Protocol):
    """gateway.cluster.membership.Membership."""

    def ours(self) -> bool: ...


class UnaskedPace:
    def __init__(
        self,
        reactor: IHallReactor,
        wall: Callable[[], float],
        store: Store,
        desk: HallDesk,
        outbox: Outbox,
        ids: MessageIds,
        settings: UnaskedSettings,
        hours: PoliteHours,
        member: MayServe,
        can_send: Callable[[], bool],
        counts: Metrics,
        log: Log,
    ) -> None:
        self._reactor = reactor
        self._wall = wall
        self._store = store
        self._desk = desk
        self._outbox = outbox
        self._ids = ids
        self._per_second = settings.per_second
        self._hours = hours
        self._member = member
        self._can_send = can_send
        self._counts = counts
        self._log = log
        self._allowance = 0.0  # messages that may be moved at this moment
        self._last = reactor.seconds()
        self._next: IDelayedCall | None = None
        self._failing = False
        self._closing = False

    def start(self) -> None:
        self._after(IDLE)

    def stop(self) -> None:
        """Nothing more is moved; what is in hand leaves as the outbox is drained."""
        self._closing = True
        if self._next is not None:
            self._next.cancel()
            self._next = None

    def _after(self, seconds: float) -> None:
        if not self._closing:
            self._next = self._reactor.callLater(seconds, self._step)

    def _step(self) -> Deferred[None]:
        self._next = None
        in_hand, now = self._outbox.unasked, int(self._wall())
        polite = self._hours.allow(now)
        looked = in_thread(self._reactor, self._look, in_hand, now, polite)
        return looked.addCallback(self._found, now, polite).addErrback(self._failed)

    def _look(self, in_hand: list[int], now: int, polite: bool) -> Looked:
        """In a thread, beside whoever writes."""
        with self._store.reading() as connection:
            queue = SqlUnasked(connection, self._store.seal)
            return Looked(queue.waits(now, polite=polite), queue.stopped(in_hand))

    def _found(self, looked: Looked, now: int, polite: bool) -> None:
        self._failing = False
        if self._closing:
            return
        for state in set(looked.stopped.values()):
            these = {id for id, why in looked.stopped.items() if why == state}
            self._put_back(tuple(self._outbox.withdraw(these, state)))
        count = self._room() if looked.waits else 0
        if count > 0:
            self._move(count, now, polite)
        else:
            self._after(STEP if looked.waits or self._outbox.unasked else IDLE)

    def _failed(self, failure: Failure) -> None:
        """The store is away; told once."""
        if not self._failing:
            self._log.event("unasked messages wait", error=failure.value)
        self._failing = True
        self._after(IDLE)

    # -- from the queue to the outbox ------------------------------------------------------------

    def _room(self) -> int:
        """How many may be moved now. What was not used is not saved up."""
        now = self._reactor.seconds()
        since, self._last = now - self._last, now
        earned = self._allowance + since * self._per_second
        self._allowance = min(earned, max(1.0, self._per_second * STEP))
        if not (self._member.ours() and self._can_send()) or self._outbox.behind:
            return 0
        if self._desk.unfinished > CALM or self._answers_waiting() > CALM:
            return 0
        free = self._per_second - len(self._outbox.unasked)
        return max(0, min(int(self._allowance), free))

    def _answers_waiting(self) -> int:
        """For a link with room."""
        line = self._outbox.in_line
        return sum(not each.sent and class_of(each.message) != UNASKED for each in line)

    def _move(self, count: int, now: int, polite: bool) -> None:
        ids = tuple(self._ids.next() for _ in range(count))
        self._allowance -= count
        self._desk.put([HallJob(MoveUnasked(ids, now, polite), "", self._moved)])

    def _moved(self, result: object) -> None:
        """If it was kept all the same, they wait in the store."""
        if isinstance(result, Served):
            self._counts.unasked["moved"] += len(result.answers)
            self._outbox.add(result.answers)
        else:
            self._outbox.look()
        self._after(STEP)

    # -- out of the outbox -----------------------------------------------------------------------

    def _put_back(self, ended: tuple[SendOutcome, ...]) -> None:
        if not ended:
            return

        def done(result: object) -> None:
            if isinstance(result, Failure):  # they are in hand until the store has it
                self._reactor.callLater(AGAIN, self._put_back, ended)
                return
            self._counts.unasked["withdrawn"] += len(ended)
            for one in ended:
                self._outbox.kept(one)

        self._desk.put([HallJob(PutBackUnasked(ended), "", done)])
