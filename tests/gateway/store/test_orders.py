"""Orders that wait for their confirm, and the consent that was given, on both kinds of store."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from commands.model.orders import PlacedOrder
from commands.model.request import Channel, Secret
from gateway.store.ports.orders import SqlOrders
from gateway.store.store import Store
from gateway.store.tables import orders
from tests.gateway.store.people import LI, NOW, ZHANG
from tests.gateway.threads import together

ORDER = PlacedOrder(
    4_711, "sv.order", ZHANG, LI, {"service": "EDU40", "password": Secret("739204")},
    Channel.SMS, "10", 2, NOW, NOW + 600, "8001", NOW,
)  # fmt: skip


@contextmanager
def waiting(store: Store) -> Iterator[SqlOrders]:
    """As a transaction sees them."""
    with store.transaction() as connection:
        yield store.ports(connection).orders


def row(store: Store, id: int = ORDER.id) -> dict[str, object]:
    with store.transaction() as connection:
        found = connection.execute(select(orders).where(orders.c.id == id)).one()
    return dict(found._mapping)


def propose(store: Store, *more: PlacedOrder) -> None:
    with waiting(store) as kept:
        for order in more or (ORDER,):
            kept.propose(order)


def test_an_order_comes_back_as_it_was_placed(store: Store) -> None:
    """Secrets as secrets, so that they cannot be printed by chance."""
    propose(store)
    with waiting(store) as kept:
        assert kept.find(ORDER.id) == ORDER
        taken = kept.consume(ORDER.id, "是", NOW + 1)
    assert taken == ORDER
    assert repr(taken).count("***") == 1


def test_an_order_is_consumed_once(store: Store) -> None:
    """In the same transaction or a later one."""
    propose(store)
    with waiting(store) as kept:
        assert kept.consume(ORDER.id, "是", NOW) is not None
        assert kept.consume(ORDER.id, "是", NOW) is None
    with waiting(store) as kept:
        assert kept.consume(ORDER.id, "是", NOW) is None
        assert kept.decline(ORDER.id, "N", NOW) is None
        assert kept.find(ORDER.id) is None


def test_of_two_desks_that_consume_at_once_one_gets_it(store: Store) -> None:
    """Both have seen it waiting before either took it."""
    start, got = threading.Barrier(3), []
    for number in range(5):
        order = replace(ORDER, id=ORDER.id + number)
        propose(store, order)

        def consume(order: PlacedOrder = order) -> None:
            start.wait()
            with waiting(store) as kept:
                if kept.consume(order.id, "是", NOW) is not None:
                    got.append(order.id)

        together(3, consume)
    assert got == [ORDER.id + number for number in range(5)]


def test_a_transaction_that_fails_consumes_nothing(store: Store) -> None:
    """The effect did not happen, so the order still waits."""
    propose(store)

    def fail() -> None:
        with waiting(store) as kept:
            kept.consume(ORDER.id, "是", NOW)
            raise RuntimeError("the effect failed")

    with pytest.raises(RuntimeError):
        fail()
    with waiting(store) as kept:
        assert kept.consume(ORDER.id, "是", NOW) == ORDER


@pytest.mark.parametrize(("at", "consumed"), [(599, True), (600, False), (601, False)])
def test_an_expired_order_is_not_consumed(store: Store, at: int, consumed: bool) -> None:
    """To the second; it can still be found and declined."""
    propose(store)
    with waiting(store) as kept:
        assert (kept.find(ORDER.id) is not None) is True
        assert (kept.consume(ORDER.id, "是", NOW + at) is not None) is consumed
        assert (kept.decline(ORDER.id, "是", NOW + at) is not None) is not consumed


def test_a_declined_order_cannot_be_consumed(store: Store) -> None:
    """The word that declined it is kept."""
    propose(store)
    with waiting(store) as kept:
        assert kept.decline(ORDER.id, "不要", NOW + 5) == ORDER
        assert kept.consume(ORDER.id, "是", NOW + 6) is None
    found = row(store)
    assert (found["state"], found["answer"], found["answered_at"]) == ("declined", "不要", NOW + 5)


def test_an_order_that_was_never_placed_is_nobodys(store: Store) -> None:
    """A stale dialogue may name it."""
    with waiting(store) as kept:
        assert kept.consume(1, "是", NOW) is None
        assert kept.decline(1, "N", NOW) is None
        assert kept.find(1) is None


def test_consent_is_kept_with_what_was_shown(store: Store) -> None:
    """Who, what, when, the word, and the very text that was answered."""
    propose(store)
    with waiting(store) as kept:
        kept.shown(ORDER.id, "您正在订购校园WLAN,回复“是”确认", NOW + 2)
        kept.consume(ORDER.id, "是", NOW + 60)
    found = row(store)
    assert (found["state"], found["answer"], found["answered_at"]) == ("done", "是", NOW + 60)
    assert (found["phone"], found["subject"]) == (int(ZHANG), int(LI))
    assert found["shown_at"] == NOW + 2
    assert isinstance(found["shown_sealed"], bytes)
    assert store.seal.open(found["shown_sealed"]) == "您正在订购校园WLAN,回复“是”确认"


@pytest.mark.parametrize("answer", ["consume", "decline"])
def test_after_the_answer_an_orders_secrets_are_gone(store: Store, answer: str) -> None:
    """What was ordered stays, sealed; the password does not, not even sealed."""
    propose(store)
    with waiting(store) as kept:
        getattr(kept, answer)(ORDER.id, "是", NOW)
    sealed = row(store)["args_sealed"]
    assert isinstance(sealed, bytes)
    assert store.seal.open(sealed) == '{"service":"EDU40"}'


args = st.dictionaries(st.text(max_size=8), st.text(max_size=8) | st.builds(Secret, st.text()))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(args)
def test_any_parameters_come_back(sqlite_store: Store, args: dict[str, str | Secret]) -> None:
    """Whatever a command gathers, with secrets among it."""
    order = replace(ORDER, args=args)
    with sqlite_store.engine.connect() as connection:
        kept = sqlite_store.ports(connection).orders
        kept.propose(order)
        assert kept.consume(order.id, "是", NOW) == order
        connection.rollback()
