"""What a gateway does every now and then, besides serving."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

from twisted.internet.defer import Deferred
from twisted.internet.task import LoopingCall
from twisted.python.failure import Failure

from gateway.model.figures import FigureGroups
from gateway.model.hall_reactor import IHallReactor, in_thread, repeat
from gateway.model.messages import DeleteExpired
from gateway.ops.log import Log, masked
from gateway.ops.metrics import Metrics
from gateway.serving.batch import BatchServer
from gateway.serving.jobs.reminding import ReminderSweep
from gateway.serving.work import HallDesk
from gateway.store.figures.roll_up import RollUp
from gateway.store.reminders.marks import TakenByAnother
from gateway.store.reminders.told import TOLD
from gateway.store.store import Store

CHECKPOINT_EVERY = 0.5  # seconds between checkpoints of the store while it is written to
COUNT_EVERY = 60.0  # seconds between looks whether there are figures to be counted
COUNTING_RESTS = 0.004  # seconds after each thousand rows
SWEEPING_RESTS = 0.002  # seconds after each look at some hundred changes
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


def roll_up_in_force(
    batches: BatchServer, wall: Callable[[], float], effect: int, go_on: Callable[[], None]
) -> RollUp:
    """With the regions and interfaces in force at this moment. `effect`: of notices, in seconds."""
    book = batches.book
    interfaces = {channel.value: number for channel, number in book.register.interfaces.items()}
    groups = FigureGroups(book.regions, interfaces, effect)
    return RollUp(batches.store, groups, wall, go_on)


class CountingStopped(Exception):
    """The gateway closes; what was not counted yet is counted by whoever comes next."""


def rolling_up(
    reactor: IHallReactor,
    roll_up: Callable[[Callable[[], None]], RollUp],
    wanted: Callable[[], bool],
    log: Log,
) -> Callable[[], None]:
    """Counts what is over, in a thread that lets others go first; returns what ends it. `wanted`:
    whether this gateway is the one that counts; two that both do so put the same in place."""
    closing = Event()

    def go_on() -> None:
        if closing.wait(COUNTING_RESTS):
            raise CountingStopped

    def count() -> None:
        for _ in roll_up(go_on).catch_up() if wanted() else ():
            go_on()

    def step() -> Deferred[None]:
        return in_thread(reactor, count).addErrback(failed)

    def failed(failure: Failure) -> None:
        """Nothing of that piece was kept; it is counted the next time."""
        if failure.check(CountingStopped) is None:
            log.event("figures not counted", error=failure.value)

    call = repeat(reactor, COUNT_EVERY, step)

    def stop() -> None:
        closing.set()
        call.stop()

    return stop


def reminding(
    reactor: IHallReactor,
    sweep: ReminderSweep,
    every: float,
    wanted: Callable[[], bool],
    counts: Metrics,
    log: Log,
) -> Callable[[], None]:
    """Tells what has changed, in a thread beside whoever serves; returns what ends it. `every`:
    seconds; 0: never. `wanted`: whether this gateway is the one that reminds."""
    closing = Event()
    if not every:
        return closing.set

    def look() -> None:
        while wanted() and not closing.is_set():
            swept = sweep.step()
            for one in swept.told:
                counts.reminders[one] += 1
            if swept.told:
                told = [kind for kind, result in swept.told if result == TOLD]
                log.event("reminded", told=len(told), repeated=len(swept.told) - len(told))
            for number, error in swept.failed:
                log.event("reminder failed", phone=masked(number), error=error)
            if not swept.looked or closing.wait(SWEEPING_RESTS):
                return

    def step() -> Deferred[None]:
        return in_thread(reactor, look).addErrback(failed)

    def failed(failure: Failure) -> None:
        """Nothing of that look was kept; it is looked again the next time."""
        if failure.check(TakenByAnother) is None:
            log.event("reminders put off", error=failure.value)

    call = repeat(reactor, every, step)

    def stop() -> None:
        closing.set()
        call.stop()

    return stop


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
