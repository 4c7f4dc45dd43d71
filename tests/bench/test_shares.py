"""Gateways with a share of a core each are measured against one with such a share."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from tests.bench.host.machine import cores
from tests.bench.host.processes import Unable, cpu_seconds, started
from tests.bench.host.shares import GROUPS, enter, share
from tests.bench.rounds import Times
from tests.bench.shares import OnAShare, shared_round
from tests.services import PostgresServer

BUSY = "while True: pass"
WINK = Times(0.1, 1.0)


@pytest.fixture(autouse=True)
def _shares_can_be_given() -> None:
    try:
        with share("tried", 0.5):
            pass
    except Unable as lack:
        pytest.skip(str(lack))


def test_a_share_is_not_exceeded(tmp_path: Path):
    """However much there is to do, and to spare; nothing is left of it."""
    with started("busy", [sys.executable, "-c", BUSY], cores().others, tmp_path) as busy:
        with share("small", 0.1) as group:
            enter(group, [busy.pid])
            began, before = time.monotonic(), cpu_seconds([busy.pid])
            while time.monotonic() - began < 1.0:
                time.sleep(0.1)
            spent = cpu_seconds([busy.pid]) - before
            took = time.monotonic() - began
        assert spent / took < 0.2
    assert not group.exists()
    assert GROUPS.exists()


@pytest.mark.slow
@pytest.mark.service
def test_two_with_a_share_each_answer_all(tmp_path: Path, postgres_server: PostgresServer):
    """Nobody is told anything twice, and there are two."""
    system = OnAShare((), 10_001, 2, postgres_server)

    played = shared_round(system, tmp_path, cores(), WINK)

    assert played.faults() == 0
    assert played.cap.result.answered > 20
