"""Starting is timed from the outside, to the first answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.host.machine import cores
from tests.bench.starting import Start, Starts, measure, told


@pytest.mark.slow
def test_verbs_and_a_gateway_are_started(tmp_path: Path):
    """A gateway takes longer than help, and no verb fails."""
    starts = measure(tmp_path / "starting", cores(), 1)

    seconds = {each.what: each.seconds for each in starts.each}
    assert list(seconds) == [
        "hallgate --help", "hallgate tickets list --help", "hallgate tickets list",
        "hallgate run, to its first answer",
    ]  # fmt: skip
    assert all(len(each) == 1 for each in seconds.values())
    assert 0 < seconds["hallgate --help"][0] < seconds["hallgate run, to its first answer"][0]
    assert 0 <= starts.disturbed < 1


def test_it_is_told_in_lines_with_what_must_be():
    """The median of all, and how much else ran on the core."""
    said = told(Starts((Start("hallgate --help", (0.5, 0.1, 0.2), "≤ 0.6"),), 0.42)).splitlines()

    assert "3 times each" in said[0]
    assert "others on its core: 42 %" in said[0]
    assert said[-1].split() == ["hallgate", "--help", "0.200", "(0.100…0.500)", "≤", "0.6"]
