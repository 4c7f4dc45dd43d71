"""One gateway at a time has a store: who gets it, who is refused, what may still be done."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO

import pytest
from sqlalchemy import text

from gateway.cluster.identity import holder, is_dead, read
from gateway.cluster.leases import BEAT, PATIENCE
from gateway.cluster.ownership import HELD_FOR, Ownership, OwnershipWatch
from gateway.ops.log import Log
from gateway.serving.desk import Unavailable
from gateway.store.postgresql import IDLE_MS
from gateway.store.store import Store
from tests.gateway.hall import Office


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


class Gateway:
    """As far as others on its store see of it."""

    def __init__(self, store: Store, name: str, clock: Clock) -> None:
        self.owner = Ownership(store, name, Log(BytesIO()), clock)
        self.vigil = OwnershipWatch()
        self._store = store

    def takes(self) -> bool:
        return self.owner.taken(self.vigil)

    def may_commit(self) -> bool:
        with self._store.transaction() as connection:
            return self.owner.holds(connection)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_who_beats_keeps_it_and_the_other_sees_that_he_lives(store: Store, clock: Clock) -> None:
    """He is refused as soon as the first beat is seen, and never gets it."""
    first, second = Gateway(store, "a", clock), Gateway(store, "b", clock)
    assert first.takes()
    assert not second.takes()
    assert not second.vigil.alive
    for _ in range(20):
        clock.now += BEAT
        assert first.owner.beaten() == "a"
        assert not second.takes()
        assert second.vigil.alive
    assert second.vigil.holder == "a"


def test_of_two_that_come_at_once_one_gets_it(store: Store, clock: Clock) -> None:
    """Whoever is asked first; the row is there once."""
    gateways = [Gateway(store, name, clock) for name in "abc"]
    assert [each.takes() for each in gateways] == [True, False, False]
    assert [each.may_commit() for each in gateways] == [True, False, False]


def test_who_is_silent_too_long_can_do_nothing_any_more(store: Store, clock: Clock) -> None:
    """He stops by himself before another takes over; then he finds out whose it is."""
    first, second = Gateway(store, "a", clock), Gateway(store, "b", clock)
    assert first.takes()
    assert not second.takes()
    clock.now += HELD_FOR - 1
    assert first.owner.ours()
    assert first.may_commit()
    clock.now += 1
    assert not first.owner.ours()
    assert not first.may_commit()
    assert not second.takes()
    clock.now += PATIENCE - HELD_FOR
    assert second.takes()
    assert first.owner.beaten() == "b"
    assert second.may_commit()


@pytest.mark.service
def test_a_clock_that_stood_still_deceives_nobody(postgres_store: Store, clock: Clock) -> None:
    """A machine that was stopped as a whole knows of no time that went by; the store does."""
    store, elsewhere = postgres_store, Clock()
    first, second = Gateway(store, "a", clock), Gateway(store, "b", elsewhere)
    assert first.takes()
    second.takes()
    elsewhere.now += PATIENCE
    assert second.takes()
    assert first.owner.ours()  # by all that it can know
    assert not first.may_commit()


def test_time_counts_only_while_the_store_answers(store: Store, clock: Clock) -> None:
    """The holder could not beat either; now he has the time to."""
    first, second = Gateway(store, "a", clock), Gateway(store, "b", clock)
    assert first.takes()
    second.takes()
    clock.now += PATIENCE - 1
    second.vigil.interrupted()
    clock.now += 1
    assert not second.takes()
    assert not second.vigil.alive
    clock.now += PATIENCE
    assert second.takes()


def test_who_died_here_or_gave_it_back_is_not_waited_for(store: Store, clock: Clock) -> None:
    """After a kill the next start serves at once."""
    tell = "from gateway.cluster.identity import holder; print(holder('x'))"
    done = subprocess.run([sys.executable, "-c", tell], capture_output=True, text=True, check=True)
    dead = Gateway(store, done.stdout.strip(), clock)
    assert dead.takes()
    living = Gateway(store, holder("y"), clock)
    assert living.takes()
    assert not Gateway(store, "b", clock).takes()
    living.owner.give_back()
    assert not living.owner.ours()
    assert Gateway(store, "b", clock).takes()


def test_a_process_that_has_ended_is_dead_before_anybody_took_note() -> None:
    """In a container nobody may ever."""
    tell = "from gateway.cluster.identity import holder; print(holder('x'), flush=True)"
    with subprocess.Popen([sys.executable, "-c", tell], stdout=subprocess.PIPE, text=True) as gone:
        assert gone.stdout is not None
        name = gone.stdout.read().strip()  # to its end; it has not been waited for
        while not is_dead(name):
            pass


def test_others_are_told_who_it_is() -> None:
    """And names of older gateways are understood."""
    told = read(holder("x", 1_700_000_000))
    assert told.host
    assert told.since == 1_700_000_000
    assert read("boot/pid:[1] 42 77 x").pid == "42"
    assert read("a").since == 0


def test_what_was_taken_over_is_neither_kept_nor_answered(store: Store) -> None:
    """A batch whose store is another's by now leaves nothing."""
    ours = [True]
    office = Office(store, ours=lambda _: ours[0])
    ours[0] = False
    with pytest.raises(Unavailable):
        office.serve(office.arrived("YE"))
    assert office.journal() == []
    assert [line["event"] for line in office.log()] == []


def test_whoever_was_stopped_in_a_transaction_is_late_for_it(store: Store) -> None:
    """PostgreSQL has ended it before another can take over; SQLite lets no other in before."""
    assert HELD_FOR + IDLE_MS / 1000 < PATIENCE
    if store.engine.dialect.name == "postgresql":
        with store.reading() as connection:
            shown = connection.execute(text("SHOW idle_in_transaction_session_timeout")).scalar()
        assert shown == f"{IDLE_MS // 1000}s"
