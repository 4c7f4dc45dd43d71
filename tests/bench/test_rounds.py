"""Whole rounds, with a stand-in and with Kannel as the system under test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench import ratio_table
from tests.bench.host.machine import cores
from tests.bench.report import report, write_json
from tests.bench.rounds import Times, play
from tests.bench.systems.hallgate import Hallgate
from tests.bench.systems.kannel import Kannel
from tests.bench.systems.kannel_balance_service import answer, book, reply_to
from tests.bench.systems.standin import StandInSystem
from tests.bench.systems.system import TEXTING, says_balance


def test_the_balance_service_knows_each_sample_subscriber():
    """Forty characters, and the fen that the sample data give."""
    said = answer(b"GET /balance?phone=%2B8613900001234 HTTP/1.1\r\n", book(13900000000, 2000))

    head, _, words = said.partition(b"\r\n\r\n")
    assert words.decode() == reply_to(1234)
    assert len(words.decode()) == 40
    assert b"Content-Length: %d" % len(words) in head
    assert says_balance(1233, words.decode())
    assert not says_balance(1234, words.decode())


@pytest.mark.slow
def test_a_round_is_played_whole(tmp_path: Path):
    """Started, loaded in four ways, watched, stopped; every figure there."""
    system = StandInSystem()

    played = play(system, tmp_path / "round", cores(), Times(0.05, 0.2), brief=False)

    assert played.faults() == 0
    assert all(
        value is not None for value in (figure(played) for figure in ratio_table.FIGURES.values())
    )
    assert played.cap.result.rate > 1000
    said = report({system: [played]}, tmp_path, cores())
    assert "trivial ESME" in said
    write_json(tmp_path / "figures.json", {system: [played]}, cores())
    assert '"cap200"' in (tmp_path / "figures.json").read_text()


@pytest.mark.service
@pytest.mark.parametrize("asks", [True, False], ids=["get-url", "static text"])
def test_kannel_plays_a_round(tmp_path: Path, asks: bool):
    """Every reply there, and, when it asks for balances, the right one for each subscriber."""
    played = play(Kannel(asks), tmp_path / "round", cores(), Times(0.1, 0.5), brief=True)

    assert played.faults() == 0
    assert played.cap.result.rate > 100
    assert played.cap.cpu_per_1000 > 0.01


@pytest.mark.slow
def test_hallgate_plays_a_round(tmp_path: Path):
    """As installed, on its own sample subscribers: each reads the right balance, once."""
    system = Hallgate(subscribers=TEXTING + 1)
    system.prepare(tmp_path)

    played = play(system, tmp_path / "round", cores(), Times(0.1, 0.5), brief=True)

    assert played.faults() == 0
    assert played.cap.result.answered > 100
