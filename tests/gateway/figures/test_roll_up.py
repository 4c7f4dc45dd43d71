"""Figures are what a plain count of the journal says, however they were counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory
from threading import Thread
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from gateway.model import figures
from gateway.model.figures import HOUR, Group, LocalDays, Tally
from gateway.store.figures.kept import DAY_SPAN, HOUR_SPAN, KeptFigures
from gateway.store.figures.roll_up import SETTLED
from gateway.store.messages import FAILED, LEAVING, UNKNOWN
from gateway.store.store import Store
from gateway.store.tables import figures_by_day, figures_by_hour, inbox
from tests.gateway.conftest import ready
from tests.gateway.figures.journal import (
    DAY,
    PEOPLE,
    REGIONS,
    Row,
    begins,
    call,
    people,
    rolled,
    ticket,
    told,
    write,
)

ONE, TWO, THREE = PEOPLE
LENGTH = 24 * HOUR
INTERFACES = {"sms": "10", "voice": "15", "ussd": "18"}
rows = st.builds(
    Row,
    st.integers(0, 3 * LENGTH - 1).map(float),
    st.sampled_from([0, *PEOPLE]),
    st.sampled_from(["sms", "ussd", "voice"]),
    st.sampled_from(["q.balance", "sv.open", "unknown", "menu", "again"]),
    st.sampled_from(["ok", "asked", "refused", "unknown"]),
    st.sampled_from(["", "查一下", "13800138001怎么办"]),
)
journals = st.lists(rows, max_size=40).map(lambda found: sorted(found, key=lambda row: row.at))


def naive(journal: list[Row], begins: float, ends: float) -> Counter[Group]:
    """Messages between these seconds of the day, in the plainest way."""
    counts: Counter[Group] = Counter()
    for at, phone, channel, action, result, _ in journal:
        if begins <= at < ends:
            brand, region = PEOPLE.get(phone, ""), REGIONS.get(phone, "")
            counts[
                Group("message", channel, brand, region, INTERFACES[channel], action, result)
            ] += 1
    return counts


def naive_contacts(journal: list[Row]) -> Counter[str]:
    """Of the first day: how they ended, each message compared with all that come later."""
    asked = [row for row in journal if row.phone and "." in row.action]
    ends: Counter[str] = Counter()
    for place, row in enumerate(asked):
        later = [
            other.at - row.at
            for other in asked[place + 1 :]
            if (other.phone, other.action) == (row.phone, row.action)
        ]
        if row.at >= LENGTH or any(gap <= 600 for gap in later):
            continue
        if row.result != "ok":
            ends["unanswered"] += 1
        else:
            ends["again" if any(gap <= LENGTH for gap in later) else "solved"] += 1
    return ends


def of_day(store: Store, day: int = 0, figure: str = figures.MESSAGE) -> Counter[Group]:
    """As a report would read them."""
    days = LocalDays(store.calendar.zone)
    which = DAY + timedelta(days=day)
    with store.reading() as connection:
        kept = KeptFigures(connection, store.seal)
        start = days.begins(which)
        whole = kept.counted(DAY_SPAN, start, start + 1)
        total = kept.total([start], []) if whole else kept.total([], days.hours(which))
    return Counter({group: n for group, n in total.times.items() if group.figure == figure})


@contextmanager
def fresh(template: Path) -> Iterator[Store]:
    with (
        TemporaryDirectory() as folder,
        ready(f"sqlite:///{copy(template, Path(folder) / 'hall.db')}") as store,
    ):
        people(store)
        yield store


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    journals,
    st.lists(st.tuples(st.integers(0, 4 * LENGTH), st.integers(0, 30)), max_size=6).map(sorted),
)
@example([Row(LENGTH - 1.0, ONE, "sms", "q.balance", "ok")], [])
@example([Row(0.0, ONE, "sms", "q.balance", "ok"), Row(600.0, ONE, "sms", "q.balance", "ok")], [])
@example([Row(0.0, ONE, "sms", "q.balance", "ok"), Row(601.0, ONE, "sms", "q.balance", "ok")], [])
def test_figures_are_a_plain_count_of_the_journal(
    sqlite_template: Path, journal: list[Row], stops: list[tuple[int, int]]
) -> None:
    """Messages come as time goes on; counting begins at any moment and may be killed after any
    piece of it. In the end each day is what was in it, by hour as well, and so is who came back."""
    with fresh(sqlite_template) as store:
        written = 0
        for moment, pieces in stops:
            come = [row for row in journal[written:] if row.at <= moment]
            write(store, come, written)
            written += len(come)
            for _ in islice(rolled(store, moment).catch_up(open_hour=True), pieces):
                pass
        write(store, journal[written:], written)
        for _ in rolled(store, 5 * LENGTH).catch_up():
            pass
        for day in range(3):
            assert of_day(store, day) == naive(journal, day * LENGTH, (day + 1) * LENGTH)
        with store.reading() as connection:
            hours = KeptFigures(connection, store.seal).by_hour(
                range(begins(store), begins(store) + LENGTH, HOUR)
            )
        for hour in range(24):
            tally = hours.get(begins(store) + hour * HOUR, Tally())
            found = {g: n for g, n in tally.times.items() if g.figure == figures.MESSAGE}
            assert found == naive(journal, hour * HOUR, (hour + 1) * HOUR)
        ended: Counter[str] = Counter()
        for group, times in of_day(store, figure=figures.CONTACT).items():
            ended[group.detail] += times
        assert ended == naive_contacts(journal)


def test_an_open_day_is_counted_as_far_as_it_has_come(store: Store) -> None:
    """Each time anew; the open hour only where it is asked for."""
    people(store)
    write(store, [Row(60.0, ONE, "sms", "q.balance", "ok")])
    assert list(rolled(store, 120).catch_up()) == []
    list(rolled(store, 120).catch_up(open_hour=True))
    list(rolled(store, 121).catch_up(open_hour=True))
    assert sum(of_day(store).values()) == 1
    write(store, [Row(90.0, ONE, "sms", "q.balance", "ok")], 1)
    list(rolled(store, 180).catch_up(open_hour=True))
    assert sum(of_day(store).values()) == 2


def test_several_count_at_the_same_time(store: Store) -> None:
    """Nothing is counted twice, and nothing fails."""
    people(store)
    journal = [Row(60.0 * n, ONE, "sms", "q.balance", "ok") for n in range(600)]
    write(store, journal)
    failed: list[BaseException] = []

    def count() -> None:
        try:
            list(rolled(store, 12 * HOUR).catch_up())
        except BaseException as error:
            failed.append(error)

    threads = [Thread(target=count) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert of_day(store) == naive(journal, 0, LENGTH)
    list(rolled(store, 3 * LENGTH).catch_up())
    assert of_day(store) == naive(journal, 0, LENGTH)


def test_what_was_counted_for_good_outlives_the_journal(store: Store) -> None:
    """Days stay as they are when messages are forgotten."""
    people(store)
    journal = [Row(60.0, ONE, "sms", "q.balance", "ok"), Row(2 * LENGTH, TWO, "sms", "x.y", "ok")]
    write(store, journal)
    list(rolled(store, 3 * LENGTH).catch_up())
    with store.transaction() as connection:
        connection.execute(delete(inbox).where(inbox.c.phone == ONE))
    list(rolled(store, 5 * LENGTH).catch_up())
    assert of_day(store) == naive(journal, 0, LENGTH)


def test_an_older_count_takes_no_newer_ones_place(sqlite_store: Store) -> None:
    """A counter that was held up between reading and writing."""
    write(sqlite_store, [Row(60.0, ONE, "sms", "q.balance", "ok")])
    slow = rolled(sqlite_store, 2 * HOUR)
    due = slow.due()
    list(rolled(sqlite_store, 3 * HOUR).catch_up())
    with sqlite_store.transaction() as connection:
        connection.execute(delete(inbox))
    for piece in due:
        slow.do(piece)
    assert sum(of_day(sqlite_store).values()) == 1


def test_a_call_a_complaint_or_a_second_try_is_no_solution(store: Store) -> None:
    people(store)
    write(
        store,
        [
            Row(60.0, ONE, "sms", "q.balance", "ok"),
            Row(60.0, TWO, "sms", "q.balance", "ok"),
            Row(60.0, THREE, "sms", "q.balance", "ok"),
            Row(60.0, 13500000004, "sms", "q.balance", "ok"),
            Row(60.0, 13500000004, "sms", "q.plan", "refused"),
        ],
    )
    call(store, 3600, ONE, "hung_up", 20)
    ticket(store, 7200, TWO, "complaint", 9000)
    ticket(store, 7200 + LENGTH, THREE, "complaint", 9000)  # a day later: another matter
    list(rolled(store, 3 * LENGTH).catch_up())
    ended: Counter[str] = Counter()
    for group, times in of_day(store, figure=figures.CONTACT).items():
        ended[group.detail] += times
    assert ended == {"person": 1, "complaint": 1, "solved": 2, "unanswered": 1}


def test_calls_and_tickets_are_counted(store: Store) -> None:
    """In fifteen seconds or later, in time or not; a ticket that is not due yet is neither."""
    people(store)
    for place, (queue, waited) in enumerate(
        [("answered", 15), ("answered", 15.001), ("hung_up", 3), ("", 0)]
    ):
        call(store, 60, ONE, queue, waited, place)
    ticket(store, 100, ONE, "complaint", 5000, done=5000)
    ticket(store, 200, ONE, "complaint", 5000, done=5001)
    ticket(store, 300, TWO, "fault", 5000)
    ticket(store, 400, TWO, "fault", 30 * HOUR)
    list(rolled(store, 3 * HOUR).catch_up())
    found: Counter[str] = Counter()
    for group, times in of_day(store, figure=figures.CALL).items():
        found[group.detail] += times
    assert found == {
        "ended": 4, "self_service": 1, "wanted": 3, "answered": 2, "in_15": 1, "hung_up": 1,
    }  # fmt: skip
    by_kind = {(g.what, g.detail): n for g, n in of_day(store, figure=figures.TICKET).items()}
    assert by_kind == {
        ("complaint", "opened"): 2, ("complaint", "due_on_time"): 1, ("complaint", "due_late"): 1,
        ("fault", "opened"): 2, ("fault", "due_late"): 1,
    }  # fmt: skip


def test_what_nobody_asked_for_is_counted_by_what_became_of_it(store: Store) -> None:
    """A notice of two parts arrives once; a receipt of the next day belongs to the day on which the
    notice left, and one that comes later still to none."""
    people(store)
    told(store, 60, "notice 7", 1, heard=90, parts=2)
    told(store, 61, "notice 7", 2, heard=LENGTH + 61)
    told(store, 62, "notice 7", 3, heard=3 * LENGTH)
    told(store, 63, "notice 7", 4, heard=95, receipt="undeliverable")
    told(store, 64, "notice 7", 5, FAILED)
    told(store, 65, "notice 7", 6, UNKNOWN)
    told(store, 66, "notice 8", 7, LEAVING)
    told(store, 67, "reminder", 8)
    told(store, LENGTH, "notice 7", 9)
    list(rolled(store, 3 * LENGTH + 60).catch_up())
    found = {(g.what, g.detail): n for g, n in of_day(store, figure=figures.UNASKED).items()}
    assert found == {
        ("notice 7", "sent"): 4, ("notice 7", "delivered"): 2, ("notice 7", "failed"): 1,
        ("notice 7", "unknown"): 1, ("notice 8", "waiting"): 1, ("reminder", "sent"): 1,
    }  # fmt: skip


def test_a_ticket_that_was_opened_again_counts_with_each_promise(store: Store) -> None:
    """What was kept before stays kept; the ticket is one."""
    people(store)
    ticket(store, 100, ONE, "complaint", 5000, done=4000)
    number = "100"
    with store.transaction() as connection:
        tickets = store.ports(connection).tickets
        due, now = begins(store) + 2 * HOUR + 5000, begins(store) + 4500
        assert tickets.reopen(str(ONE), number, "again", due, now)
    list(rolled(store, 5 * HOUR).catch_up())
    by_kind = {(g.what, g.detail): n for g, n in of_day(store, figure=figures.TICKET).items()}
    assert by_kind == {
        ("complaint", "opened"): 1, ("complaint", "due_on_time"): 1, ("complaint", "due_late"): 1,
    }  # fmt: skip


def test_texts_are_kept_without_numbers_and_with_what_came_next(store: Store) -> None:
    """Whoever says the same in other letters says the same."""
    people(store)
    write(
        store,
        [
            Row(10.0, ONE, "sms", "unknown", "unknown", "怎么 CHA 13800138001"),
            Row(15.0, ONE, "sms", "again", "repeated"),
            Row(20.0, ONE, "sms", "q.balance", "ok"),
            Row(30.0, TWO, "sms", "unknown", "unknown", "怎么 cha 13900000002"),
            Row(30.0 + 601, TWO, "sms", "q.plan", "ok"),
            Row(HOUR - 1.0, THREE, "sms", "unknown", "unknown", "别的"),
            Row(HOUR + 1.0, THREE, "sms", "tk.complaint", "asked"),
        ],
    )
    list(rolled(store, 2 * HOUR + SETTLED).catch_up())
    with store.reading() as connection:
        kept = KeptFigures(connection, store.seal)
        texts = kept.texts(begins(store), begins(store) + LENGTH, 50)
    assert [(one.text, one.times, one.then) for one in texts] == [
        ("怎么 cha ***", 2, {"q.balance": 1, "": 1}),
        ("别的", 1, {"tk.complaint": 1}),
    ]


def test_a_day_that_is_counted_for_good_has_no_more_rows_than_groups(store: Store) -> None:
    """Rows are replaced and not added."""
    people(store)
    write(store, [Row(60.0, ONE, "sms", "q.balance", "ok")])
    for at in (2 * HOUR, 2 * LENGTH + SETTLED, 3 * LENGTH):
        list(rolled(store, at).catch_up())
    with store.reading() as connection:
        for table in (figures_by_hour, figures_by_day):
            message = select(func.count()).where(table.c.figure == figures.MESSAGE)
            assert connection.execute(message).scalar() == 1
        assert KeptFigures(connection, store.seal).counted(HOUR_SPAN, 0, 1 << 40)


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "Europe/Berlin", "America/New_York"])
def test_days_and_hours_of_other_zones(zone: str) -> None:
    """Half hours beside the hour, days of 23 and 25 hours: each moment has one hour in its day."""
    days = LocalDays(ZoneInfo(zone))
    for day in days.days(DAY.replace(month=1, day=1), DAY.replace(month=12, day=31)):
        hours = days.hours(day)
        assert len(hours) in (23, 24, 25)
        assert [days.hour_of(start + 3599.9) for start in hours] == list(hours)
        assert days.day_of(hours[-1] + 3599.9) == day
