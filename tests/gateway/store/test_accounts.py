"""Subscribers, their money and its ledger, on both kinds of store."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError

from commands.model.accounts import NumberState, SubscriberAccount
from commands.model.bills import BillLine
from gateway.store.ports.accounts import SqlAccounts
from gateway.store.store import Store
from gateway.store.tables import ledger
from tests.gateway.store.people import LI, NOW, WANG, ZHANG, admit, somebody
from tests.gateway.threads import together


@contextmanager
def accounts(store: Store) -> Iterator[SqlAccounts]:
    """As a transaction sees them."""
    with store.transaction() as connection:
        yield store.ports(connection).accounts


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    yield asked
    event.remove(store.engine, "before_cursor_execute", note)


def booked(store: Store) -> list[tuple[object, ...]]:
    query = select(ledger.c.msisdn, ledger.c.kind, ledger.c.fen, ledger.c.reason, ledger.c.order_id)
    with store.transaction() as connection:
        return [tuple(row) for row in connection.execute(query.order_by(ledger.c.id))]


def test_an_account_is_read_as_it_was_written(store: Store) -> None:
    """Every field; the classes stand in lists."""
    special = SubscriberAccount(
        ZHANG, "MZ", "MZ38", False, False, NumberState.ARREARS, -2_000, 800, 1_200, 5, 48_600,
        frozenset({"red", "vip"}), "en", NOW + 86_400, "QQT88",
    )  # fmt: skip
    admit(store, somebody(account=special), somebody(LI))
    with accounts(store) as found:
        written = found.find(ZHANG)
        ordinary = found.find(LI)
    assert written is not None
    assert replace(written, classes=written.classes_at(NOW), listed=()) == special
    assert ordinary is not None
    assert ordinary.classes_at(NOW) == frozenset()


def test_a_number_that_is_not_ours_is_nobody(store: Store) -> None:
    """And asked for once."""
    admit(store)
    with accounts(store) as found:
        found.load([ZHANG, LI])
        with statements(store) as asked:
            assert found.find(LI) is None
            assert found.find(LI) is None
    assert asked == []


@pytest.mark.parametrize("count", [1, 2, 3, 7, 8, 9, 200])
def test_a_batchs_subscribers_are_read_together(store: Store, count: int) -> None:
    """One statement for any number of them, and no other when they are asked for."""
    numbers = [str(13_900_000_000 + n) for n in range(count)]
    admit(store, *(somebody(number, balance_fen=n) for n, number in enumerate(numbers)))
    with accounts(store) as found, statements(store) as asked:
        found.load([*numbers, numbers[0]])
        balances = [account.balance_fen for m in numbers if (account := found.find(m))]
    assert balances == list(range(count))
    assert len(asked) == 1


def test_loading_nobody_asks_nothing(store: Store) -> None:
    """A batch of receipts has no subscribers."""
    with accounts(store) as found, statements(store) as asked:
        found.load([])
    assert asked == []


def test_a_fee_leaves_the_balance_and_is_booked(store: Store) -> None:
    """One row in the ledger, negative; the month's spending grows."""
    admit(store, somebody(balance_fen=5_680), somebody(LI, balance_fen=1))
    with accounts(store) as found:
        after = found.charge(ZHANG, 2_000, "EDU100", 17, NOW)
        assert after == found.find(ZHANG)
    with accounts(store) as found:
        account, other = found.find(ZHANG), found.find(LI)
    assert account == after
    assert (after.balance_fen, after.used_fen) == (3_680, 9_120)
    assert other is not None
    assert other.balance_fen == 1
    assert booked(store) == [(int(ZHANG), "fee", -2_000, "EDU100", 17)]


def test_an_order_is_charged_once(store: Store) -> None:
    """Whatever went wrong above, the store does not book the same fee again."""
    admit(store)
    with accounts(store) as found:
        found.charge(ZHANG, 2_000, "EDU100", 17, NOW)
    with pytest.raises(IntegrityError), accounts(store) as found:
        found.charge(ZHANG, 2_000, "EDU100", 17, NOW)
    with accounts(store) as found:
        found.charge(ZHANG, 1_000, "EDU40", 17, NOW)
        found.charge(ZHANG, 2_000, "EDU100", 18, NOW)
        account = found.find(ZHANG)
    assert account is not None
    assert account.balance_fen == 680
    assert len(booked(store)) == 3


def test_what_fails_after_a_fee_takes_it_back(store: Store) -> None:
    """Money moves with what it is paid for, or not at all."""
    admit(store)

    def fail() -> None:
        with accounts(store) as found:
            found.charge(ZHANG, 2_000, "EDU100", 17, NOW)
            raise RuntimeError("the service could not be opened")

    with pytest.raises(RuntimeError):
        fail()
    with accounts(store) as found:
        account = found.find(ZHANG)
    assert account is not None
    assert account.balance_fen == 5_680
    assert booked(store) == []


def test_several_bookings_add_up(store: Store) -> None:
    """In one transaction, on what the last one left."""
    admit(store)
    with accounts(store) as found:
        for order in range(3):
            found.charge(ZHANG, 1_000, "EDU40", order + 1, NOW)
        account = found.find(ZHANG)
    assert account is not None
    assert account.balance_fen == 2_680
    with accounts(store) as found:
        assert found.find(ZHANG) == account


def test_nobody_can_be_charged_who_is_not_there(store: Store) -> None:
    """That would be money from nowhere."""
    with pytest.raises(LookupError), accounts(store) as found:
        found.charge(WANG, 1, "EDU40", 1, NOW)
    assert booked(store) == []


def test_who_has_money_for_ten_buys_ten(store: Store) -> None:
    """However many desks look at the balance at once: they look one after the other."""
    admit(store, somebody(balance_fen=10_000), somebody(LI))
    orders, start = iter(range(1, 1_000)), threading.Barrier(4)
    refused: list[int] = []

    def buy() -> None:
        start.wait()
        for _ in range(5):
            with accounts(store) as found:
                found.load([LI, ZHANG])
                account = found.find(ZHANG)
                assert account is not None
                if account.balance_fen < 1_000:
                    refused.append(account.balance_fen)
                else:
                    found.charge(ZHANG, 1_000, "EDU40", next(orders), NOW)

    together(4, buy)
    with accounts(store) as found:
        account = found.find(ZHANG)
    assert account is not None
    assert (account.balance_fen, len(booked(store)), refused) == (0, 10, [0] * 10)


def test_a_fee_is_a_line_of_the_running_bill(store: Store) -> None:
    """With the other services, not as something nobody can name; last month's stays as it was."""
    admit(store, somebody())
    with store.transaction() as connection:
        ports = store.ports(connection)
        ports.accounts.charge(ZHANG, 1_000, "EDU40", 1, NOW)
        ports.accounts.charge(ZHANG, 500, "CL", 2, NOW)
        ports.accounts.charge(ZHANG, 100, "CL", 3, NOW + 30 * 86_400)
        assert ports.bills.of(ZHANG, 202611) == [BillLine("service", 1_500)]
        assert ports.bills.of(ZHANG, 202612) == [BillLine("service", 100)]
