"""Two gateways are measured against one, under the same load."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.gateways import OnPostgres, told
from tests.bench.host.machine import cores
from tests.bench.host.processes import Cores
from tests.bench.rounds import Round, Times, play
from tests.bench.systems.hallgate import Hallgate
from tests.bench.test_ratio_table import a_load, by_first_cell
from tests.services import PostgresServer

PEOPLE = 10_001
WINK = Times(0.1, 0.5)


@pytest.mark.slow
def test_two_gateways_share_the_load(tmp_path: Path):
    """Both are bound, and nobody is told anything twice."""
    system = Hallgate(subscribers=PEOPLE, processes=2)
    system.prepare(tmp_path)

    played = play(system, tmp_path / "round", cores(), WINK, brief=True)

    assert played.faults() == 0
    assert played.cap.result.answered > 50


@pytest.mark.slow
@pytest.mark.service
def test_a_round_on_postgresql_leaves_no_database(tmp_path: Path, postgres_server: PostgresServer):
    system = OnPostgres((), PEOPLE, 1, postgres_server)

    played = play(system, tmp_path / "round", cores(), WINK, brief=True)

    assert played.faults() == 0
    assert played.cap.result.answered > 50


def a_round(rate: float) -> Round:
    load = a_load(rate, cpu=0.9, p99=12.5)
    return Round(load, load, None, None, None, 100.0)


def test_pairs_are_told_as_ratios():
    """Of what was measured right behind one another; and that two cores are too few is said."""
    pairs = {"PostgreSQL": [(a_round(1000), a_round(1800)), (a_round(500), a_round(1000))]}

    said = told(pairs, Cores(0, 1))

    assert by_first_cell(said)["cap200/s"].endswith("1.90 × (1.80 2.00)  ≥ 1.7 ×")
    assert "Four are needed" in said
    assert "Four are needed" not in told(pairs, Cores(0, 3, 1))
