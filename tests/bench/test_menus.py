"""The measurement of menus measures what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.host.machine import cores
from tests.bench.menus import BATCH, Figures, MenuFigures, measure, told


@pytest.mark.service
@pytest.mark.slow
def test_menus_are_walked_at_a_desk(tmp_path: Path) -> None:
    """In the store and in Redis; nobody falls out of the dialogue while it is measured."""
    figures = measure(tmp_path, cores(), 2 * BATCH, 0.3)
    assert [each.kept_in for each in figures.kept] == ["store", "Redis"]
    assert all(each.steps > 100 and each.dials > 100 for each in figures.kept)
    assert all(100 < each.bytes_each < 5_000 for each in figures.kept)
    assert figures.walk > max(each.steps for each in figures.kept)


def test_it_is_told_in_lines() -> None:
    """With what must be beside what was found."""
    kept = (Figures("store", 900.0, 4_000.0, 230.0, 261.0),)
    said = told(MenuFigures(100_000, 20_000.0, 943.0, kept)).splitlines()
    assert said[0].startswith("Menus, 100,000 dialogues open")
    assert "4,000 steps/s (must: 6,000), 230 µs of CPU each" in said[2]
    assert "261 octets a dialogue" in said[2]
