"""What /readyz and the figures tell of several gateways: who is there, epochs, what waits for whom,
what was taken over."""

from __future__ import annotations

import pytest

from gateway.cluster.membership import COUNT, LOOK, PATIENCE, Membership
from gateway.model.message_id import moment_of
from gateway.ops.metrics import Metrics
from gateway.store.store import Store
from gateway.wiring import among_others, cluster_gauges
from tests.gateway.cluster.shared_store import SharedStore


@pytest.fixture
def hall(store: Store) -> SharedStore:
    return SharedStore(store)


def figures(member: Membership) -> list[str]:
    counts = Metrics()
    cluster_gauges(counts, member, returns=0)
    return counts.text().decode().splitlines()


def test_a_gateway_that_is_alone_tells_nothing_of_others(hall: SharedStore) -> None:
    assert among_others(hall.joins("a")) == {}


def test_heirs_tell_what_they_have_inherited(hall: SharedStore) -> None:
    """With the epochs of the slots that they hold, and since when the oldest message waits."""
    dead, heir = hall.together("dead", "heir")
    first = hall.writes(dead.own)
    hall.writes(dead.own)
    hall.passes(PATIENCE + COUNT + LOOK, heir)
    told = {
        "members": 1,
        "slot": 1,
        "epochs": {"0": 2, "1": 1},
        "waiting": {"0": 2},
        "takeovers": 1,
    }
    assert among_others(heir) == {"cluster": told}
    lines = figures(heir)
    for line in (
        "hallgate_members 1.0",
        "hallgate_slots_held 2.0",
        'hallgate_slot_epoch{slot="0"} 2.0',
        'hallgate_slot_epoch{slot="1"} 1.0',
        'hallgate_rows_waiting{slot="0"} 2.0',
        "hallgate_takeovers_total 1.0",
    ):
        assert line in lines
    (since,) = [line for line in lines if line.startswith("hallgate_rows_waiting_since_timestamp_")]
    assert float(since.split()[-1]) == pytest.approx(moment_of(first))
