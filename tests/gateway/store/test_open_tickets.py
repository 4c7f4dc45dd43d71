"""Tickets for who looks after them: listed, closed, and the subscriber told."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from gateway.config.settings import Settings
from gateway.serving.beside import Outsider
from gateway.serving.push import Push
from gateway.store.open_tickets import open_tickets, ticket_lines
from gateway.store.store import Store
from gateway.store.tables import tickets
from tariffs.catalogue import SHANGHAI
from tests.gateway.hall import Office
from tests.gateway.messages import BY, ZHANG


@pytest.fixture
def office(sqlite_store: Store) -> Office:
    """The hall with its sample, and a link that is up."""
    return Office(sqlite_store)


def complained(office: Office) -> str:
    """The number of a complaint that ZHANG has written."""
    office.hears("TS#乱扣费")
    with office.store.transaction() as connection:
        return str(connection.execute(select(tickets.c.number)).scalar_one())


def test_what_waits_is_listed(office: Office) -> None:
    """With what was written; what is late says so."""
    number = complained(office)
    (found,) = open_tickets(office.store)
    assert (found.number, found.kind, found.phone) == (number, "complaint", ZHANG)
    assert open_tickets(office.store, "callback") == []
    (line,) = ticket_lines([found], found.due_at - 1, SHANGHAI)
    assert line.startswith(f"{number}  complaint")
    assert line.endswith("乱扣费")
    assert "LATE" in next(ticket_lines([found], found.due_at + 1, SHANGHAI))


def test_who_opened_it_is_told_once_that_it_is_done(office: Office) -> None:
    """And asked later how it was; a number that is unknown, or done, changes nothing."""
    number = complained(office)
    push = Push(office.counter, Outsider(), Settings(), lambda: office.bag.now)
    office.deliver()
    assert push.close_ticket(number, "已退还5元", BY)
    told = office.deliver()
    assert told[0].text.startswith(f"您的投诉{number}已处理:已退还5元。")
    assert str(told[0].destination) == f"1.1.86{ZHANG}"
    assert open_tickets(office.store) == []
    assert not push.close_ticket(number, "又一次", BY)
    assert not push.close_ticket("1", "没有这张", BY)
    assert office.deliver() == []
