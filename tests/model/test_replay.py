"""Random runs of the model, said to the real desk and a real store."""

from __future__ import annotations

import pytest

from gateway.store.store import Store
from tests.gateway.conftest import sqlite_store, sqlite_template
from tests.gateway.hall import Office
from tests.model.replay import OneGatewayReplay
from tests.model.spin import Sizes
from tests.model.traces import as_json, from_json, trace
from tests.model.two_gateways import TwoGatewaysReplay

__all__ = ["sqlite_store", "sqlite_template"]
pytestmark = [pytest.mark.service, pytest.mark.slow]

MISFORTUNES = {"ONE_GATEWAY": 1, "CRASHES": 1, "LOST_BINDS": 2}


@pytest.mark.parametrize("seed", range(20))
def test_the_desk_does_what_the_model_says(sqlite_store: Store, seed: int) -> None:
    """Known as a repetition when the model says so, answered when it says so, lost never."""
    steps = trace(MISFORTUNES, seed)
    print(*steps, sep="\n")
    OneGatewayReplay(Office(sqlite_store)).run(steps)


TWO: dict[str, Sizes] = {
    "nothing happens": {"MESSAGES": 3},
    "a gateway leaves": {"LEAVES": 1, "MESSAGES": 3},
    "a crash": {"CRASHES": 1},
    "a bind is lost": {"LOST_BINDS": 1},
}


@pytest.mark.parametrize("happens", TWO)
@pytest.mark.parametrize("seed", range(8))
def test_two_gateways_do_what_the_model_says(sqlite_store: Store, seed: int, happens: str) -> None:
    """Real members, desks and outboxes: whose turn it is to send, what is a repetition, who has
    what waits."""
    steps = trace({"WHOLE_BATCHES": 1, **TWO[happens]}, seed)
    print(*steps, sep="\n")
    replay = TwoGatewaysReplay(sqlite_store)
    try:
        replay.run(steps)
    finally:
        replay.end()


def test_a_run_can_be_kept_as_json() -> None:
    """And read again."""
    steps = trace(MISFORTUNES, 1)
    assert steps[-1].name == "end"
    assert from_json(as_json(steps)) == steps
