"""Who has which service, and this month's use, on both kinds of store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select, update

from commands.model.accounts import MonthUsage, Subscription
from gateway.store.ports.services import SqlServices
from gateway.store.store import Store
from gateway.store.tables import subscriptions, usage
from tests.gateway.store.people import LI, NOW, ZHANG, admit, somebody

NEXT_MONTH = 1_796_054_400  # 1 December 2026, 0:00 in Shanghai


@contextmanager
def services(store: Store) -> Iterator[SqlServices]:
    """As a transaction sees them."""
    with store.transaction() as connection:
        yield store.ports(connection).services


def test_services_are_told_oldest_first(store: Store) -> None:
    """A subscriber's own only."""
    admit(store, somebody(subscriptions=()), somebody(LI))
    with services(store) as held:
        for order, service in enumerate(("EDU100", "BXL", "EDU40"), 1):
            held.open(ZHANG, service, NOW, order)
        assert [s.service for s in held.of(ZHANG, NOW)] == ["EDU100", "BXL", "EDU40"]
        assert [s.service for s in held.of(LI, NOW)] == ["LDXS"]


def test_a_service_that_was_given_up_runs_until_its_end(store: Store) -> None:
    """To the second; then it is no longer there, but still in the table with both its orders."""
    admit(store, somebody(subscriptions=()))
    with services(store) as held:
        held.open(ZHANG, "EDU40", NOW, 7)
        held.close(ZHANG, "EDU40", NEXT_MONTH, 8)
    with services(store) as held:
        assert held.of(ZHANG, NEXT_MONTH - 1) == [Subscription("EDU40", NOW, NEXT_MONTH)]
        assert held.of(ZHANG, NEXT_MONTH) == []
    columns = subscriptions.c
    with store.transaction() as connection:
        rows = connection.execute(select(columns.order_id, columns.close_order_id)).all()
    assert [tuple(row) for row in rows] == [(7, 8)]


def test_giving_up_ends_only_what_goes_on(store: Store) -> None:
    """Not the same service of last year, another service, or anybody else's."""
    admit(store, somebody(subscriptions=()), somebody(LI, subscriptions=()))
    with services(store) as held:
        held.open(ZHANG, "EDU40", NOW - 500, 1)
        held.close(ZHANG, "EDU40", NOW + 100, 2)
        held.open(ZHANG, "EDU40", NOW, 3)
        held.open(ZHANG, "BXL", NOW, 4)
        held.open(LI, "EDU40", NOW, 5)
        held.close(ZHANG, "EDU40", NEXT_MONTH, 6)
        assert held.of(ZHANG, NOW) == [
            Subscription("EDU40", NOW - 500, NOW + 100),
            Subscription("EDU40", NOW, NEXT_MONTH),
            Subscription("BXL", NOW),
        ]
        assert held.of(LI, NOW) == [Subscription("EDU40", NOW)]


def test_use_is_of_this_month_in_the_operators_zone(store: Store) -> None:
    """At midnight in Shanghai everything is unused again."""
    admit(
        store, somebody(usage=(MonthUsage("voice_min", 236), MonthUsage("sms", 41))), somebody(LI)
    )
    with services(store) as held:
        assert sorted(held.usage(ZHANG, NEXT_MONTH - 1), key=lambda use: use.item) == [
            MonthUsage("sms", 41),
            MonthUsage("voice_min", 236),
        ]
        assert held.usage(ZHANG, NEXT_MONTH) == []
    with store.transaction() as connection:
        connection.execute(update(usage).values(month=202612))
    with services(store) as held:
        assert len(held.usage(ZHANG, NEXT_MONTH)) == 2
