"""The hall with its sample, and somebody who dials."""

from __future__ import annotations

import pytest

from gateway.store.store import Store
from tests.gateway.dialogue.handset import Handset
from tests.gateway.hall import Office


@pytest.fixture
def office(sqlite_store: Store) -> Office:
    """The hall with its sample."""
    return Office(sqlite_store)


@pytest.fixture
def zhang(office: Office) -> Handset:
    """13800138001."""
    return Handset(office)
