"""What waits to be said to who has not asked: never two of one meaning within a day."""

from __future__ import annotations

from contextlib import suppress
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, select

from gateway.model.unasked import WITHIN, UnaskedMessage
from gateway.store.store import Store
from gateway.store.tables import unasked
from gateway.store.unasked import SqlUnasked, WaitingUnasked
from tests.gateway.messages import LI, NOON, ZHANG
from tests.gateway.threads import together

NOW = int(NOON)


def reminder(
    phone: str = ZHANG,
    meaning: str = "balance",
    at: int = NOW,
    source: str = "reminder",
    *,
    urgent: bool = False,
) -> UnaskedMessage:
    return UnaskedMessage(phone, f"余额不足 {meaning}", "zh", meaning, source, at, urgent)


def add(store: Store, *messages: UnaskedMessage) -> list[UnaskedMessage]:
    with store.transaction() as connection:
        return SqlUnasked(connection, store.seal).add(messages)


def due(store: Store, now: int = NOW, limit: int = 10, *, polite: bool = True) -> list[str]:
    """The meanings of those whose turn it is."""
    with store.transaction() as connection:
        found = SqlUnasked(connection, store.seal).due(now, limit, polite=polite)
    return [each.message.meaning for each in found]


def test_it_is_kept_in_the_transaction_of_whoever_wants_it_said(store: Store) -> None:
    """If that fails, nobody is told anything; its words are not to be read in the table."""
    with suppress(ZeroDivisionError), store.transaction() as connection:
        SqlUnasked(connection, store.seal).add([reminder()])
        raise ZeroDivisionError
    assert due(store) == []
    assert add(store, reminder()) == [reminder()]
    with store.transaction() as connection:
        (found,) = SqlUnasked(connection, store.seal).due(NOW, 10, polite=True)
        sealed = connection.execute(select(unasked.c.text_sealed)).scalar_one()
    assert found.message == reminder()
    assert "余额不足".encode() not in bytes(sealed)


def test_nobody_is_told_two_of_one_meaning_within_a_day(store: Store) -> None:
    """Before or after, in one go or in several; another meaning or number is no second."""
    assert add(store, reminder(), reminder(at=NOW + 60)) == [reminder()]
    assert add(store, reminder(at=NOW + WITHIN - 1), reminder(at=NOW - WITHIN + 1)) == []
    others = [reminder(meaning="usage"), reminder(LI), reminder(at=NOW + WITHIN)]
    assert add(store, *others) == others


def test_the_day_counts_from_when_it_left(store: Store) -> None:
    """Not from when it was meant to."""
    add(store, reminder())
    moved(store, NOW + 3600)
    assert add(store, reminder(at=NOW + WITHIN)) == []
    assert add(store, reminder(at=NOW + 3600 + WITHIN)) != []


def moved(store: Store, now: int) -> list[WaitingUnasked]:
    with store.transaction() as connection:
        queue = SqlUnasked(connection, store.seal)
        found = queue.due(now, 10, polite=True)
        queue.left([(each.id, 8 * n) for n, each in enumerate(found, 1)], now)
    return found


def test_what_has_left_does_not_leave_again(store: Store) -> None:
    """The queue knows under which id it did."""
    add(store, reminder(), reminder(LI))
    assert len(moved(store, NOW)) == 2
    assert moved(store, NOW) == []
    with store.transaction() as connection:
        rows = (
            connection.execute(select(unasked.c.outbox_id).order_by(unasked.c.id)).scalars().all()
        )
    assert rows == [8, 16]


def test_what_is_urgent_goes_first_and_does_not_wait_for_polite_hours(store: Store) -> None:
    """Nothing goes before its time."""
    add(
        store,
        reminder(meaning="plan"),
        reminder(meaning="arrears", at=NOW + 1, urgent=True),
        reminder(meaning="later", at=NOW + 100),
    )
    assert due(store) == ["plan"]
    assert due(store, NOW + 2) == ["arrears", "plan"]
    assert due(store, NOW + 2, limit=1) == ["arrears"]
    assert due(store, NOW + 2, polite=False) == ["arrears"]


def test_a_source_is_held_let_go_and_dropped(store: Store) -> None:
    """Others are not. What was dropped was not told: it may be said after all."""
    add(store, reminder(), reminder(meaning="n", source="notice 17"))
    with store.transaction() as connection:
        SqlUnasked(connection, store.seal).hold("notice 17")
    add(store, reminder(LI, meaning="too", source="notice 17"))
    assert due(store) == ["balance"]
    with store.transaction() as connection:
        assert SqlUnasked(connection, store.seal).waiting_of("notice 17") == 2
        SqlUnasked(connection, store.seal).release("notice 17")
    assert due(store) == ["balance", "n", "too"]
    with store.transaction() as connection:
        SqlUnasked(connection, store.seal).drop("notice 17")
    assert due(store) == ["balance"]
    assert len(add(store, reminder(meaning="n", source="notice 18"))) == 1


def test_what_is_in_the_outbox_comes_back_when_it_is_held(store: Store) -> None:
    """And is gone when it is dropped."""
    add(
        store,
        reminder(source="notice 17"),
        reminder(LI, source="notice 18"),
        reminder("13800138003"),
    )
    assert len(moved(store, NOW)) == 3
    with store.transaction() as connection:
        queue = SqlUnasked(connection, store.seal)
        queue.hold("notice 17")
        queue.drop("notice 18")
        assert queue.stopped([8, 16, 24]) == {8: "held", 16: "dropped"}
        queue.back([8, 16])
        queue.release("notice 17")
        assert [each.message.phone for each in queue.due(NOW, 10, polite=True)] == [ZHANG]


@pytest.mark.service
def test_two_that_say_the_same_in_one_moment_say_it_once(postgres_store: Store) -> None:
    """On PostgreSQL both would find nothing otherwise."""
    begin = Barrier(2)
    said: list[UnaskedMessage] = []

    def say() -> None:
        with postgres_store.transaction() as connection:
            begin.wait(5)
            said.extend(SqlUnasked(connection, postgres_store.seal).add([reminder()]))

    together(2, say)
    assert said == [reminder()]


@pytest.mark.service
def test_of_two_gateways_each_row_goes_to_one(postgres_store: Store) -> None:
    """Neither waits for the other."""
    store = postgres_store
    add(store, *[reminder(meaning=str(n)) for n in range(4)])

    def take(connection: Connection) -> set[str]:
        found = SqlUnasked(connection, store.seal).due(NOW, 2, polite=True)
        return {each.message.meaning for each in found}

    with store.transaction() as one, store.transaction() as other:
        assert take(one) | take(other) == {"0", "1", "2", "3"}


_ASKED = st.tuples(st.sampled_from((ZHANG, LI)), st.sampled_from("ab"), st.integers(0, 3 * WITHIN))


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.lists(_ASKED, max_size=6), max_size=6))
def test_whatever_is_asked_for_there_is_a_day_between(
    sqlite_store: Store, rounds: list[list[tuple[str, str, int]]]
) -> None:
    """Between any two of one meaning for one number; and what is not said has one that near."""
    with sqlite_store.transaction() as connection:
        connection.execute(delete(unasked))
    said: list[UnaskedMessage] = []
    for asked in rounds:
        offered = [reminder(phone, meaning, NOW + at) for phone, meaning, at in asked]
        said += add(sqlite_store, *offered)
        for each in offered:
            assert any(_is_near(each, other) for other in said)
    for n, one in enumerate(said):
        assert not any(_is_near(one, other) for other in said[n + 1 :])


def _is_near(one: UnaskedMessage, other: UnaskedMessage) -> bool:
    same = (one.phone, one.meaning) == (other.phone, other.meaning)
    return same and abs(one.not_before - other.not_before) < WITHIN


def test_what_comes_by_the_hundred_is_kept_as_it_is(store: Store) -> None:
    """In its order, each with its own words, whatever they are made of; and known the next time."""
    words = ["余额🎉", 'it\'s \\ "{NULL,}"', "", "%s %(x)s", "a\nb"]
    phones = [str(13_800_140_000 + n) for n in range(150)]
    messages = [
        UnaskedMessage(phone, words[n % 5], "zh", f"m {n}", "reminder", NOW, n % 2 == 0)
        for n, phone in enumerate(phones)
    ]
    assert add(store, *messages) == messages
    with store.transaction() as connection:
        found = SqlUnasked(connection, store.seal).due(NOW, 200, polite=True)
    assert [each.message for each in found] == messages[::2] + messages[1::2]
    assert add(store, *messages) == []
