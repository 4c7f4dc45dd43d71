"""The desk: work in, batches served in worker threads, results back on the reactor thread.

A batch is whatever came while the last one ran: no waiting when idle, larger batches under load.
Most of what a batch costs is its transaction; so a second thread begins beside the first only where
enough waits, or the first takes long. And where messages are spread over several gateways, so that
few come to each, a batch waits a moment for company behind one that took long. Work with the same
key is never served by two threads at once and keeps its order. The way in is bounded.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Final, Generic, NamedTuple, Protocol, TypeVar

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorFromThreads
from twisted.logger import Logger
from twisted.python.failure import Failure

ENOUGH: Final = 100  # jobs that wait: one more thread begins at once
PATIENCE: Final = 0.1  # seconds that a batch has until another begins beside it for fewer
COMPANY: Final = 20  # jobs with which a batch waits for no more
LONG: Final = 0.01  # seconds of a batch: behind it, who waits as long again hardly notices
SOON: Final = 0.025  # seconds for which a batch waits for company at most
_log = Logger()
Work = TypeVar("Work")
Result = TypeVar("Result")
Work_in = TypeVar("Work_in", contravariant=True)
Result_out = TypeVar("Result_out", covariant=True)


def company(took: float) -> float:
    """Seconds for which a batch waits for company behind one that took so many."""
    return min(took, SOON) if took >= LONG else 0.0


class Job(NamedTuple, Generic[Work, Result]):
    """One piece of work. `done` is called on the reactor thread with its result, or a Failure."""

    work: Work
    key: str  # jobs of one key keep their order; empty: no order needed
    done: Callable[[Result | Failure], None]
    alone: bool = False  # everything before it is finished first, everything after it waits
    first: bool = False  # in a transaction before all that waits: what comes of it needs this kept
    after: Callable[[], None] | None = None  # called once when all of its batch are handed back


class Unavailable(Exception):
    """What the work needs is away: it would be no different for each job alone."""


class ServesBatches(Protocol[Work_in, Result_out]):
    def serve(self, batch: Sequence[Work_in]) -> Sequence[Result_out]:
        """Serve all, in one transaction, or raise and have changed nothing. One result each."""
        ...


class Desk(Generic[Work, Result]):
    def __init__(
        self,
        reactor: IReactorFromThreads,
        server: ServesBatches[Work, Result],
        *,
        failed: Callable[[Exception, Sequence[Result | Failure]], None] = lambda *_: None,
        threads: int = 1,
        limit: int = 2_000,
        batch: int = 200,
        patience: float = PATIENCE,
        gathers: Callable[[float], float] = lambda took: 0.0,
    ) -> None:
        """`failed` is called by who serves: a batch failed as a whole, and this came of its jobs
        alone. With no `threads` the reactor's own serves, in turns of its own. `patience`: seconds,
        as PATIENCE. `gathers`, in any thread: for so many seconds what comes behind a batch that
        took so many waits for company."""
        self._reactor = reactor
        self._server = server
        self._failed = failed
        self._limit = limit
        self._size = batch
        self._patience = patience
        self._gathers = gathers
        self._gathered_at = 0.0  # when what waits need wait for company no longer
        self._waiting: deque[Job[Work, Result]] = deque()
        self._first: deque[Job[Work, Result]] = deque()
        self._held: set[str] = set()  # keys that a thread is working on
        self._alone = False  # one of them must not be joined by another
        self._unfinished = 0  # taken in and not yet handed back
        self._wanted = threading.Condition()
        self._began: dict[int, float] = {}
        """When the batch of each thread that has one did, by time.monotonic; the oldest first."""
        self._watched = False  # a thread waits until it may begin
        self._stopping = False
        self._idle: list[Deferred[None]] = []
        self._threads = [
            threading.Thread(target=self._work, name=f"desk-{n}", daemon=True)
            for n in range(threads)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    @property
    def unfinished(self) -> int:
        """Jobs taken in whose results have not been handed back yet."""
        return self._unfinished

    @property
    def full(self) -> bool:
        return self._unfinished >= self._limit

    def put(self, jobs: Sequence[Job[Work, Result]]) -> None:
        """Take these in. Who brings work that may be refused asks `full` first."""
        with self._wanted:
            for job in jobs:
                (self._first if job.first else self._waiting).append(job)
            self._unfinished += len(jobs)
            self._wake()
        if not self._threads:
            self._reactor.callFromThread(self._work)

    def ask(self, work: Work, key: str = "") -> Deferred[Result]:
        """One job whose result is a Deferred."""
        answer: Deferred[Result] = Deferred()
        self.put([Job(work, key, lambda result: _fire(answer, result))])
        return answer

    def drained(self) -> Deferred[None]:
        """Fires when nothing is unfinished any more."""
        drained: Deferred[None] = Deferred()
        self._idle.append(drained)
        self._tell_if_idle()
        return drained

    def stop(self) -> None:
        """The threads end after what they are doing. Blocks for as long as that takes."""
        with self._wanted:
            self._stopping = True
            self._wanted.notify_all()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join()

    # -- in the worker threads, or turns of the reactor ------------------------------------------

    def _work(self) -> None:
        while batch := self._take():
            works = [job.work for job in batch]
            results: Sequence[Result | Failure]
            try:
                results = self._server.serve(works)
            except Unavailable:
                results = [Failure()] * len(batch)
            except Exception as error:  # one of them is poisonous: each answers for itself
                results = [self._served_alone(work) for work in works]
                self._failed(error, results)
            # first handed over, then freed: results reach the reactor in the order of the
            # transactions
            self._reactor.callFromThread(self._hand_back, batch, results)
            with self._wanted:
                self._held.difference_update(job.key for job in batch)
                self._ended(self._began.pop(threading.get_ident()), len(batch))
                self._alone = False

    def _take(self) -> list[Job[Work, Result]]:
        """The next batch; empty when the desk stops, or has no thread that could wait."""
        with self._wanted:
            while True:
                if batch := self._next_batch():
                    return batch
                if self._stopping or not self._threads:
                    return []
                pause = self._pause()
                self._watched = pause > 0
                self._wanted.wait(pause or None)
                self._watched = False

    def _next_batch(self) -> list[Job[Work, Result]]:
        batch = self._firsts() or ([] if self._pause() else self._others())
        if batch:
            self._began[threading.get_ident()] = monotonic()
            if len(self._threads) > 1:
                self._held.update(job.key for job in batch if job.key)
                self._wake()
        return batch

    def _ended(self, began: float, jobs: int) -> None:
        """A batch of so many has. Only where several come at once will others soon."""
        now = monotonic()
        several = jobs > 1 and self._threads
        self._gathered_at = now + self._gathers(now - began) if several else 0.0

    def _gathering(self) -> float:
        """Seconds until what waits has waited for company; 0: it need not, or there is nothing."""
        if not 0 < len(self._waiting) < COMPANY or self._waiting[0].alone or self._stopping:
            return 0.0
        return max(0.0, self._gathered_at - monotonic())

    def _pause(self) -> float:
        """Seconds until what waits may begin beside what is under way, or by itself; 0: now, or
        there is nothing."""
        if not self._began:
            return self._gathering()
        if not self._waiting or len(self._waiting) >= ENOUGH:
            return 0.0
        return max(0.0, next(iter(self._began.values())) + self._patience - monotonic())

    def _wake(self) -> None:
        """A thread, if it can begin, or must see to it that one does in time. Who has ended looks
        by himself."""
        if self._first or (self._waiting and not (self._watched and self._pause())):
            self._wanted.notify()

    def _firsts(self) -> list[Job[Work, Result]]:
        if self._alone or not self._first:
            return []
        batch: list[Job[Work, Result]] = []
        for _ in range(min(len(self._first), self._size)):
            job = self._first.popleft()
            (self._first if job.key in self._held else batch).append(job)
        return batch

    def _others(self) -> list[Job[Work, Result]]:
        batch: list[Job[Work, Result]] = []
        passed: list[Job[Work, Result]] = []
        blocked = self._held.union(job.key for job in self._first)
        while self._waiting and not self._alone and len(batch) < self._size > len(passed):
            if self._waiting[0].alone:
                if not (batch or passed or self._began):
                    self._alone = True
                    batch.append(self._waiting.popleft())
                break
            job = self._waiting.popleft()
            if job.key and job.key in blocked:
                passed.append(job)
            else:
                batch.append(job)
        self._waiting.extendleft(reversed(passed))
        return batch

    def _served_alone(self, work: Work) -> Result | Failure:
        try:
            return self._server.serve([work])[0]
        except Exception:
            return Failure()

    # -- on the reactor thread -------------------------------------------------------------------

    def _hand_back(
        self, batch: list[Job[Work, Result]], results: Sequence[Result | Failure]
    ) -> None:
        self._unfinished -= len(batch)
        afterwards: dict[Callable[[], None], None] = {}
        for job, result in zip(batch, results, strict=True):
            if job.after is not None:
                afterwards[job.after] = None
            try:
                job.done(result)
            except Exception:  # the others of the batch still wait for their results
                _log.failure("a result of the desk could not be taken")
        for after in afterwards:
            after()
        self._tell_if_idle()

    def _tell_if_idle(self) -> None:
        if not self._unfinished:
            idle, self._idle = self._idle, []
            for deferred in idle:
                deferred.callback(None)


def _fire(answer: Deferred[Result], result: Result | Failure) -> None:
    if isinstance(result, Failure):
        answer.errback(result)
    else:
        answer.callback(result)
