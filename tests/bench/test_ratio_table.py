"""Medians, ratios and tables; and the profile's sums."""

from __future__ import annotations

import dataclasses

import pytest

from simulators.load import LoadResult
from tests.bench import ratio_table
from tests.bench.cpu_profile import read_stacks, top
from tests.bench.rounds import Load, Round


def a_load(rate: float, cpu: float = 0.1, p99: float = 5.0) -> Load:
    zeros = dict.fromkeys((field.name for field in dataclasses.fields(LoadResult)), 0)
    result = LoadResult(**{**zeros, "mode": "x", "rate": rate, "p99_ms": p99, "replies": ()})  # type: ignore[arg-type]
    return Load(result, cpu, disturbed=0.02, wrong=0)


def a_round(rate: float, cpu: float = 0.1, p99: float = 5.0) -> Round:
    load = a_load(rate, cpu, p99)
    return Round(load, load, load, load, load, 40.0)


def by_first_cell(table: str) -> dict[str, str]:
    return {line.split("  ")[0]: line for line in table.splitlines()}


def test_ratios_are_taken_pair_by_pair_and_above_one_is_better():
    """The machine's mood changes between pairs, hardly within one."""
    ours = [a_round(3000, cpu=0.1), a_round(9000, cpu=0.2)]
    theirs = [a_round(1000, cpu=0.3), a_round(3000, cpu=0.3)]
    by_name = {aim.figure: aim for aim in ratio_table.COMPARED}

    assert ratio_table.ratios(ours, theirs, by_name["cap200/s"]) == [3.0, 3.0]
    assert ratio_table.ratios(ours, theirs, by_name["CPU s/1,000 cap200"]) == pytest.approx(
        [3.0, 1.5]
    )


def test_a_table_shows_the_median_and_the_spread():
    """Of three, the middle one; a single round has no spread."""
    rounds = [a_round(rate) for rate in (900, 4000, 1000)]

    said = ratio_table.systems_table({"甲": rounds, "B": [a_round(5.5)]}).splitlines()

    assert said[1].split() == ["cap200/s", "1,000", "(900…4,000)", "5.50", "–"]


def test_what_must_be_stands_beside_what_is():
    """CPU at 1,000/s is compared with the peer's, that of a message alone is held to a limit."""
    rounds = [a_round(1000, cpu=0.45)]

    figures = by_first_cell(ratio_table.systems_table({"B": rounds}))
    compared = by_first_cell(ratio_table.ratios_table(rounds, rounds))

    assert figures["CPU µs each at 200/s"].split()[-3:] == ["450", "≤", "600"]
    assert figures["p99 ms at 1,000/s"].split()[-3:] == ["5.00", "≤", "10"]
    assert figures["flood/s"].split()[-1] == "–"
    assert "1.00 ×" in compared["CPU s/1,000 at 1,000/s"]
    assert "≥ 4 ×" in compared["cap200/s"]


def test_faults_of_any_phase_are_a_rounds_faults():
    """Lost, doubled, refused for good, never responded to, and wrong."""
    good = a_round(1000)
    lost = dataclasses.replace(good.cap.result, lost=2, doubled=1)
    bad = dataclasses.replace(good, flood=dataclasses.replace(good.flood, result=lost, wrong=3))

    assert good.faults() == 0
    assert bad.faults() == 6


def test_a_profile_adds_a_functions_lines_together():
    """Time in itself, and in all it calls; recursion counts once, sleep not at all."""
    stacks = read_stacks(
        [
            "main (a.py:1);work (a.py:5) 3",
            "main (a.py:2);work (a.py:6);work (a.py:7) 1",
            "main (a.py:2);Condition.wait (threading.py:324) 90",
        ]
    )

    said = top(stacks)

    assert "100.0% 100.0%  work (a.py)" in said
    assert "  0.0% 100.0%  main (a.py)" in said
