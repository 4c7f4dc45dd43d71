"""What can wait a moment travels with what cannot."""

from __future__ import annotations

import pytest
from twisted.internet.task import Clock

from gateway.serving.coalescer import COMPANY, ENOUGH, LINGER, Coalescer
from gateway.serving.desk import Desk, Job


class FakeDesk(Desk[str, None]):
    """A desk that nobody works at; it keeps what is put on it."""

    def __init__(self) -> None:
        self.batches: list[list[object]] = []

    def put(self, jobs: list[Job[str, None]]) -> None:  # type: ignore[override]  # a list is what it gets
        self.batches.append([job.work for job in jobs])


def job(work: str) -> Job[str, None]:
    return Job(work, "", lambda result: None)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tray() -> FakeDesk:
    return FakeDesk()


@pytest.fixture
def post(clock: Clock, tray: FakeDesk) -> Coalescer[str, None]:
    return Coalescer(clock, tray)


def test_what_is_for_now_goes_at_once(
    post: Coalescer[str, None], tray: FakeDesk, clock: Clock
) -> None:
    """And starts no timer."""
    post.now([job("message")])
    assert tray.batches == [["message"]]
    assert clock.getDelayedCalls() == []


def test_what_is_for_soon_waits_for_company(
    post: Coalescer[str, None], tray: FakeDesk, clock: Clock
) -> None:
    """It goes before what came later, in one batch, and the timer is gone."""
    post.soon(job("settled"))
    assert tray.batches == []
    post.now([job("message")])
    assert tray.batches == [["settled", "message"]]
    assert clock.getDelayedCalls() == []


def test_what_gathers_until_it_leaves_goes_first(
    post: Coalescer[str, None], tray: FakeDesk
) -> None:
    """What the SMSC took is known to the yes that answers it, however full the batch is."""
    post.packed(lambda: job("what was settled"))
    post.now([job("message"), job("another")])
    assert tray.batches == [["what was settled", "message", "another"]]


def test_nobody_waits_longer_than_a_blink(
    post: Coalescer[str, None], tray: FakeDesk, clock: Clock
) -> None:
    """Counted from the first that waits."""
    post.soon(job("one"))
    clock.advance(LINGER / 2)
    post.soon(job("other"))
    assert tray.batches == []
    clock.advance(LINGER / 2)
    assert tray.batches == [["one", "other"]]
    assert clock.getDelayedCalls() == []


def test_the_next_one_waits_anew(post: Coalescer[str, None], tray: FakeDesk, clock: Clock) -> None:
    """A timer that has fired is no longer there to be cancelled."""
    for work in ("one", "other"):
        post.soon(job(work))
        clock.advance(LINGER)
    assert tray.batches == [["one"], ["other"]]


def test_flushing_nothing_puts_nothing(
    post: Coalescer[str, None], tray: FakeDesk, clock: Clock
) -> None:
    """Closing the gateway flushes in any case."""
    post.flush()
    post.now([])
    assert tray.batches == []
    assert clock.getDelayedCalls() == []


def test_what_comes_one_by_one_travels_together_under_load(
    post: Coalescer[str, None], tray: FakeDesk, clock: Clock
) -> None:
    """The first goes at once; what follows shortly waits for company, and no longer than LINGER."""
    post.together([job("first")], LINGER)
    clock.advance(LINGER / 2)
    post.together([job("second")], LINGER)
    clock.advance(LINGER / 2)
    post.together([job("third")], LINGER)
    assert tray.batches == [["first"]]
    clock.advance(LINGER / 2)
    assert tray.batches == [["first"], ["second", "third"]]
    clock.advance(LINGER)
    post.together([job("later")], LINGER)
    assert tray.batches[2:] == [["later"]]
    assert clock.getDelayedCalls() == []


def test_messages_wait_for_a_few_others_where_they_come_often(
    post: Coalescer[str, None], tray: FakeDesk, clock: Clock
) -> None:
    """One that comes alone waits for nobody; later ones until they are enough, or not long."""
    post.together([job("alone")])
    assert tray.batches == [["alone"]]
    for n in range(ENOUGH + 1):
        clock.advance(COMPANY / (2 * ENOUGH))
        post.together([job(f"{n}")])
    assert tray.batches[1:] == [[f"{n}" for n in range(ENOUGH)]]
    clock.advance(COMPANY)
    assert tray.batches[2:] == [[f"{ENOUGH}"]]
    assert clock.getDelayedCalls() == []


def test_who_cannot_wait_takes_the_patient_along(
    post: Coalescer[str, None], tray: FakeDesk, clock: Clock
) -> None:
    """A timer of LINGER gives way to a shorter one."""
    post.together([job("alone")])
    post.soon(job("patient"))
    post.together([job("urgent")])
    clock.advance(COMPANY)
    assert tray.batches[1:] == [["patient", "urgent"]]
    assert clock.getDelayedCalls() == []
