"""What a message needed is gone when it is answered, without Python's collector."""

from __future__ import annotations

import gc
from collections.abc import Callable

import pytest

from gateway.store.store import Store
from tests.gateway.hall import Office

MANY = 20


@pytest.mark.parametrize("text", ["YE", "CXDZ#50#1", "我想查话费", "LL", "no such thing"])
def test_a_batch_leaves_nothing_to_the_collector(sqlite_store: Store, text: str) -> None:
    """Whatever was written: twenty batches leave nothing that twenty others did not."""
    office = Office(sqlite_store)

    assert _left(lambda: office.serve(*[office.arrived(text) for _ in range(5)])) < MANY


def _left(serve: Callable[[], object]) -> int:
    """Objects in circles, after so many batches and as many before that do not count."""
    for _ in range(MANY):
        serve()
    gc.collect()
    gc.disable()
    try:
        for _ in range(MANY):
            serve()
        return gc.collect()
    finally:
        gc.enable()
