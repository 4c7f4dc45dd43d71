"""Slots of a gateway that is gone: nothing is lost while they are given up, and nothing fresh
leaves before what waits there."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import text
from twisted.internet.task import Clock

from gateway.cluster.membership import BEAT, PATIENCE, Membership
from gateway.delivery.outbox import Outbox
from gateway.model.address import Address
from gateway.model.cluster_view import Place
from gateway.model.messages import OutgoingMessage
from gateway.serving.placing import placed
from gateway.store.connection import Connection
from gateway.store.members import SqlMembers
from gateway.store.store import Store
from gateway.wiring import share
from tests.gateway.cluster.shared_store import SharedStore
from tests.gateway.delivery.binds import MARKS, FakeRoute
from tests.gateway.messages import ZHANG

LATER = 1_000_001  # an answer's id, behind all others
WAITS = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE wait_event_type = 'Lock' AND datname = current_database()"
)


def message(id: int = LATER) -> OutgoingMessage:
    return OutgoingMessage(id, "smsc-a", Address(0, 0, "10086"), Address(1, 1, ZHANG), "x")


def put(store: Store, connection: Connection, slot: int) -> None:
    store.messages.put(connection, [message()], lambda id: Place(slot, id, True))


def until_it_waits(store: Store, task: Future[Any]) -> None:
    """For a lock of somebody else."""
    while not task.done():
        with store.reading() as connection:
            if connection.execute(WAITS).scalar():
                return
    raise AssertionError(f"it did not wait: {task.result()}")


@pytest.fixture
def heirs(postgres_store: Store) -> tuple[SharedStore, Membership, Membership]:
    """Of a dead gateway, whose slot is 0, the first of these has inherited; nothing is left
    there."""
    hall = SharedStore(postgres_store)
    dead, heir, other = hall.together("dead", "heir", "other")
    row = hall.writes(dead.own)
    hall.passes(PATIENCE + BEAT, heir, other)
    if 0 in other.slots:
        heir, other = other, heir
    assert heir.slots == {heir.own, 0}
    hall.sent(row)
    return hall, heir, other


@pytest.mark.service
def test_a_slot_is_not_freed_while_somebody_writes_there(
    heirs: tuple[SharedStore, Membership, Membership],
) -> None:
    """Who frees it waits for the commit, and looks then: before, the row could not be seen."""
    hall, heir, other = heirs

    name = heir.me.holder

    def freed() -> bool:
        with hall.store.transaction() as connection:
            return SqlMembers(connection).free(name, 0, heir.own, int(hall.now * 1000))

    with ThreadPoolExecutor(1) as pool:
        with other.batch() as view, hall.store.transaction() as connection:
            put(hall.store, connection, 0)
            assert other.holds(connection, view, frozenset({0}))
            freeing = pool.submit(freed)
            until_it_waits(hall.store, freeing)
        assert freeing.result(10) is False
    assert hall.holders()[0] == name
    assert hall.owner(LATER) == 0


@pytest.mark.service
def test_nothing_is_written_where_a_slot_is_freed_at_the_same_time(
    heirs: tuple[SharedStore, Membership, Membership],
) -> None:
    """The other way round: who came second is refused, and keeps nothing."""
    hall, heir, other = heirs

    def batch() -> bool:
        with other.batch() as view, hall.store.transaction() as connection:
            put(hall.store, connection, 0)
            kept = other.holds(connection, view, frozenset({0}))
            connection.rollback()
            return kept

    with ThreadPoolExecutor(1) as pool:
        with hall.store.transaction() as connection:
            now_ms = int(hall.now * 1000)
            assert SqlMembers(connection).free(heir.me.holder, 0, heir.own, now_ms)
            writing = pool.submit(batch)
            until_it_waits(hall.store, writing)
        assert writing.result(10) is False
    assert hall.holders()[0] == ""


@pytest.mark.service
def test_who_takes_over_waits_for_a_batch_and_who_beats_does_not(
    heirs: tuple[SharedStore, Membership, Membership],
) -> None:
    """The batch has asked its last question, and is about to be kept."""
    hall, heir, other = heirs

    def taken() -> bool:
        with hall.store.transaction() as connection:
            slots = {row.slot: row for row in SqlMembers(connection).rows()}
            seen = {other.own: (slots[other.own].epoch, slots[other.own].beat)}
            me, now_ms = heir.me, int(hall.now * 1000)
            return SqlMembers(connection).take_over(me, seen, heir.own, now_ms)

    with ThreadPoolExecutor(1) as pool:
        with other.batch() as view, hall.store.transaction() as connection:
            put(hall.store, connection, other.own)
            assert other.holds(connection, view, frozenset())
            hall.now += BEAT
            pool.submit(other.step).result(10)
            taking = pool.submit(taken)
            until_it_waits(hall.store, taking)
        assert taking.result(10)
    assert hall.holders()[other.own] == heir.me.holder
    assert hall.owner(LATER) == other.own


@pytest.mark.service
def test_a_slot_is_not_left_to_nobody_while_somebody_writes_there(
    heirs: tuple[SharedStore, Membership, Membership],
) -> None:
    """Who leaves waits for the commit of who writes behind its last message, which has been sent
    meanwhile; then there is something to give."""
    hall, heir, other = heirs
    with ThreadPoolExecutor(1) as pool:
        with other.batch() as view, hall.store.transaction() as connection:
            put(hall.store, connection, heir.own)
            assert other.holds(connection, view, frozenset({heir.own}))
            leaving = pool.submit(heir.leave)
            until_it_waits(hall.store, leaving)
        leaving.result(10)
    assert hall.holders()[heir.own] == other.me.holder


class ServingOutbox:
    """The outbox of a member, as a gateway wires it; what it asks for is read when the test says
    so."""

    def __init__(self, hall: SharedStore, member: Membership) -> None:
        self.hall, self.member = hall, member
        self.asked: list[int] = []
        self.outbox = Outbox(
            Clock(), lambda: hall.now, lambda *_: None, lambda n, _: self.asked.append(n), MARKS
        )
        self.sent: list[int] = []  # in which order
        self.route = FakeRoute(
            "smsc-a", 10, on_submit=lambda _, part: self.sent.append(part.delivery.message.id)
        )
        self.outbox.attach(self.route)
        at_once = SimpleNamespace(callFromThread=lambda act, *facts: act(*facts))
        batches = SimpleNamespace(inherit_unproven=lambda: None)
        share(member, cast(Any, at_once), self.outbox, cast(Any, batches), cast(Any, None))
        self.outbox.start()
        self.read()

    def read(self) -> None:
        """All that it has asked for until now, as the desk does: behind every batch before."""
        asked, self.asked = self.asked, []
        for limit in asked:
            with self.member.batch() as view, self.hall.store.transaction() as connection:
                found = self.hall.store.messages.waiting(connection, view.held, limit, 0)
            self.outbox.loaded(found, limit)

    def writes(self, id: int) -> Place:
        """A fresh message, which the outbox gets unless it is handed."""
        with self.member.batch() as view, self.hall.store.transaction() as connection:
            places = placed(connection, [message(id)], view, sends=True)
            self.hall.store.messages.put(connection, [message(id)], places.__getitem__)
        if not places[id].handed:
            self.outbox.add([message(id)])
        return places[id]

    def all_sent(self) -> list[int]:
        """When the peer has taken one after the other."""
        while self.route.in_flight:
            self.route.answer(self.outbox)
        return self.sent


def test_nothing_fresh_leaves_before_what_was_inherited(store: Store) -> None:
    """Whoever takes over reads all that waits before it sends what it writes itself, also what it
    wrote before it knew that the slot is its own."""
    hall = SharedStore(store)
    dead, heir = hall.together("dead", "heir")
    first = hall.writes(dead.own)
    serving = ServingOutbox(hall, heir)
    accepting: list[Callable[[], None]] = []
    wired, heir.gained = heir.gained, accepting.append
    hall.passes(PATIENCE + BEAT, heir)
    (accept,) = accepting
    assert serving.writes(LATER) == Place(0, LATER, True)
    wired(accept)
    assert heir.slots == {0, heir.own}
    assert serving.writes(LATER + 8) == Place(0, LATER + 8, True)
    assert serving.all_sent() == []
    serving.read()
    assert serving.writes(LATER + 16) == Place(0, LATER + 16, False)
    assert serving.all_sent() == [first, LATER, LATER + 8, LATER + 16]


def test_what_it_writes_in_an_inherited_slot_waits_until_that_was_read(store: Store) -> None:
    """The dead gateway had its rows in hand, so nothing in the store says that they are unread."""
    hall = SharedStore(store)
    dead, heir = hall.together("dead", "heir")
    first = hall.writes(dead.own)
    serving = ServingOutbox(hall, heir)
    hall.passes(PATIENCE + BEAT, heir)
    assert serving.writes(LATER) == Place(0, LATER, False)
    assert serving.all_sent() == []
    serving.read()
    assert serving.all_sent() == [first, LATER]
