"""A counter with tickets on both kinds of store."""

from __future__ import annotations

import pytest

from gateway.store.store import Store
from tests.gateway.hall import Office
from tests.gateway.tickets.counter import TicketCounter


@pytest.fixture
def hall(store: Store) -> TicketCounter:
    counter = TicketCounter(Office(store))
    counter.hire()
    return counter
