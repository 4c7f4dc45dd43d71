"""The desk: batches, order, several threads, and work that cannot be done."""

from __future__ import annotations

import queue
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.internet.interfaces import IReactorFromThreads
from twisted.logger import ILogObserver, LogEvent, globalLogPublisher
from twisted.python.failure import Failure
from zope.interface import implementer, provider

from gateway.serving.desk import (
    COMPANY,
    ENOUGH,
    LONG,
    SOON,
    Desk,
    Job,
    ServesBatches,
    Unavailable,
    company,
)

PATIENCE = 10  # seconds after which a test is stuck; nothing waits that long
NEVER = 1_000.0  # seconds


@implementer(IReactorFromThreads)
class Loop:
    """The reactor thread: the test's own, which turns when the test says so."""

    def __init__(self) -> None:
        self._calls: queue.Queue[Callable[[], object]] = queue.Queue()

    def callFromThread(self, callable: Callable[..., object], *args: object, **kw: object) -> None:
        self._calls.put(lambda: callable(*args, **kw))

    def turn(self) -> None:
        """Wait for one call from a thread and run it."""
        self._calls.get(timeout=PATIENCE)()

    def until(self, holds: Callable[[], bool]) -> None:
        while not holds():
            self.turn()


class NotedWork:
    """Work for a desk that notes what was served together, and can be held up."""

    def __init__(self) -> None:
        self.batches: list[list[object]] = []
        self.began: queue.Queue[list[object]] = queue.Queue()
        self._gates: dict[object, threading.Event] = {}

    def gate(self, work: object) -> threading.Event:
        """A batch with this work in it does not end before the event is set."""
        return self._gates.setdefault(work, threading.Event())

    def serve(self, batch: Sequence[object]) -> Sequence[object]:
        self.batches.append(list(batch))
        self.began.put(list(batch))
        for work in batch:
            if (gate := self._gates.get(work)) is not None:
                assert gate.wait(PATIENCE)
        if any(isinstance(work, Exception) for work in batch):
            raise next(work for work in batch if isinstance(work, Exception))
        return [f"{work} done" for work in batch]


class ServedBy:
    """By a function."""

    def __init__(self, function: Callable[[Sequence[object]], Sequence[object]]) -> None:
        self.serve = function


class Results:
    """What was handed back, in order, and on which thread."""

    def __init__(self) -> None:
        self.all: list[tuple[object, object]] = []
        self.threads: set[int] = set()

    def job(self, work: object, key: str = "", *, alone: bool = False) -> Job[object, object]:
        return Job(work, key, lambda result: self._take(work, result), alone)

    def _take(self, work: object, result: object) -> None:
        self.threads.add(threading.get_ident())
        self.all.append((work, result))

    @property
    def works(self) -> list[object]:
        return [work for work, _ in self.all]


@contextmanager
def desk(
    loop: Loop,
    server: ServesBatches[object, object],
    *,
    failed: Callable[[Exception, Sequence[object]], None] = lambda error, came: None,
    threads: int = 1,
    limit: int = 2_000,
    batch: int = 200,
    patience: float = 0.0,
    gathers: Callable[[float], float] = lambda took: 0.0,
) -> Iterator[Desk[object, object]]:
    """A desk whose threads are gone at the end, and do not wait for each other."""
    opened: Desk[object, object] = Desk(
        loop, server, failed=failed, threads=threads, limit=limit, batch=batch, patience=patience,
        gathers=gathers,
    )  # fmt: skip
    opened.start()
    try:
        yield opened
    finally:
        opened.stop()


@pytest.fixture
def loop() -> Loop:
    return Loop()


@pytest.fixture
def work() -> NotedWork:
    return NotedWork()


@pytest.fixture
def results() -> Results:
    return Results()


# -- batches -------------------------------------------------------------------------------------


def test_work_is_served_elsewhere_and_its_result_comes_home(
    loop: Loop, work: NotedWork, results: Results
) -> None:
    """Done is called on the reactor thread alone."""
    with desk(loop, work) as it:
        it.put([results.job("balance")])
        loop.turn()
    assert results.all == [("balance", "balance done")]
    assert results.threads == {threading.get_ident()}


def test_a_batch_is_what_came_while_the_last_one_ran(
    loop: Loop, work: NotedWork, results: Results
) -> None:
    """Nothing waits for company when the desk is idle."""
    gate = work.gate("first")
    with desk(loop, work) as it:
        it.put([results.job("first")])
        assert work.began.get(timeout=PATIENCE) == ["first"]
        for name in ("second", "third"):
            it.put([results.job(name)])
        gate.set()
        loop.until(lambda: not it.unfinished)
    assert work.batches == [["first"], ["second", "third"]]
    assert results.works == ["first", "second", "third"]


def test_a_batch_has_an_upper_size(loop: Loop, work: NotedWork, results: Results) -> None:
    """Else the first of many would wait for the last."""
    with desk(loop, work, batch=10) as it:
        it.put([results.job(n) for n in range(25)])
        loop.until(lambda: not it.unfinished)
    assert [len(batch) for batch in work.batches] == [10, 10, 5]
    assert results.works == list(range(25))


def test_one_question_has_a_deferred_answer(loop: Loop, work: NotedWork) -> None:
    """For who wants to await it."""
    answers: list[object] = []
    with desk(loop, work) as it:
        it.ask("tidy").addCallback(answers.append)
        it.ask(ValueError("no such work")).addErrback(lambda failure: answers.append(failure.type))
        loop.until(lambda: not it.unfinished)
    assert answers == ["tidy done", ValueError]


# -- what cannot be done -------------------------------------------------------------------------


def test_a_poisonous_job_hurts_only_itself(loop: Loop, work: NotedWork, results: Results) -> None:
    """The batch is served again one by one."""
    poison = ValueError("poison")
    with desk(loop, work) as it:
        it.put([results.job("one"), results.job(poison), results.job("other")])
        loop.until(lambda: not it.unfinished)
    assert work.batches == [["one", poison, "other"], ["one"], [poison], ["other"]]
    assert results.works == ["one", poison, "other"]
    good, bad, fine = [result for _, result in results.all]
    assert (good, fine) == ("one done", "other done")
    assert isinstance(bad, Failure)
    assert bad.value is poison


def test_what_came_of_a_batch_that_failed_is_told(loop: Loop, results: Results) -> None:
    """Also if all of it could be done one by one: the mistake would show nowhere else."""
    told: list[tuple[str, Sequence[object]]] = []

    def serve(batch: Sequence[object]) -> Sequence[object]:
        if len(batch) > 1:
            raise ValueError("together they cannot be served")
        return ["done"]

    def failed(error: Exception, came: Sequence[object]) -> None:
        told.append((str(error), came))

    with desk(loop, ServedBy(serve), failed=failed) as it:
        it.put([results.job("one"), results.job("other")])
        loop.until(lambda: not it.unfinished)
    assert told == [("together they cannot be served", ["done", "done"])]


def test_when_the_store_is_away_the_whole_batch_fails_at_once(
    loop: Loop, work: NotedWork, results: Results
) -> None:
    """Asking it again for each job would only take longer."""
    away = Unavailable("no connection")
    with desk(loop, work) as it:
        it.put([results.job("one"), results.job(away), results.job("other")])
        loop.until(lambda: not it.unfinished)
        it.put([results.job("later")])
        loop.until(lambda: not it.unfinished)
    assert work.batches == [["one", away, "other"], ["later"]]
    assert all(isinstance(result, Failure) for _, result in results.all[:3])
    assert results.all[3] == ("later", "later done")


def test_a_store_that_goes_away_between_fails_who_is_left(loop: Loop, results: Results) -> None:
    """Each job alone answers for itself, also then."""
    served: list[Sequence[object]] = []

    def serve(batch: Sequence[object]) -> Sequence[object]:
        served.append(batch)
        if len(batch) > 1:
            raise ValueError("poison")
        if len(served) > 2:
            raise Unavailable("gone")
        return ["done"]

    with desk(loop, ServedBy(serve)) as it:
        it.put([results.job("one"), results.job("other")])
        loop.until(lambda: not it.unfinished)
    assert results.all[0] == ("one", "done")
    assert isinstance(results.all[1][1], Failure)


def test_a_result_that_nobody_can_take_spoils_no_other(
    loop: Loop, work: NotedWork, results: Results
) -> None:
    """The others of its batch have been served, and are told so; the fault is logged."""
    logged: list[object] = []

    @provider(ILogObserver)
    def observe(event: LogEvent) -> None:
        logged.append(event["log_failure"].value)

    def clumsy(_result: object) -> None:
        raise fault

    fault = RuntimeError("dropped it")
    globalLogPublisher.addObserver(observe)
    with desk(loop, work) as it:
        it.put([results.job("one"), Job("dropped", "", clumsy), results.job("other")])
        loop.until(lambda: len(results.all) == 2)
    globalLogPublisher.removeObserver(observe)
    assert results.works == ["one", "other"]
    assert logged == [fault]


# -- how much ------------------------------------------------------------------------------------


def test_a_desk_is_full_until_results_are_handed_back(
    loop: Loop, work: NotedWork, results: Results
) -> None:
    """Served and not yet told is still unfinished: its answer waits in memory."""
    with desk(loop, work, limit=2) as it:
        full = [it.full]
        it.put([results.job("one"), results.job("other")])
        full.append(it.full)
        it.stop()
        full.append(it.full)
        loop.turn()
        full.append(it.full)
    assert full == [False, True, True, False]


def test_a_desk_that_is_drained_has_told_everything(
    loop: Loop, work: NotedWork, results: Results
) -> None:
    """At once if there is nothing."""
    told: list[str] = []
    with desk(loop, work) as it:
        it.drained().addCallback(lambda _none: told.append("idle"))
        assert told == ["idle"]
        it.put([results.job("one")])
        it.drained().addCallback(lambda _none: told.append(f"after {len(results.all)}"))
        it.drained().addCallback(lambda _none: told.append("both"))
        assert told == ["idle"]
        loop.turn()
    assert told == ["idle", "after 1", "both"]


def test_stopping_finishes_what_was_taken_in(loop: Loop, work: NotedWork, results: Results) -> None:
    """And ends the threads."""
    before = threading.active_count()
    it = Desk(loop, work, threads=3, batch=1)
    it.start()
    assert threading.active_count() == before + 3
    it.put([results.job(n, f"key {n % 2}") for n in range(20)])
    it.stop()
    assert threading.active_count() == before
    loop.until(lambda: not it.unfinished)
    assert sorted(map(str, results.works)) == sorted(map(str, range(20)))


def test_a_desk_that_never_opened_can_be_stopped(loop: Loop, work: NotedWork) -> None:
    """Opening the gateway may fail before it."""
    Desk(loop, work, threads=2).stop()


# -- several threads -----------------------------------------------------------------------------


def test_two_threads_serve_two_keys_at_once(loop: Loop, work: NotedWork, results: Results) -> None:
    """One slow batch holds nobody else up."""
    gate = work.gate("slow")
    with desk(loop, work, threads=2) as it:
        it.put([results.job("slow", "one")])
        assert work.began.get(timeout=PATIENCE) == ["slow"]
        it.put([results.job("quick", "other")])
        loop.turn()
        assert results.works == ["quick"]
        gate.set()
        loop.turn()


def test_a_few_wait_for_the_batch_that_is_under_way(
    loop: Loop, work: NotedWork, results: Results
) -> None:
    """Together they are one transaction instead of three."""
    gate = work.gate("slow")
    with desk(loop, work, threads=3, patience=NEVER) as it:
        it.put([results.job("slow", "one")])
        assert work.began.get(timeout=PATIENCE) == ["slow"]
        for key in ("two", "three", "four"):
            it.put([results.job(key, key)])
            with pytest.raises(queue.Empty):  # the silence is what is looked for
                work.began.get(timeout=0.1)
        gate.set()
        assert work.began.get(timeout=PATIENCE) == ["two", "three", "four"]


def test_many_have_a_thread_of_their_own_at_once(
    loop: Loop, work: NotedWork, results: Results
) -> None:
    """The others are there for them."""
    gate = work.gate("slow")
    many = [results.job(n, str(n)) for n in range(ENOUGH)]
    with desk(loop, work, threads=2, patience=NEVER) as it:
        it.put([results.job("slow", "one")])
        assert work.began.get(timeout=PATIENCE) == ["slow"]
        it.put(many[1:])
        it.put(many[:1])
        assert len(work.began.get(timeout=PATIENCE)) == ENOUGH
        gate.set()


def test_what_waits_for_a_batch_that_takes_long_goes_beside_it(
    loop: Loop, work: NotedWork, results: Results
) -> None:
    """A transaction that hangs, whatever it is for, keeps nobody else waiting."""
    gate = work.gate("hangs")
    with desk(loop, work, threads=2, patience=0.05) as it:
        it.put([results.job("hangs", "one")])
        assert work.began.get(timeout=PATIENCE) == ["hangs"]
        for key in ("two", "three"):  # the second finds a batch that takes long already
            it.put([results.job(key, key)])
            assert work.began.get(timeout=PATIENCE) == [key]
        gate.set()


@pytest.mark.parametrize("threads", [1, 3])
def test_behind_several_that_took_long_a_few_wait_for_company(
    loop: Loop, work: NotedWork, results: Results, threads: int
) -> None:
    """Until there are enough: most of what a batch costs is its transaction."""
    with desk(loop, work, threads=threads, gathers=lambda took: NEVER) as it:
        it.put([results.job("a"), results.job("b")])
        loop.until(lambda: len(results.all) == 2)
        few = [f"c{n}" for n in range(COMPANY)]
        for each in few:
            it.put([results.job(each)])
        loop.until(lambda: len(results.all) == 2 + COMPANY)
        assert work.batches == [["a", "b"], few]


def test_who_came_alone_keeps_nobody_waiting_nor_does_who_stops(
    loop: Loop, work: NotedWork, results: Results
) -> None:
    """Nor waits what must be kept first, or alone."""
    with desk(loop, work, gathers=lambda took: NEVER) as it:
        for each in ("a", "b"):
            it.put([results.job(each)])
            loop.until(lambda each=each: each in results.works)  # type: ignore[misc]
        it.put([results.job("c"), results.job("d")])
        loop.until(lambda: len(results.all) == 4)
        it.put([results.job("e")._replace(first=True)])
        loop.until(lambda: len(results.all) == 5)
        it.put([results.job("f"), results.job("g")])
        loop.until(lambda: len(results.all) == 7)
        it.put([results.job("h", alone=True)])
        loop.until(lambda: len(results.all) == 8)
        it.put([results.job("i"), results.job("j")])
        loop.until(lambda: len(results.all) == 10)
        it.put([results.job("k")])
    loop.until(lambda: results.works[-1] == "k")


def test_a_batch_waits_as_long_as_the_last_took_if_that_was_long() -> None:
    """Where batches are quick nobody waits, and nobody for longer than anyone notices."""
    assert company(LONG / 2) == 0.0
    assert company(LONG) == LONG
    assert company(1.0) == SOON


def test_no_thread_overtakes_a_key_that_is_being_served(
    loop: Loop, work: NotedWork, results: Results
) -> None:
    """What has the same key waits; what has another passes."""
    gate = work.gate("first")
    with desk(loop, work, threads=2) as it:
        it.put([results.job("first", "one")])
        assert work.began.get(timeout=PATIENCE) == ["first"]
        it.put([results.job("second", "one"), results.job("passes", "other")])
        assert work.began.get(timeout=PATIENCE) == ["passes"]
        loop.turn()
        gate.set()
        loop.until(lambda: not it.unfinished)
    assert results.works == ["passes", "first", "second"]


class SlowLoop(Loop):
    """A reactor that lets the first thread wait when it hands over."""

    def __init__(self) -> None:
        super().__init__()
        self.reached, self.gate = threading.Event(), threading.Event()

    def callFromThread(self, callable: Callable[..., object], *args: object, **kw: object) -> None:
        if not self.reached.is_set():
            self.reached.set()
            assert self.gate.wait(PATIENCE)
        super().callFromThread(callable, *args, **kw)


def test_a_key_is_free_only_when_its_result_is_on_its_way(
    work: NotedWork, results: Results
) -> None:
    """Else a later result could come home first, and answers leave in the wrong order."""
    loop = SlowLoop()
    with desk(loop, work, threads=2) as it:
        it.put([results.job("first", "one")])
        assert loop.reached.wait(PATIENCE)
        it.put([results.job("second", "one"), results.job("passes", "other")])
        loop.turn()
        loop.gate.set()
        loop.until(lambda: not it.unfinished)
    assert work.batches == [["first"], ["passes"], ["second"]]
    assert results.works == ["passes", "first", "second"]


def test_work_that_must_be_alone_is_alone(loop: Loop, work: NotedWork, results: Results) -> None:
    """All before it is finished, all after it waits, and so do other keys."""
    before, alone = work.gate("before"), work.gate("alone")
    with desk(loop, work, threads=3) as it:
        it.put([results.job("before", "one")])
        assert work.began.get(timeout=PATIENCE) == ["before"]
        it.put([results.job("alone", alone=True), results.job("after", "other")])
        assert work.began.empty()
        before.set()
        assert work.began.get(timeout=PATIENCE) == ["alone"]
        it.put([results.job("later", "third")])
        assert work.began.empty()
        alone.set()
        loop.until(lambda: not it.unfinished)
    assert results.works[:2] == ["before", "alone"]
    assert sorted(map(str, results.works[2:])) == ["after", "later"]
    assert ["alone"] in work.batches


class Watch:
    """Serves in many threads and sees to it that no key is served twice at once."""

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._lock = threading.Lock()
        self._busy: Counter[str] = Counter()
        self._crowd = threading.Barrier(threads)
        self.alone = 0
        self.order: dict[str, list[int]] = defaultdict(list)
        self.faults: list[str] = []

    def serve(self, batch: Sequence[object]) -> Sequence[object]:
        works = [work for work in batch if isinstance(work, tuple)]
        keys = {key for key, _, _ in works if key}
        alone = any(is_alone for _, _, is_alone in works)
        with self._lock:
            if self.alone or (alone and (self._busy.total() or len(batch) > 1)):
                self.faults.append(f"not alone: {works}")
            self.alone += alone
            for key in keys:
                self._busy[key] += 1
                if self._busy[key] > 1:
                    self.faults.append(f"{key} served twice at once")
            for key, number, _ in works:
                self.order[key].append(number)
        self._meet()
        with self._lock:
            self._busy.subtract(keys)
            self.alone -= alone
        return list(batch)

    def _meet(self) -> None:
        """Give the other threads every chance to be here as well."""
        try:
            self._crowd.wait(0.002)
        except threading.BrokenBarrierError:
            self._crowd.reset()


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.sampled_from(["", "a", "b", "c", "d"]), st.booleans()), max_size=40),
    st.integers(1, 4),
    st.integers(1, 5),
    st.sampled_from([0.0, 0.001, NEVER]),
)
def test_keys_keep_their_order_in_any_number_of_threads(
    jobs: list[tuple[str, bool]], threads: int, size: int, patience: float
) -> None:
    """Served in order, one at a time, told in order; what is alone keeps its place for all."""
    loop, watch, told = Loop(), Watch(threads), []

    def job(number: int, key: str, alone: bool) -> Job[object, object]:
        return Job((key, number, alone), key, lambda _result: told.append((key, number)), alone)

    wanted = [
        job(n, "" if rare else key, rare and n % 7 == 0) for n, (key, rare) in enumerate(jobs)
    ]
    with desk(loop, watch, threads=threads, batch=size, patience=patience) as it:
        for start in range(0, len(wanted), 3):
            it.put(wanted[start : start + 3])
        loop.until(lambda: not it.unfinished)
    assert watch.faults == []
    assert len(told) == len(wanted)
    for key in {job.key for job in wanted} - {""}:
        mine = [n for n, job in enumerate(wanted) if job.key == key]
        assert watch.order[key] == mine
        assert [number for told_key, number in told if told_key == key] == mine
    for place, lonely in enumerate(wanted):
        if lonely.alone:
            at = told.index(("", place))
            assert {number for _, number in told[:at]} == set(range(place))


@pytest.mark.parametrize("threads", [1, 2])
def test_what_is_to_be_kept_first_has_a_transaction_before_all_that_waits(threads: int) -> None:
    """Though it came last; what has its key is served behind it, not beside it."""
    loop, work = Loop(), NotedWork()
    gates = [work.gate(f"busy {n}") for n in range(threads)]
    with desk(loop, work, threads=threads) as it:
        for n in range(threads):
            it.put([Job(f"busy {n}", f"other {n}", lambda _result: None)])
            work.began.get(timeout=PATIENCE)
        it.put([Job("yes", "a", lambda _result: None), Job("else", "b", lambda _result: None)])
        it.put([Job("taken", "a", lambda _result: None, first=True)])
        for gate in gates:
            gate.set()
        loop.until(lambda: not it.unfinished)
    later = work.batches[threads:]
    assert later[0] == ["taken"] or later[1] == ["taken"]
    place = {each: n for n, batch in enumerate(later) for each in batch}
    assert place["taken"] < place["yes"]


# -- without threads -----------------------------------------------------------------------------


def test_without_threads_the_reactor_serves_what_has_gathered(
    loop: Loop, work: NotedWork, results: Results
) -> None:
    """In a turn of its own: who puts work in is not kept waiting for it."""
    with desk(loop, work, threads=0) as opened:
        opened.put([results.job("a"), results.job("b", alone=True)])
        opened.put([results.job("c")])
        assert work.batches == []
        loop.until(lambda: opened.unfinished == 0)
        assert work.batches == [["a"], ["b"], ["c"]]
        assert results.works == ["a", "b", "c"]
