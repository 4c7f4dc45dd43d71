"""Keeping one connection up: connect, serve, wait, again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.task import Clock

from gateway.channels.reconnecting import (
    LineChange,
    LineState,
    ReconnectingLine,
    RefusedByPeer,
    backoff,
)


class Exchange:
    """A line on a clock, and the other side's decisions."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.changes: list[LineChange] = []
        self.attempts: list[Deferred[str]] = []
        self.hung_up = 0
        self.attempt = self._attempt
        self.line = ReconnectingLine(
            "smsc-a", self.clock, lambda line: self.attempt(line), lambda failures: 2.0**failures,
            self.changes.append, lived=30.0, refused_wait=600.0,
        )  # fmt: skip

    def _attempt(self, line: ReconnectingLine) -> Deferred[str]:
        self.attempts.append(Deferred())
        return self.attempts[-1]

    def serve(self) -> None:
        self.line.serving(self._hang_up)

    def _hang_up(self) -> None:
        self.hung_up += 1

    def end(self, reason: Exception | None = None) -> None:
        if reason is None:
            self.attempts[-1].callback("")
        else:
            self.attempts[-1].errback(reason)

    @property
    def waits(self) -> list[float]:
        return [change.wait for change in self.changes if change.state is LineState.WAITING]

    @property
    def states(self) -> list[LineState]:
        return [change.state for change in self.changes]


@pytest.fixture
def exchange():
    """A line; when the test is over it has stopped, and no timer is left."""
    exchange = Exchange()
    yield exchange
    stopped = exchange.line.stop()
    if exchange.attempts and not exchange.attempts[-1].called:
        exchange.end()
    assert stopped.called
    assert exchange.line.state is LineState.STOPPED
    assert exchange.clock.getDelayedCalls() == []


def test_it_connects_and_serves(exchange):
    """Each change of state is told once."""
    exchange.line.start()
    exchange.serve()
    assert exchange.changes == [
        LineChange("smsc-a", LineState.CONNECTING),
        LineChange("smsc-a", LineState.SERVING),
    ]


def test_starting_twice_is_starting_once(exchange):
    """There is one attempt at a time."""
    exchange.line.start()
    exchange.line.start()
    assert len(exchange.attempts) == 1


def test_after_an_ending_it_waits_and_tries_again(exchange):
    """With the reason for the log."""
    exchange.line.start()
    exchange.end(ConnectionError("refused by host"))
    waiting = exchange.changes[-1]
    assert waiting == LineChange("smsc-a", LineState.WAITING, "refused by host", 1, 2.0)
    exchange.clock.advance(1.9)
    assert len(exchange.attempts) == 1
    exchange.clock.advance(0.1)
    assert len(exchange.attempts) == 2


def test_each_failure_makes_the_wait_longer(exchange):
    """The policy is asked with the number of failures in a row."""
    exchange.line.start()
    for _ in range(4):
        exchange.end(ConnectionError("no"))
        exchange.clock.advance(exchange.waits[-1])
    assert exchange.waits == [2.0, 4.0, 8.0, 16.0]


def test_service_that_lasted_resets_the_wait(exchange):
    """Half a minute of service was a success; what follows begins anew."""
    exchange.line.start()
    for _ in range(3):
        exchange.end(ConnectionError("no"))
        exchange.clock.advance(exchange.waits[-1])
    exchange.serve()
    exchange.clock.advance(30.0)
    exchange.end()
    assert exchange.waits[-1] == 2.0


def test_being_connected_or_served_briefly_resets_nothing(exchange):
    """An SMSC that lets us in and throws us out again must not be hammered."""
    exchange.line.start()
    for served in (False, True, True):
        if served:
            exchange.serve()
        exchange.clock.advance(29.0)
        exchange.end()
        exchange.clock.advance(exchange.waits[-1])
    assert exchange.waits == [2.0, 4.0, 8.0]


def test_a_fatal_refusal_alarms_and_waits_long(exchange):
    """A wrong password does not become right by trying."""
    exchange.line.start()
    exchange.end(RefusedByPeer("wrong password"))
    assert exchange.changes[-1] == LineChange(
        "smsc-a", LineState.WAITING, "wrong password", 1, 600.0, alarm=True
    )


def test_an_attempt_that_cannot_even_begin_is_a_failure(exchange):
    """An exception out of the attempt itself waits like any other."""

    def broken(line):
        raise OSError("no such file")

    exchange.attempt = broken
    exchange.line.start()
    assert exchange.changes[-1].reason == "no such file"


def test_an_end_is_told_with_its_reason(exchange):
    """Who looks at the log wants to know which of the two it was."""
    exchange.line.start()
    exchange.serve()
    exchange.attempts[-1].callback("the peer unbound")
    assert exchange.changes[-1].reason == "the peer unbound"


def test_a_failure_without_words_is_told_by_its_name(exchange):
    """A log line that says nothing helps nobody."""
    exchange.line.start()
    exchange.end(TimeoutError())
    assert exchange.changes[-1].reason == "TimeoutError"


# ---- stopping ----


def test_stop_while_serving_hangs_up_and_waits_for_the_end(exchange):
    """In order: goodbye, its end, then we are told."""
    exchange.line.start()
    exchange.serve()
    stopped = exchange.line.stop()
    assert exchange.hung_up == 1
    assert not stopped.called
    exchange.end()
    assert stopped.called
    assert exchange.states[-2:] == [LineState.STOPPING, LineState.STOPPED]


def test_stop_while_connecting_cancels_the_attempt(exchange):
    """Nobody waits for an SMSC that does not answer."""
    exchange.line.start()
    assert exchange.line.stop().called
    assert exchange.attempts[0].called


def test_stop_while_waiting_leaves_no_timer(exchange):
    """At once."""
    exchange.line.start()
    exchange.end(ConnectionError("no"))
    assert exchange.line.stop().called
    assert exchange.clock.getDelayedCalls() == []


def test_stop_before_the_start(exchange):
    """Nothing to end."""
    assert exchange.line.stop().called
    exchange.line.start()
    assert exchange.attempts == []


def test_stop_twice_fires_twice(exchange):
    """Whoever asks is told, before the end or after."""
    exchange.line.start()
    exchange.serve()
    first, second = exchange.line.stop(), exchange.line.stop()
    exchange.end()
    assert first.called
    assert second.called
    assert exchange.line.stop().called
    assert exchange.hung_up == 1


def test_service_that_begins_while_stopping_is_hung_up(exchange):
    """The bind came through at the wrong moment: goodbye at once."""
    attempt: Deferred[str] = Deferred(lambda d: exchange.serve())
    exchange.attempt = lambda line: attempt
    exchange.line.start()
    exchange.line.stop()
    assert exchange.hung_up == 1
    assert LineState.SERVING not in exchange.states


def test_a_cancelled_attempt_is_no_error_of_ours():
    """Deferred.cancel's own exception does not show up in any log."""
    exchange = Exchange()
    exchange.line.start()
    exchange.line.stop()
    seen: list[object] = []
    exchange.attempts[0].addBoth(seen.append)
    assert not isinstance(getattr(seen[0], "value", None), CancelledError)


# ---- waiting ----


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_the_wait_grows_to_its_bound(failures, chance):
    """Never under half of what is due, never over the most."""
    due = min(60.0, 1.0 * 2 ** min(failures - 1, 20))
    assert due / 2 <= backoff(1.0, 60.0, lambda: chance)(failures) <= due


def test_the_wait_is_spread_by_chance():
    """Lines that fell together do not come back together."""
    chances = iter([0.0, 0.5, 1.0])
    wait = backoff(1.0, 60.0, lambda: next(chances))
    assert [wait(3), wait(3), wait(3)] == [2.0, 3.0, 4.0]
