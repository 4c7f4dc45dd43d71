"""A driver and a stand-in bound to it, in one process."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from simulators.load import LoadSmsc, Subscribers
from tests.bench.systems.standin_esme import Faults, StandIn, serve, serve_apart

Bound = Callable[..., LoadSmsc]


@pytest.fixture
def bound() -> Iterator[Bound]:
    """`bound(refuse=3)`: a driver of 50 subscribers with a stand-in of such faults on its line."""
    drivers: list[LoadSmsc] = []
    threads: list[threading.Thread] = []

    def bind(apart: bool = False, count: int = 1, **faults: int | bytes) -> LoadSmsc:
        smsc = LoadSmsc(subscribers=Subscribers(count=50))
        drivers.append(smsc)
        for _ in range(count):
            stand_in = StandIn(Faults(**faults))  # type: ignore[arg-type]  # named by the test
            target = serve_apart if apart else serve
            threads.append(threading.Thread(target=target, args=(smsc.port, stand_in)))
            threads[-1].start()
        smsc.await_binds(2 * count if apart else count, 5)
        return smsc

    yield bind
    for smsc in drivers:
        smsc.close()
    for thread in threads:
        thread.join(5)
        assert not thread.is_alive()
