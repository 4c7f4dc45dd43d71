"""Which gateway sends a new message: whoever has the subscriber's waiting ones, in their order."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from gateway.model.address import Address
from gateway.model.cluster_view import ClusterView, Place
from gateway.model.messages import (
    LoadHanded,
    LoadOutbox,
    LookForHanded,
    OutgoingMessage,
    OutgoingScreen,
    ScreenAct,
)
from gateway.serving.desk import Unavailable
from gateway.serving.placing import placed
from gateway.store.store import Store
from gateway.store.tables import inbox, outbox
from tests.gateway.hall import Lone, Office
from tests.gateway.messages import LI, ZHANG

A, B = 3, 5  # slots of two gateways


def view(own: int, *inherited: int, senders: tuple[int, ...] = ()) -> ClusterView:
    held = dict.fromkeys((own, *inherited), 1)
    return ClusterView(1, own, held, alone=False, senders=senders)


@pytest.fixture
def gateways(store: Store) -> tuple[Office, Office]:
    """Two, on one store; what the second is told has ids that lie behind."""
    first, second = (Office(store, member=Lone(view(own))) for own in (A, B))
    second.bag = first.bag
    return first, second


def places(office: Office) -> list[tuple[object, object]]:
    """Slot, and whether its holder has not read it yet, in the order of the turns."""
    rows = sorted(office.rows(outbox), key=lambda row: int(str(row["turn"])))
    return [(row["owner"], row["handed"]) for row in rows]


def test_who_has_waiting_messages_gets_the_new_ones_too(gateways: tuple[Office, Office]) -> None:
    """They are not handed to who wrote them, and come behind; somebody else's stay."""
    first, second = gateways
    (said,) = first.answers(first.arrived("YE"))
    assert second.answers(second.arrived("YE")) == []
    assert len(second.answers(second.arrived("YE", LI))) == 1
    assert places(first) == [(A, False), (A, True), (B, False)]
    assert first.serve(LookForHanded()) == [1]
    assert second.serve(LookForHanded()) == [0]
    ((got,),) = first.serve(LoadHanded(10))  # type: ignore[misc, str-unpack]
    assert isinstance(got, OutgoingMessage)
    assert got.destination == said.destination
    assert first.serve(LookForHanded()) == [0]


def test_until_it_has_been_read_nothing_goes_before_it(gateways: tuple[Office, Office]) -> None:
    """Also what its holder writes itself is found behind it in the store."""
    first, second = gateways
    first.answers(first.arrived("YE"))
    second.answers(second.arrived("YE"))
    assert first.answers(first.arrived("YE")) == []
    assert places(first) == [(A, False), (A, True), (A, True)]
    (read,) = first.serve(LoadOutbox(10, int(first.bag.now * 1000)))
    assert isinstance(read, list)
    assert len(read) == 3
    assert len(first.answers(first.arrived("YE"))) == 1


def test_what_was_sent_draws_nothing(gateways: tuple[Office, Office]) -> None:
    first, second = gateways
    first.take(first.answers(first.arrived("YE")))
    assert len(second.answers(second.arrived("YE"))) == 1


def test_turns_go_on_where_a_clock_is_behind(gateways: tuple[Office, Office]) -> None:
    """The ids of one gateway may lie before those of another; the turns do not."""
    first, second = gateways
    first.bag.now += 60
    later = first.arrived("YE")
    first.bag.now -= 60
    earlier = later._replace(id=later.id - (60_000 << 21))
    first.answers(later)
    second.answers(earlier)
    turns = {int(str(row["id"])): int(str(row["turn"])) for row in first.rows(outbox)}
    assert turns[earlier.id + 1] == turns[later.id + 1] + 1 > earlier.id + 1


def message(id: int, number: str = ZHANG, **more: object) -> OutgoingMessage:
    ours, theirs = Address(0, 0, "10086"), Address(1, 1, f"86{number}")
    return OutgoingMessage(id, "smsc-a", ours, theirs, "x", **more)  # type: ignore[arg-type]


def where(
    store: Store, by: ClusterView, *messages: OutgoingMessage, sends: bool = True
) -> list[Place]:
    """Each is kept where it is put."""
    with store.transaction() as connection:
        found = placed(connection, messages, by, sends=sends)
        all_places = [found.get(each.id) or by.default_place(each.id) for each in messages]
        by_id = dict(zip((each.id for each in messages), all_places, strict=True))
        store.messages.put(connection, messages, by_id.__getitem__)
    return all_places


def test_who_cannot_send_gives_to_one_who_can(store: Store) -> None:
    """If there is one; all of a subscriber's to the same."""
    assert where(store, view(A), message(8), sends=False) == [Place(A, 8, False)]
    by = view(A, senders=(B, 9))
    found = where(store, by, message(16, LI), message(24, LI), sends=False)
    assert found[0].owner in (B, 9)
    assert found == [Place(found[0].owner, 16, True), Place(found[0].owner, 24, True)]


def test_screens_stay_and_what_leaves_later_draws_nothing(store: Store) -> None:
    """A screen has a line of its own; what is due tomorrow waits in no order."""
    shown = OutgoingScreen(ScreenAct.ON, "1", 10**14)
    later = message(16, after_ms=10**14)
    assert where(store, view(A), message(8, screen=shown), later) == [
        Place(A, 8, False), Place(A, 16, False),
    ]  # fmt: skip
    assert where(store, view(B), message(24)) == [Place(B, 24, False)]


def test_alone_nothing_is_looked_up(store: Store) -> None:
    """Turns go on from where they were when the others left."""
    where(store, view(A), message(8))
    alone = ClusterView(2, B, {B: 1}, floor=100)
    assert where(store, alone, message(16), message(104)) == [
        Place(B, 100, False), Place(B, 104, False),
    ]  # fmt: skip


@pytest.mark.service
def test_two_that_decide_at_once_do_not_miss_each_other(postgres_store: Store) -> None:
    """Who comes second waits for the first to commit, and finds what that has written."""
    store, begun, locked = postgres_store, Event(), Event()

    def second() -> list[Place]:
        begun.wait(10)
        with store.transaction() as connection:
            locked.set()
            found = placed(connection, [message(16)], view(B), sends=True)
        return list(found.values())

    with ThreadPoolExecutor(1) as pool, store.transaction() as connection:
        by = view(A)
        found = placed(connection, [message(8)], by, sends=True)
        later = pool.submit(second)
        begun.set()
        assert locked.wait(10)
        store.messages.put(connection, [message(8)], found.__getitem__)
        assert not later.done()
        connection.commit()
        assert later.result(10) == [Place(A, 16, True)]


def test_what_was_taken_over_is_neither_kept_nor_answered(store: Store) -> None:
    """A batch whose slots are another's by now leaves nothing, and is tried twice at most."""
    member = Lone()
    office = Office(store, member=member)
    member.ours = False
    with pytest.raises(Unavailable):
        office.serve(office.arrived("YE"))
    assert office.rows(inbox) == office.rows(outbox) == []
    assert [line["event"] for line in office.log()] == []
    member.ours = True
    assert len(office.answers(office.arrived("YE"))) == 1
