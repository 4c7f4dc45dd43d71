"""A notice that was approved goes on by itself: each of its people once, whoever does the steps."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, insert, select, update

from commands.model.orders import PlacedOrder
from commands.model.request import Channel
from gateway.model.message_id import floor_at
from gateway.model.notices.notice import NoticeState, NoticeTarget
from gateway.notices.refusals import NoticeRefusal
from gateway.store.ports.orders import SqlOrders
from gateway.store.store import Store
from gateway.store.tables import notice_people, orders, outbox, unasked
from gateway.store.unasked import SqlUnasked
from tests.gateway.notices.office import ADVERT, NOW, SERVICE, NoticeOffice, person, world
from tests.gateway.store.people import admit
from tests.gateway.threads import together

PEOPLE = 450  # more than are drawn, and than are made, at a time


@pytest.fixture
def office(store: Store) -> NoticeOffice:
    admit(store, *[person(n) for n in range(PEOPLE)])
    return NoticeOffice(store)


def in_queue(office: NoticeOffice) -> int:
    with office.store.transaction() as connection:
        return int(connection.execute(select(func.count()).select_from(unasked)).scalar_one())


def leaves(office: NoticeOffice) -> None:
    """All that waits is moved to the outbox."""
    with office.store.transaction() as connection:
        queue = SqlUnasked(connection, office.store.seal)
        found = queue.due(office.now, PEOPLE, polite=True)
        queue.left([(row.id, 8 * row.id) for row in found], office.now)


def are_taken(office: NoticeOffice) -> None:
    """The SMSC has all that has left."""
    columns = {"state": 1, "link": "smsc-a", "source": "1.1.10086", "destination": "1.1.1"}
    with office.store.transaction() as connection:
        left = connection.execute(select(unasked.c.outbox_id).where(unasked.c.outbox_id > 0))
        connection.execute(insert(outbox), [columns | {"id": id} for id in left.scalars()])


def test_all_are_told_once_and_then_it_is_done(office: NoticeOffice) -> None:
    """A few hundred texts are made ahead, no more."""
    notice = office.begun(SERVICE)
    office.goes_on()
    assert 0 < in_queue(office) < PEOPLE
    for _ in range(10):
        leaves(office)
        office.goes_on()
    assert in_queue(office) == PEOPLE
    with office.store.transaction() as connection:
        numbers = connection.execute(select(func.count(unasked.c.phone.distinct()))).scalar_one()
    assert numbers == PEOPLE
    assert office.do(lambda all: all.find(notice.number)).state is NoticeState.DONE


def test_it_is_not_done_before_the_smsc_has_what_it_says(office: NoticeOffice) -> None:
    """What has left the queue may wait in the outbox yet: for room, for a link, for a next try."""
    notice = office.begun(replace(SERVICE, target=NoticeTarget(plans=("QQT388",))))
    admit(office.store, person(1, plan="QQT388"))
    office.goes_on()
    leaves(office)
    with office.store.transaction() as connection:
        id = connection.execute(select(unasked.c.outbox_id)).scalar_one()
        columns = {"link": "smsc-a", "source": "1.1.10086", "destination": "1.1.1"}
        connection.execute(insert(outbox).values(id=id, state=0, **columns))
    office.goes_on()
    assert office.do(lambda all: all.find(notice.number)).state is NoticeState.RUNNING
    with office.store.transaction() as connection:
        connection.execute(update(outbox).where(outbox.c.id == id).values(state=1))
    office.goes_on()
    assert office.do(lambda all: all.find(notice.number)).state is NoticeState.DONE


def test_it_begins_at_its_time(office: NoticeOffice) -> None:
    """All are drawn by then."""
    notice = office.begun(replace(SERVICE, start_at=NOW + 100))
    office.goes_on()
    assert in_queue(office) == 0
    with office.store.transaction() as connection:
        assert (
            connection.execute(select(func.count()).select_from(notice_people)).scalar() == PEOPLE
        )
    office.now += 100
    office.goes_on()
    assert in_queue(office) > 0
    assert office.do(lambda all: all.find(notice.number)).started_at == NOW + 100


@pytest.mark.service
def test_two_gateways_that_both_do_the_steps_tell_nobody_twice(postgres_store: Store) -> None:
    admit(postgres_store, *[person(n) for n in range(60)])
    office = NoticeOffice(postgres_store)
    office.begun(SERVICE)
    together(3, office.goes_on)
    assert in_queue(office) == 60


def test_the_control_group_is_the_same_each_time_and_of_the_wanted_size(
    sqlite_store: Store,
) -> None:
    admit(sqlite_store, *[person(n) for n in range(PEOPLE)])
    office = NoticeOffice(sqlite_store, world("opt_out"))
    notice = office.begun(replace(ADVERT, control=20))
    seen = office.do(lambda all: all.preview(notice.number)).drawn
    office.goes_on()
    assert office.do(lambda all: all.results(notice.number)).control.people == seen.control
    assert 0.13 * PEOPLE < seen.control < 0.27 * PEOPLE


def test_steps_stop_with_a_pause_and_a_stop(sqlite_store: Store) -> None:
    """What waits leaves no more; what follows an act that makes no sense is told."""
    admit(sqlite_store, *[person(n) for n in range(PEOPLE)])
    office = NoticeOffice(sqlite_store)
    number = office.begun(SERVICE).number
    office.goes_on()
    office.do(lambda all: all.pause(number))
    before = in_queue(office)
    leaves(office)
    office.goes_on()
    assert in_queue(office) == before
    with pytest.raises(NoticeRefusal, match="is paused"):
        office.do(lambda all: all.pause(number))
    office.do(lambda all: all.resume(number))
    leaves(office)
    office.goes_on()
    assert in_queue(office) > before
    office.do(lambda all: all.stop(number))
    leaves(office)
    office.goes_on()
    with pytest.raises(NoticeRefusal, match="is stopped"):
        office.do(lambda all: all.resume(number))
    found = office.do(lambda all: all.results(number))
    assert found.dropped > 0
    assert found.drawn == PEOPLE


def test_orders_that_came_of_a_notice_are_counted_for_each_service(sqlite_store: Store) -> None:
    """Each number once; beside what those ordered who were not told; in their time only."""
    admit(sqlite_store, *[person(n) for n in range(40)])
    office = NoticeOffice(sqlite_store, world("opt_out"))
    number = office.begun(replace(ADVERT, control=30)).number
    office.goes_on()
    leaves(office)
    are_taken(office)
    groups: dict[int, list[int]] = {1: [], 2: []}
    with office.store.transaction() as connection:
        for phone, state in connection.execute(
            select(notice_people.c.phone, notice_people.c.state)
        ):
            groups[state].append(phone)
    (a, b, c, *_), (control, *_) = groups[1], groups[2]
    for n, (phone, what, after, state) in enumerate(
        [
            (a, "LL30", 60, "done"), (a, "LL30", 90, "done"), (b, "LL30", 60, "done"),
            (b, "LL10", 60, "done"), (c, "LL30", 60, "declined"), (c, "LL30", -60, "done"),
            (c, "LL30", 73 * 3600, "done"), (control, "LL30", 60, "done"), (1, "LL30", 60, "done"),
        ]
    ):  # fmt: skip
        orders_service(office, phone, what, floor_at(NOW + after) + 8 * n, state)
    found = office.do(lambda all: all.results(number))
    assert [(one.action, one.what, one.told, one.control) for one in found.orders] == [
        ("sv.order.data", "LL30", 2, 1), ("sv.order.data", "LL10", 1, 0),
    ]  # fmt: skip
    assert (found.told.ordered, found.control.ordered) == (2, 1)


def orders_service(office: NoticeOffice, phone: int, what: str, id: int, state: str) -> None:
    with office.store.transaction() as connection:
        SqlOrders(connection, office.store.seal).propose(
            PlacedOrder(
                id, "sv.order.data", str(phone), str(phone), {"service": what}, Channel.SMS, "10",
                0, NOW, NOW + 600, "", 0,
            )
        )  # fmt: skip
        mine = update(orders).where(orders.c.id == id)
        connection.execute(mine.values(state=state))
