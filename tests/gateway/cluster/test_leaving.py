"""A member that leaves, or cannot send: what waits goes to another, and to nobody only if there is
none. Time is what the test says."""

from __future__ import annotations

import pytest
from sqlalchemy import insert

from gateway.cluster.membership import BEAT, LOOK, PATIENCE, STRANDED
from gateway.store.store import Store
from gateway.store.tables import members
from tests.gateway.cluster.shared_store import SharedStore, first_id


@pytest.fixture
def hall(store: Store) -> SharedStore:
    return SharedStore(store)


def test_who_leaves_gives_what_waits_to_one_who_can_send(hall: SharedStore) -> None:
    first, second = hall.together("a", "b")
    hall.writes(first.own)
    hall.passes(BEAT, first, second)
    first.leave()
    assert hall.holders() == {0: "b", 1: "b"}
    hall.passes(LOOK, second)
    assert second.slots == {0, 1}
    assert not hall.commits(first)


def test_who_leaves_with_nothing_leaves_nothing(hall: SharedStore) -> None:
    """And the other is alone at its next look."""
    first, second = hall.together("a", "b")
    first.leave()
    assert hall.holders() == {0: "", 1: "b"}
    hall.passes(BEAT, second)
    assert second.alone
    hall.passes(BEAT, second)
    assert hall.joins("c").own == 0


def test_what_waits_is_never_left_to_nobody(hall: SharedStore) -> None:
    """Also if nobody else can send yet: whoever is left would take himself for alone, and write
    elsewhere what belongs behind it."""
    first, second = hall.joins("a"), hall.joins("b", sends=False)
    hall.passes(2 * BEAT, first, second)
    hall.writes(first.own, handed=True)
    first.leave()
    assert hall.holders() == {0: "b", 1: "b"}
    hall.passes(LOOK, second)
    assert second.slots == {0, 1}
    assert not second.alone


def test_nobody_is_alone_beside_what_waits_for_nobody(hall: SharedStore) -> None:
    """It is taken at once, not after the next search."""
    first, second = hall.together("a", "b")
    with hall.store.transaction() as connection:
        connection.execute(insert(members), {"slot": 9, "epoch": 1})
    first._searched = second._searched = hall.now  # they have just looked for that
    row = hall.writes(9)
    first.leave()
    hall.passes(2 * LOOK, second)
    assert not second.alone
    assert second.slots == {1, 9}
    hall.sent(row)
    hall.passes(2 * BEAT, second)
    assert second.alone


def test_what_waits_for_nobody_is_taken_once_somebody_writes_behind_it(hall: SharedStore) -> None:
    """Until then each such batch is refused."""
    first, second = hall.together("a", "b")
    with hall.store.transaction() as connection:
        connection.execute(insert(members), {"slot": 9, "epoch": 1})
    first._searched = second._searched = hall.now  # they have just looked for that
    hall.writes(9)
    assert not hall.commits(first, 9)
    hall.passes(2 * LOOK, first, second)
    assert first.slots == {0, 9}
    assert hall.commits(second, 9)


def test_whether_a_gateway_can_send_is_told_at_its_next_look(hall: SharedStore) -> None:
    """Others give it what waits, or do so no more."""
    first, second = hall.together("a", "b")
    told = []
    for can in (False, True):
        first.sends = lambda can=can: can  # type: ignore[misc]
        hall.passes(2 * LOOK, first, second)
        told.append(second.view.senders)
    assert told == [(), (0,)]


def test_who_is_about_to_leave_is_given_nothing_more(hall: SharedStore) -> None:
    """And knows whether another can send, so that of two that leave at once one does."""
    first, second = hall.together("a", "b")
    hall.writes(second.own)
    first.retire()
    second.retire()
    assert [each.view.senders for each in (first, second)] == [(1,), ()]
    assert not second.hand_over()
    hall.passes(LOOK, first, second)
    assert [each.view.senders for each in (first, second)] == [(), ()]
    row = hall.writes(first.own)
    first.leave()
    second.retire()
    assert second.slots == {0, 1}
    assert hall.owner(row) == 0


def test_who_cannot_send_for_long_hands_over_as_a_whole(hall: SharedStore) -> None:
    """And goes on with a slot of its own, under which its binds are known from then on."""
    first, second = hall.together("a", "b")
    row = hall.writes(first.own)
    hall.binds(first.own, second.own)
    stranded: list[bool] = []
    first.stranded = lambda: stranded.append(True)
    first.sends = lambda: False
    hall.passes(STRANDED, first, second)
    assert stranded == []
    hall.passes(2 * LOOK, first, second)
    assert stranded == [True]
    assert first.renew() == 2
    assert first.own == 2
    assert first.slots == {2}
    assert hall.commits(first)
    assert first.hand_over()
    first.keep()
    hall.passes(BEAT, first, second)
    assert second.slots == {0, 1}
    assert first.slots == {2}
    assert first.hand_overs == 1
    assert hall.up() == {first_id(0): 2, first_id(1): 1}
    assert hall.owner(row) == 0
    assert hall.commits(first)
    assert hall.commits(second)


def test_what_was_not_handed_over_is_ours_again(hall: SharedStore) -> None:
    """Something was on its way yet: it is tried again later."""
    first, _ = hall.together("a", "b")
    hall.writes(first.own)
    first.renew()
    assert first.slots == {2}
    first.keep()
    hall.passes(LOOK, first)
    assert first.slots == {0, 2}


def test_who_was_taken_over_leaves_without_a_word(hall: SharedStore) -> None:
    """It has said that already, and is not to be opened anew twice."""
    first, second = hall.together("a", "b")
    lost: list[bool] = []
    first.lost = lambda: lost.append(True)
    hall.passes(PATIENCE + BEAT, second)
    first.step()
    first.retire()
    first.leave()
    assert lost == [True]
    assert hall.holders() == {0: "", 1: "b"}
