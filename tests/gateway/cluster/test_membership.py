"""Several members of one store: who holds what, who takes over from whom, and who may still send
and keep anything. Time is what the test says."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

import pytest
from sqlalchemy import insert, update

from gateway.cluster.identity import holder
from gateway.cluster.membership import (
    BEAT,
    HELD_FOR,
    LOOK,
    PATIENCE,
    SEARCH,
    SECOND,
    Membership,
)
from gateway.model.cluster_view import SLOTS
from gateway.store.members import NoSlot
from gateway.store.store import Store
from gateway.store.tables import members
from tests.gateway.cluster.shared_store import SharedStore, first_id


@pytest.fixture
def hall(store: Store) -> SharedStore:
    return SharedStore(store)


# -- joining -------------------------------------------------------------------------------------


def test_one_gateway_is_a_member_that_is_alone(hall: SharedStore) -> None:
    """It need not wait for anybody, and looks nothing up."""
    one = hall.joins("a")
    assert one.silent() == []
    assert one.alone
    assert one.own == 0
    assert one.slots == {0}
    assert one.ours()
    assert one.reasons() == []
    assert hall.commits(one)


def test_each_has_a_slot_of_its_own(hall: SharedStore) -> None:
    """So that no id is given twice; a process of the command line has one beyond all."""
    everybody = [hall.joins(f"gateway {n}") for n in range(SLOTS)]
    assert [each.own for each in everybody] == list(range(SLOTS))
    with pytest.raises(NoSlot):
        hall.joins("one too many")


def test_who_joins_waits_until_all_have_seen_him(hall: SharedStore) -> None:
    """Also for a batch that went by the view of one that is alone."""
    first = hall.joins("a")
    with first.batch() as before:
        second = hall.joins("b")
        assert second.silent() == ["a"]
        hall.passes(3 * BEAT, first, second)
        assert before.alone
        assert not first.alone
        assert second.silent() == ["a"]
    hall.passes(2 * LOOK, first, second)
    assert second.silent() == []
    assert not second.alone


def test_who_joins_beside_a_dead_one_waits_until_it_is_taken_over(hall: SharedStore) -> None:
    """By himself, if nobody else is there."""
    dead = hall.joins("a")
    hall.writes(dead.own)
    second = hall.joins("b")
    hall.passes(PATIENCE - 2 * LOOK, second)
    assert second.silent() == ["a"]
    hall.passes(3 * LOOK, second)
    assert second.silent() == []
    assert second.slots == {0, 1}
    assert not dead.ours()


def test_who_starts_again_takes_what_he_left(hall: SharedStore) -> None:
    """A process that was killed here is dead for sure: its slot is the next one's own, with all
    that waits there, and its binds have ended."""
    tell = "from gateway.cluster.identity import holder; print(holder('x'))"
    done = subprocess.run([sys.executable, "-c", tell], capture_output=True, text=True, check=True)
    hall.joins(done.stdout.strip())
    hall.writes(0)
    hall.binds(0)
    again = hall.joins(holder("y"))
    assert again.own == 0
    assert again.slots == {0}
    assert again.alone
    assert hall.up() == {}
    assert hall.commits(again)


# -- taking over ---------------------------------------------------------------------------------


def test_who_stands_still_is_taken_over_and_can_do_nothing_any_more(hall: SharedStore) -> None:
    """He stops by himself before; when he is back he finds that he has lost, for ever."""
    first, second = hall.together("a", "b")
    row = hall.writes(first.own)
    hall.binds(first.own, second.own)
    lost: list[bool] = []
    first.lost = lambda: lost.append(True)
    hall.passes(HELD_FOR + BEAT, second)
    assert not first.ours()
    assert not hall.commits(first)
    assert second.slots == {second.own}
    hall.passes(PATIENCE - HELD_FOR, second)
    assert second.slots == {0, 1}
    assert hall.up() == {first_id(second.own): second.own}
    assert hall.owner(row) == first.own
    first.step()
    assert first.is_lost
    assert lost == [True]
    assert not hall.commits(first)
    assert hall.commits(second)


@pytest.mark.service
def test_a_clock_that_stood_still_deceives_nobody(postgres_store: Store) -> None:
    """A machine that was stopped as a whole knows of no time that went by; the store does."""
    hall = SharedStore(postgres_store)
    first, second = hall.together("a", "b")
    frozen = hall.now
    hall.passes(PATIENCE + BEAT, second)
    first.clock = lambda: frozen
    assert first.ours()  # by all that it can know
    assert not hall.commits(first)
    assert not first.ours()


def test_time_counts_only_while_the_store_answers(hall: SharedStore) -> None:
    """The other could not beat either; now it has the time to."""
    first, second = hall.together("a", "b")
    for _ in range(8):
        hall.passes(PATIENCE / 4, second)
        second._doubt(OSError("away"))  # type: ignore[arg-type]
    assert second.slots == {second.own}
    hall.passes(LOOK, first, second)
    assert not first.is_lost


def test_of_two_one_takes_over_and_who_can_send_goes_first(hall: SharedStore) -> None:
    """However they look."""
    hall.writes(hall.joins("dead").own)
    mute, able = hall.joins("mute", sends=False), hall.joins("able")
    hall.passes(PATIENCE + SECOND + BEAT, mute, able)
    assert able.slots == {able.own, 0}
    assert mute.slots == {mute.own}
    assert (able.takeovers, mute.takeovers) == (1, 0)


def test_where_nobody_can_send_somebody_takes_over_all_the_same(hall: SharedStore) -> None:
    hall.writes(hall.joins("dead").own)
    mute = hall.joins("mute", sends=False)
    hall.passes(PATIENCE + SECOND + BEAT, mute)
    assert mute.slots == {0, 1}


def test_an_inherited_slot_is_free_when_nothing_waits_there(hall: SharedStore) -> None:
    """What is to leave later goes with its heir, who is alone again then."""
    first, second = hall.together("a", "b")
    due, later = hall.writes(first.own), hall.writes(first.own, after_ms=10**14)
    hall.passes(PATIENCE + 2 * BEAT, second)
    assert second.slots == {0, 1}
    hall.sent(due)
    hall.passes(2 * BEAT, second)
    assert second.slots == {second.own}
    assert second.alone
    assert hall.owner(later) == second.own
    assert hall.holders() == {0: "", 1: "b"}


def test_what_waits_for_nobody_is_found(hall: SharedStore) -> None:
    """A process of the command line wrote it when nobody was there, or the last has left it."""
    first = hall.joins("a")
    hall.writes(first.own)
    first.leave()
    second = hall.joins("b")
    assert second.own == 0
    assert second.slots == {0}
    with hall.store.transaction() as connection:
        connection.execute(insert(members), {"slot": 9, "epoch": 1})
    hall.writes(9)
    hall.passes(SEARCH + BEAT, second)
    assert second.slots == {0, 9}


def test_new_slots_are_taken_up_when_it_is_said(hall: SharedStore) -> None:
    """First the outbox must read what waits there: until then no batch goes by them."""
    _, second = hall.together("a", "b")
    hall.writes(0)
    accepting: list[object] = []
    second.gained = accepting.append
    hall.passes(PATIENCE + 2 * BEAT, second)
    assert second.slots == {1}
    (accept,) = accepting
    assert callable(accept)
    accept()
    assert second.slots == {0, 1}


# -- the fence -----------------------------------------------------------------------------------


def test_rows_are_put_only_where_somebody_will_send_them(hall: SharedStore) -> None:
    """A slot that was freed in the meantime is nobody's."""
    first, second = hall.together("a", "b")
    assert hall.commits(first, second.own)
    second.leave()
    assert not hall.commits(first, second.own)
    assert first.ours()
    assert hall.commits(first)


def test_a_batch_that_goes_by_a_slot_we_gave_up_is_not_kept(hall: SharedStore) -> None:
    """It is no loss: we have given it up ourselves."""
    first, _ = hall.together("a", "b")
    with first.batch() as view:
        first.renew()
        with hall.store.transaction() as connection:
            connection.execute(update(members).where(members.c.slot == 0).values(holder="b"))
            assert not first.holds(connection, view, frozenset())
    assert first.ours()


def test_one_of_all_does_what_one_is_enough_for(hall: SharedStore) -> None:
    everybody: Sequence[Membership] = hall.together("a", "b", "c")
    assert [each.is_first() for each in everybody] == [True, False, False]
    everybody[0].leave()
    hall.passes(BEAT, *everybody[1:])
    assert [each.is_first() for each in everybody] == [False, True, False]
