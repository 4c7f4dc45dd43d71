"""What a gateway does every now and then, besides serving."""

from __future__ import annotations

from collections.abc import Callable

from twisted.internet.defer import Deferred
from twisted.internet.task import LoopingCall
from twisted.python.failure import Failure

from gateway.model.hall_reactor import IHallReactor, in_thread
from gateway.model.messages import DeleteExpired
from gateway.ops.log import Log
from gateway.ops.metrics import Metrics
from gateway.serving.work import HallDesk
from gateway.store.store import Store

CHECKPOINT_EVERY = 0.5  # seconds between checkpoints of the store while it is written to
TIDY_EVERY = 60.0  # seconds between steps of housekeeping when nothing is left to do


def tidying(
    reactor: IHallReactor,
    wall: Callable[[], float],
    desk: HallDesk,
    wanted: Callable[[], bool],
    log: Log,
) -> LoopingCall:
    """`wanted`: whether this gateway is the one that tidies."""

    async def tidy() -> None:
        while wanted():
            if not await desk.ask(DeleteExpired(int(wall()))):
                return

    def step() -> Deferred[None]:
        return Deferred.fromCoroutine(tidy()).addErrback(failed)

    def failed(failure: Failure) -> None:
        """It is tried again a minute later; what is old can wait that long."""
        log.event("housekeeping failed", error=failure.value)

    return repeat(reactor, TIDY_EVERY, step)


def checkpoints(reactor: IHallReactor, store: Store, counts: Metrics, log: Log) -> LoopingCall:
    seen = 0

    def step() -> Deferred[None] | None:
        nonlocal seen
        if seen == counts.batches:
            return None
        seen = counts.batches
        return in_thread(reactor, store.checkpoint).addErrback(failed)

    def failed(failure: Failure) -> None:
        """The store makes its own a little later."""
        log.event("checkpoint failed", error=failure.value)

    return repeat(reactor, CHECKPOINT_EVERY, step)


def repeat(reactor: IHallReactor, every: float, step: Callable[[], object]) -> LoopingCall:
    call = LoopingCall(step)
    call.clock = reactor
    call.start(every, now=False)
    return call
