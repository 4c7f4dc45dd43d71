"""The circuit breaker, by the clock."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gateway.boss.circuit_breaker import BreakerState, CircuitBreaker


def test_it_opens_after_failures_in_a_row_and_rests() -> None:
    """A success in between begins the count anew."""
    breaker = CircuitBreaker(failures=3, rest=30)
    for failed in (True, True, False, True, True):
        assert breaker.lets(0)
        if failed:
            breaker.failed(0)
        else:
            breaker.succeeded()
    assert breaker.state.value == "closed"
    breaker.failed(1)
    assert breaker.state.value == "open"
    assert not breaker.lets(30.9)
    assert breaker.rests(30.9)
    assert not breaker.rests(31)


def test_one_call_is_let_through_to_see() -> None:
    """The others wait for what becomes of it; its failure is enough to rest again."""
    breaker = CircuitBreaker(failures=3, rest=30)
    for _ in range(3):
        breaker.failed(0)
    assert breaker.lets(30)
    assert not breaker.lets(30)
    assert breaker.rests(1_000)
    breaker.failed(35)
    assert not breaker.lets(64.9)
    assert breaker.lets(65)
    breaker.succeeded()
    assert breaker.lets(65)
    assert breaker.lets(65)


def test_late_failures_of_earlier_calls_lengthen_the_rest() -> None:
    """They were let before it opened; none of them makes it call."""
    breaker = CircuitBreaker(failures=1, rest=30)
    breaker.failed(0)
    breaker.failed(10)
    assert not breaker.lets(39)
    assert breaker.lets(40)


Steps = st.lists(st.tuples(st.sampled_from(["call", "good", "bad"]), st.floats(0, 40)))


@given(Steps, st.integers(1, 4))
def test_whatever_happens_who_does_not_answer_is_asked_by_one_at_most(
    steps: list[tuple[str, float]], failures: int
) -> None:
    """Once open, one call goes through in a rest; and it never stays shut for ever."""
    breaker, now, out = CircuitBreaker(failures, rest=30), 0.0, 0
    in_a_row = 0
    for step, later in steps:
        now += later
        if step == "call":
            was = breaker.state
            let = breaker.lets(now)
            assert let or was is not BreakerState.CLOSED
            out += let
        elif out:
            out -= 1
            in_a_row = 0 if step == "good" else in_a_row + 1
            if step == "good":
                breaker.succeeded()
            else:
                breaker.failed(now)
        if in_a_row >= failures:
            assert breaker.state is not BreakerState.CLOSED
    if not out and breaker.state is BreakerState.OPEN:
        assert breaker.lets(now + 30)
