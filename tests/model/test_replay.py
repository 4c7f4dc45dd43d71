"""Random runs of the model, said to the real desk and a real store."""

from __future__ import annotations

import pytest

from gateway.store.store import Store
from tests.gateway.conftest import sqlite_store, sqlite_template
from tests.gateway.hall import Office
from tests.model.replay import OneGatewayReplay
from tests.model.traces import as_json, from_json, trace

__all__ = ["sqlite_store", "sqlite_template"]
pytestmark = [pytest.mark.service, pytest.mark.slow]

MISFORTUNES = {"ONE_GATEWAY": 1, "CRASHES": 1, "LOST_BINDS": 2}


@pytest.mark.parametrize("seed", range(20))
def test_the_desk_does_what_the_model_says(sqlite_store: Store, seed: int) -> None:
    """Known as a repetition when the model says so, answered when it says so, lost never."""
    steps = trace(MISFORTUNES, seed)
    print(*steps, sep="\n")
    OneGatewayReplay(Office(sqlite_store)).run(steps)


def test_a_run_can_be_kept_as_json() -> None:
    """And read again."""
    steps = trace(MISFORTUNES, 1)
    assert steps[-1].name == "end"
    assert from_json(as_json(steps)) == steps
