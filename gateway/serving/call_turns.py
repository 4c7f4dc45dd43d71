"""Turns of calls that are answered before they are kept: whoever only walks through a menu was
promised nothing, and hears the next prompt at once. What there is to keep of it goes with the next
batch, a quarter of a second later at most; killed in between, the call goes on a screen earlier.

Where it cannot be kept, turns are answered by the desk again, and what waits is brought to it until
it is kept."""

from __future__ import annotations

from functools import partial
from typing import Final

from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.python.failure import Failure

from gateway.dialogue.turn_at_hand import TurnAtHand, leads_on, turn_at_hand
from gateway.model.known_caller import KnownCaller
from gateway.model.messages import CallInput
from gateway.serving.batch import BatchServer
from gateway.serving.desk import Unavailable
from gateway.serving.rate_limit import BatchQuota
from gateway.serving.work import HallCoalescer, HallJob, HeardTurn, WorkResult

KEPT_WITHIN: Final = 0.25  # seconds from what a caller hears to its place in the store
OFTEN: Final = 0.03
"""Seconds between two who ask the desk, below which those of one turn of the reactor share a
transaction: calls that come so often are read in rounds."""
TRIED_AGAIN: Final = 1.0  # seconds until what could not be kept is brought once more


class CallTurns:
    def __init__(
        self,
        server: BatchServer,
        coalescer: HallCoalescer,
        clock: IReactorTime,
        often: float = OFTEN,
    ) -> None:
        """`often`: as OFTEN."""
        self._often = often
        self._server = server
        self._coalescer = coalescer
        self._clock = clock
        self._unkept: list[HeardTurn] = []
        self._timer: IDelayedCall | None = None
        self._last = -often  # when somebody asked the desk

    def may_answer(self, message: CallInput) -> bool:
        """Whether `answer` is worth asking."""
        return leads_on(message) and not (self._unkept or self._server.outage.what)

    def answer(self, message: CallInput, caller: KnownCaller) -> TurnAtHand | None:
        """What the caller hears now, and where he stands then; it is kept later. None: the desk
        must answer, and nothing has happened yet."""
        server = self._server
        quota = BatchQuota(server.quota)
        try:
            turn = turn_at_hand(
                server.editions, message, caller, quota, server.chance, server.store.seal
            )
        except Exception:  # NeedsStore; or ours: the desk meets that too, and tells it
            quota.give_back()
            return None
        self._coalescer.soon(self._job(HeardTurn(message, turn)), KEPT_WITHIN)
        return turn

    def read(self, job: HallJob) -> None:
        """What is known of a caller: beside whoever writes; as `ask` where callers come often."""
        if self._crowded():
            self._coalescer.soon(job, 0.0)
        else:
            self._coalescer.alone(job)

    def ask(self, job: HallJob) -> None:
        """The desk, with all that is still to be kept before it: at once, or where callers ask one
        behind the other when this turn is over."""
        jobs = [*self._again(job.key), job]
        if not self._crowded():
            self._coalescer.now(jobs)
            return
        for each in jobs:
            self._coalescer.soon(each, 0.0)

    def _crowded(self) -> bool:
        """Whether somebody has asked a moment ago."""
        now = self._clock.seconds()
        before, self._last = self._last, now
        return now - before < self._often

    def later(self, job: HallJob) -> None:
        """The desk, when it comes to it: nobody waits for what is done behind a caller who is
        gone."""
        for each in (*self._again(job.key), job):
            self._coalescer.soon(each, KEPT_WITHIN)

    def leave_now(self) -> None:
        """What is to be kept waits no longer."""
        self._coalescer.flush()

    def stop(self) -> None:
        """Leaves no timer behind."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    # -- what is to be kept ----------------------------------------------------------------------

    def _job(self, heard: HeardTurn) -> HallJob:
        return HallJob(heard, heard.message.session, partial(self._kept, heard))

    def _kept(self, heard: HeardTurn, result: WorkResult | Failure) -> None:
        """Or not: the store is away, and perhaps it was kept all the same. What fails for what it
        is was told by the desk, and would fail for ever."""
        if isinstance(result, Failure) and result.check(Unavailable) is not None:
            self._unkept.append(heard._replace(again=True))
            if self._timer is None:
                self._timer = self._clock.callLater(TRIED_AGAIN, self._due)

    def _due(self) -> None:
        self._timer = None
        unkept, self._unkept = self._unkept, []
        self._coalescer.now([self._job(heard) for heard in unkept])

    def _again(self, session: str) -> list[HallJob]:
        """What could not be kept of this call: before anything else of it."""
        if not self._unkept:
            return []
        mine = [heard for heard in self._unkept if heard.message.session == session]
        self._unkept = [heard for heard in self._unkept if heard.message.session != session]
        return [self._job(heard) for heard in mine]
