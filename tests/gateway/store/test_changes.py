"""What commands change, on both kinds of store: plans, arrears, services ahead, invitations."""

from __future__ import annotations

from dataclasses import replace

from commands.model.accounts import NumberState
from commands.model.bills import Payment
from commands.model.orders import PlacedOrder
from commands.model.request import Channel
from gateway.store.store import Store
from tests.gateway.store.people import LI, NOW, ZHANG, admit, somebody

LATER = NOW + 10 * 86_400


def test_what_is_past_due_is_paid_first(store: Store) -> None:
    """Who owes nothing any more is back in service."""
    account = somebody().account
    owes = replace(
        account, prepaid=False, state=NumberState.ARREARS, balance_fen=-2_000, past_due_fen=1_200
    )
    admit(store, somebody(account=owes))
    with store.transaction() as connection:
        accounts = store.ports(connection).accounts
        some = accounts.credit(ZHANG, 1_000, "card", 1, NOW)
        assert (some.state, some.balance_fen, some.past_due_fen) == (
            NumberState.ARREARS,
            -1_000,
            200,
        )
    with store.transaction() as connection:
        accounts = store.ports(connection).accounts
        accounts.credit(ZHANG, 5_000, "card", 2, NOW)
    with store.transaction() as connection:
        back = store.ports(connection).accounts.find(ZHANG)
    assert back is not None
    assert (back.state, back.balance_fen, back.past_due_fen) == (NumberState.NORMAL, 4_000, 0)


def test_what_was_paid_is_in_the_record_of_payments(store: Store) -> None:
    """What was given for points was paid by nobody."""
    admit(store)
    with store.transaction() as connection:
        ports = store.ports(connection)
        ports.accounts.credit(ZHANG, 5_000, "card", 1, NOW)
        ports.accounts.credit(ZHANG, 2_700, "points", 2, NOW)
        assert ports.bills.payments(ZHANG, 0) == [Payment(NOW, "card", 5_000)]


def test_a_wished_plan_is_kept_with_its_day(store: Store) -> None:
    """And taken back, or fulfilled."""
    admit(store)
    with store.transaction() as connection:
        store.ports(connection).accounts.set_next_plan(ZHANG, "QQT58", LATER, 1)
    with store.transaction() as connection:
        accounts = store.ports(connection).accounts
        wished = accounts.find(ZHANG)
        assert wished is not None
        assert (wished.plan, wished.next_plan, wished.next_plan_at) == ("QQT128", "QQT58", LATER)
        accounts.set_next_plan(ZHANG, "", 0, 2)
    with store.transaction() as connection:
        accounts = store.ports(connection).accounts
        back = accounts.find(ZHANG)
        assert back is not None
        assert (back.plan, back.next_plan, back.next_plan_at) == ("QQT128", "", 0)
        accounts.set_next_plan(ZHANG, "MZ18", LATER, 3)
        accounts.change_plan(ZHANG, "MZ18", "MZ")
    with store.transaction() as connection:
        changed = store.ports(connection).accounts.find(ZHANG)
    assert changed is not None
    assert (changed.brand, changed.plan, changed.next_plan) == ("MZ", "MZ18", "")


def test_a_service_that_was_closed_before_it_began_is_none(store: Store) -> None:
    """It was never had; one that has begun is had until it ends."""
    admit(store)
    with store.transaction() as connection:
        services = store.ports(connection).services
        services.open(ZHANG, "DX10", LATER, 1)
        services.close(ZHANG, "DX10", LATER, 2)
        services.close(ZHANG, "LDXS", LATER, 2)
        assert [held.service for held in services.of(ZHANG, NOW)] == ["LDXS"]
        assert services.of(ZHANG, LATER) == []


def test_a_closing_is_taken_back_while_it_has_not_taken_effect(store: Store) -> None:
    """What is over stays over, and others' is not touched."""
    admit(store, somebody(), somebody(LI))
    with store.transaction() as connection:
        services = store.ports(connection).services
        for number in (ZHANG, LI):
            services.open(number, "BXL", NOW - 20, 1)
            services.close(number, "BXL", NOW - 10, 2)
            services.open(number, "BXL", NOW - 5, 3)
            services.close(number, "BXL", LATER, 4)
        services.reopen(ZHANG, "BXL", NOW, 5)
        assert [held.service for held in services.of(ZHANG, LATER)] == ["LDXS", "BXL"]
        assert [held.service for held in services.of(LI, LATER)] == ["LDXS"]


def an_invitation(id: int, number: str = ZHANG, expires_at: int = LATER) -> PlacedOrder:
    args = {"group": "兴达集团", "short_number": "6103"}
    return PlacedOrder(
        id, "vw.invited", number, number, args, Channel.SMS, "30", 1, NOW, expires_at,
        shown_at=NOW,
    )  # fmt: skip


def test_the_newest_order_that_waits_for_somebody_is_found(store: Store) -> None:
    """Not another's, not one that is answered, and not one that is too old."""
    with store.transaction() as connection:
        orders = store.ports(connection).orders
        for order in (an_invitation(1), an_invitation(2), an_invitation(3, LI)):
            orders.propose(order)
        orders.propose(an_invitation(4, expires_at=NOW))
        assert orders.waiting(ZHANG, "vw.invited", NOW) == an_invitation(2)
        orders.consume(2, "是", NOW)
        assert orders.waiting(ZHANG, "vw.invited", NOW) == an_invitation(1)
        orders.decline(1, "", NOW)
        assert orders.waiting(ZHANG, "vw.invited", NOW) is None
        assert orders.waiting(LI, "sv.order", NOW) is None


def test_a_member_is_found_under_the_short_number(store: Store) -> None:
    """Whether there was a record before or not."""
    admit(store, somebody(), somebody(LI))
    with store.transaction() as connection:
        profiles = store.ports(connection).profiles
        profiles.join(ZHANG, "兴达集团", "6103")
        profiles.join(ZHANG, "兴达集团", "6104")
        assert profiles.by_short_number("兴达集团", "6104") == ZHANG
        assert profiles.by_short_number("兴达集团", "6103") is None
        assert profiles.of(LI).group == ""
