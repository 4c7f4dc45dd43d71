"""What can wait a moment travels with what cannot."""

from __future__ import annotations

import pytest
from twisted.internet.task import Clock

from gateway.desk import Desk, Job
from gateway.post import LINGER, Post


class Tray(Desk):
    """A desk that nobody works at; it keeps what is put on it."""

    def __init__(self) -> None:
        self.batches: list[list[object]] = []

    def put(self, jobs: list[Job]) -> None:  # type: ignore[override]  # a list is what it gets
        self.batches.append([job.work for job in jobs])


def job(work: str) -> Job:
    return Job(work, "", lambda result: None)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tray() -> Tray:
    return Tray()


@pytest.fixture
def post(clock: Clock, tray: Tray) -> Post:
    return Post(clock, tray)


def test_what_is_for_now_goes_at_once(post: Post, tray: Tray, clock: Clock) -> None:
    """And starts no timer."""
    post.now([job("message")])
    assert tray.batches == [["message"]]
    assert clock.getDelayedCalls() == []


def test_what_is_for_soon_waits_for_company(post: Post, tray: Tray, clock: Clock) -> None:
    """It goes before what came later, in one batch, and the timer is gone."""
    post.soon(job("settled"))
    assert tray.batches == []
    post.now([job("message")])
    assert tray.batches == [["settled", "message"]]
    assert clock.getDelayedCalls() == []


def test_what_gathers_until_it_leaves_goes_first(post: Post, tray: Tray) -> None:
    """What the SMSC took is known to the yes that answers it, however full the batch is."""
    post.packed(lambda: job("what was settled"))
    post.now([job("message"), job("another")])
    assert tray.batches == [["what was settled", "message", "another"]]


def test_nobody_waits_longer_than_a_blink(post: Post, tray: Tray, clock: Clock) -> None:
    """Counted from the first that waits."""
    post.soon(job("one"))
    clock.advance(LINGER / 2)
    post.soon(job("other"))
    assert tray.batches == []
    clock.advance(LINGER / 2)
    assert tray.batches == [["one", "other"]]
    assert clock.getDelayedCalls() == []


def test_the_next_one_waits_anew(post: Post, tray: Tray, clock: Clock) -> None:
    """A timer that has fired is no longer there to be cancelled."""
    for work in ("one", "other"):
        post.soon(job(work))
        clock.advance(LINGER)
    assert tray.batches == [["one"], ["other"]]


def test_flushing_nothing_puts_nothing(post: Post, tray: Tray, clock: Clock) -> None:
    """Closing the gateway flushes in any case."""
    post.flush()
    post.now([])
    assert tray.batches == []
    assert clock.getDelayedCalls() == []


def test_what_comes_one_by_one_travels_together_under_load(
    post: Post, tray: Tray, clock: Clock
) -> None:
    """The first goes at once; what follows shortly waits for company, and no longer than LINGER."""
    post.together(job("first"))
    clock.advance(LINGER / 2)
    post.together(job("second"))
    clock.advance(LINGER / 2)
    post.together(job("third"))
    assert tray.batches == [["first"]]
    clock.advance(LINGER / 2)
    assert tray.batches == [["first"], ["second", "third"]]
    clock.advance(LINGER)
    post.together(job("later"))
    assert tray.batches[2:] == [["later"]]
    assert clock.getDelayedCalls() == []
