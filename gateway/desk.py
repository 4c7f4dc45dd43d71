"""The desk: work in, batches served in worker threads, results back on the reactor thread.

A batch is whatever came while the last one ran: no waiting when idle, larger batches under load.
Work with the same key is never served by two threads at once and keeps its order. The way in is
bounded.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorFromThreads
from twisted.logger import Logger
from twisted.python.failure import Failure

_log = Logger()
Done = Callable[[object], None]


class Job(NamedTuple):
    """One piece of work. `done` is called on the reactor thread with its result, or a Failure."""

    work: object
    key: str  # jobs of one key keep their order; empty: no order needed
    done: Done
    alone: bool = False  # everything before it is finished first, everything after it waits
    first: bool = False  # in a transaction before all that waits: what comes of it needs this kept


class Unavailable(Exception):
    """What the work needs is away: it would be no different for each job alone."""


class Serves(Protocol):
    def __call__(self, batch: Sequence[object]) -> Sequence[object]:
        """Serve all, in one transaction, or raise and have changed nothing. One result each."""
        ...


class Desk:
    def __init__(
        self,
        reactor: IReactorFromThreads,
        serve: Serves,
        *,
        threads: int = 1,
        limit: int = 2_000,
        batch: int = 200,
    ) -> None:
        self._reactor = reactor
        self._serve = serve
        self._limit = limit
        self._size = batch
        self._waiting: deque[Job] = deque()
        self._first: deque[Job] = deque()
        self._held: set[str] = set()  # keys that a thread is working on
        self._working = 0  # threads that have a batch
        self._alone = False  # one of them must not be joined by another
        self._unfinished = 0  # taken in and not yet handed back
        self._wanted = threading.Condition()
        self._stopping = False
        self._idle: list[Deferred[None]] = []
        self.handed_back: Callable[[], None] = lambda: None
        """Called on the reactor thread when all results of a batch are handed back."""
        self.failed: Callable[[Exception, Sequence[object]], None] = lambda error, results: None
        """Called by a worker thread: a batch failed as a whole, and this came of its jobs alone."""
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

    def put(self, jobs: Sequence[Job]) -> None:
        """Take these in. Who brings work that may be refused asks `full` first."""
        with self._wanted:
            for job in jobs:
                (self._first if job.first else self._waiting).append(job)
            self._unfinished += len(jobs)
            self._wanted.notify()

    def ask(self, work: object, key: str = "") -> Deferred[object]:
        """One job whose result is a Deferred."""
        answer: Deferred[object] = Deferred()
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

    # -- in the worker threads -------------------------------------------------------------------

    def _work(self) -> None:
        while batch := self._take():
            results = self._served(batch)
            # first handed over, then freed: results reach the reactor in the order of the
            # transactions
            self._reactor.callFromThread(self._hand_back, batch, results)
            with self._wanted:
                self._held.difference_update(job.key for job in batch)
                self._working -= 1
                self._alone = False
                if self._waiting or self._first:
                    self._wanted.notify_all()

    def _take(self) -> list[Job]:
        """The next batch; empty when the desk stops."""
        with self._wanted:
            while True:
                if batch := self._next_batch():
                    return batch
                if self._stopping:
                    return []
                self._wanted.wait()

    def _next_batch(self) -> list[Job]:
        batch = self._firsts() or self._others()
        if batch:
            self._working += 1
            if len(self._threads) > 1:
                self._held.update(job.key for job in batch if job.key)
        return batch

    def _firsts(self) -> list[Job]:
        if self._alone or not self._first:
            return []
        batch: list[Job] = []
        for _ in range(min(len(self._first), self._size)):
            job = self._first.popleft()
            (self._first if job.key in self._held else batch).append(job)
        return batch

    def _others(self) -> list[Job]:
        batch: list[Job] = []
        passed: list[Job] = []
        blocked = self._held.union(job.key for job in self._first)
        while self._waiting and not self._alone and len(batch) < self._size > len(passed):
            if self._waiting[0].alone:
                if not (batch or passed or self._working):
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

    def _served(self, batch: list[Job]) -> Sequence[object]:
        try:
            return self._serve([job.work for job in batch])
        except Unavailable:
            failure = Failure()
            return [failure] * len(batch)
        except Exception as error:
            # One of them is poisonous: alone, each answers for itself.
            results = [self._served_alone(job) for job in batch]
            self.failed(error, results)
            return results

    def _served_alone(self, job: Job) -> object:
        try:
            return self._serve([job.work])[0]
        except Exception:
            return Failure()

    # -- on the reactor thread -------------------------------------------------------------------

    def _hand_back(self, batch: list[Job], results: Sequence[object]) -> None:
        self._unfinished -= len(batch)
        for job, result in zip(batch, results, strict=True):
            try:
                job.done(result)
            except Exception:  # the others of the batch still wait for their results
                _log.failure("a result of the desk could not be taken")
        self.handed_back()
        self._tell_if_idle()

    def _tell_if_idle(self) -> None:
        if not self._unfinished:
            idle, self._idle = self._idle, []
            for deferred in idle:
                deferred.callback(None)


def _fire(answer: Deferred[object], result: object) -> None:
    if isinstance(result, Failure):
        answer.errback(result)
    else:
        answer.callback(result)
