"""What a call of the bench measures."""

from __future__ import annotations

import pytest

from tests.bench.__main__ import PARTS, arguments, parts_besides


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ([], ["sentences", "ussd", "menus", "start", "campaign", "gateways", "shares", "calls"]),
        (["--quick"], ["sentences", "ussd"]),
        (["--only", "hallgate"], []),
        (["--quick", "--only", "ussd"], []),
    ],
)
def test_parts_are_measured_after_the_systems(words: list[str], parts: list[str]):
    """All of them, but for those that take long when it is to be quick."""
    assert parts_besides(arguments().parse_args(words)) == parts


@pytest.mark.parametrize("part", [*PARTS, "hallgate", "kannel", "driver"])
def test_each_part_can_be_chosen_alone(part: str):
    """By its name."""
    assert arguments().parse_args(["--only", part]).only == part
