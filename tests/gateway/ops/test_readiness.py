"""Whether the store keeps anything: asked seldom, in a thread of its own, never for ever."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import Any, cast

import pytest_twisted
from twisted.internet.defer import Deferred, gatherResults
from twisted.internet.task import Clock

from gateway.model.hall_reactor import IHallReactor
from gateway.ops.readiness import FRESH, WITHIN, Probe
from gateway.store.outage import named
from gateway.store.store import Store, StoreProblem


class Loop(Clock):
    """A reactor whose threads answer at once, when it is told to turn."""

    def __init__(self) -> None:
        super().__init__()
        self.called: list[Callable[[], object]] = []
        self.came = Event()

    def callFromThread(self, function: Callable[..., object], *args: Any) -> None:
        self.called.append(lambda: function(*args))
        self.came.set()

    def turn(self) -> None:
        assert self.came.wait(10)
        self.came.clear()
        called, self.called = self.called, []
        for each in called:
            each()


def asked(probe: Probe) -> list[str]:
    found: list[str] = []
    Deferred.fromCoroutine(probe.reason()).addCallback(found.append)
    return found


def test_many_who_ask_at_once_ask_once() -> None:
    """And for a second the answer is good."""
    loop, times = Loop(), []
    probe = Probe(cast(IHallReactor, loop), lambda: times.append(1), named)
    found = [asked(probe) for _ in range(50)]
    loop.turn()
    assert found == [[""]] * 50
    assert asked(probe) == [""]
    assert len(times) == 1
    loop.advance(FRESH)
    late = asked(probe)
    loop.turn()
    assert late == [""]
    assert len(times) == 2


def test_why_it_keeps_nothing_is_told_and_asked_again() -> None:
    """In the words of whoever refuses."""
    loop, state = Loop(), ["has schema 0001, this program wants 0011"]

    def ask() -> None:
        if state:
            raise StoreProblem(state[0])

    probe = Probe(cast(IHallReactor, loop), ask, named)
    found = asked(probe)
    loop.turn()
    assert found == ["has schema 0001, this program wants 0011"]
    state.clear()
    anew: list[str] = []
    Deferred.fromCoroutine(probe.reason(anew=True)).addCallback(anew.append)
    loop.turn()
    assert anew == [""]


def test_who_never_answers_holds_up_one_thread_and_nobody_else() -> None:
    """However often it is asked; and once there is an answer, all is well again."""
    loop, gate, times = Loop(), Event(), []

    def ask() -> None:
        times.append(1)
        gate.wait(10)

    probe = Probe(cast(IHallReactor, loop), ask, named)
    for _ in range(20):
        found = asked(probe)
        loop.advance(WITHIN)
        assert found == ["TimeoutError"]
    assert len(times) == 1
    gate.set()
    loop.turn()
    assert asked(probe) == [""]
    assert loop.getDelayedCalls() == []


@pytest_twisted.ensureDeferred
async def test_a_store_is_asked_by_many_and_serves_on(store: Store) -> None:
    """The probe is a transaction like any other."""
    from twisted.internet import reactor

    probe = Probe(cast(IHallReactor, reactor), store.answers, named)
    asking = [Deferred.fromCoroutine(probe.reason(anew=True)) for _ in range(5)]
    assert await gatherResults(asking) == [""] * 5
    assert store.newest_id() == 0
