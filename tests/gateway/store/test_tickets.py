"""Tickets and strikes, on both kinds of store."""

from __future__ import annotations

from gateway.store.store import Store
from tests.gateway.store.people import LI, NOW, ZHANG

ID = 1_795_267_800_123 << 20  # of a message


def test_a_message_opens_one_ticket_however_often_it_is_served(store: Store) -> None:
    """Under a number that its phone can ask by, and no other."""
    with store.transaction() as connection:
        tickets = store.ports(connection).tickets
        opened = tickets.open("complaint", ZHANG, "乱扣费", NOW + 60, NOW, ID)
        assert tickets.open("complaint", ZHANG, "乱扣费", NOW + 60, NOW, ID) == opened
        assert tickets.find(ZHANG, opened.number) == opened
        assert tickets.find(LI, opened.number) is None
        assert tickets.latest(ZHANG) == opened
        assert list(tickets.waiting(ZHANG)) == [opened]
        assert tickets.latest(LI) is None


def test_a_ticket_is_closed_once(store: Store) -> None:
    """With its result; who closes it second, or what is not there, closes nothing."""
    with store.transaction() as connection:
        opened = store.ports(connection).tickets.open("fault", ZHANG, "", NOW + 60, NOW, ID)
    with store.transaction() as connection:
        tickets = store.ports(connection).tickets
        closed = tickets.close(opened.number, "基站已修复", NOW)
        assert closed is not None
        assert closed.phone == ZHANG
        assert (closed.ticket.state, closed.ticket.result) == ("done", "基站已修复")
        assert tickets.close(opened.number, "又一次", NOW) is None
        assert tickets.close("4711", "好了", NOW) is None
        assert tickets.latest(ZHANG) == closed.ticket
        assert list(tickets.waiting(ZHANG)) == []


def test_strikes_are_counted_by_kind_and_for_whom_since_when(store: Store) -> None:
    """The moment itself no longer counts."""
    with store.transaction() as connection:
        strikes = store.ports(connection).strikes
        for moment in (NOW, NOW + 1, NOW + 2):
            strikes.add("card", ZHANG, moment)
        strikes.add("card", LI, NOW)
        strikes.add("code", ZHANG, NOW)
        assert strikes.count("card", ZHANG, NOW) == 2
        assert (strikes.last("card", ZHANG), strikes.last("card", "nobody")) == (NOW + 2, 0)
        strikes.clear("card", ZHANG)
        assert strikes.count("card", ZHANG, 0) == 0
        assert strikes.count("card", LI, 0) == strikes.count("code", ZHANG, 0) == 1
