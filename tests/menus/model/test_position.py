"""A position is kept as JSON between two inputs."""

from __future__ import annotations

import json

import pytest

from menus.model.position import from_json
from tests.menus.books import Dialogue


def test_a_position_is_a_small_json_value(ussd: Dialogue) -> None:
    """And reads back as it was."""
    ussd.type("2", "13800138002", "9")
    position = ussd.walked.position
    written = json.loads(json.dumps(position.as_json()))
    assert from_json(written) == position
    assert len(json.dumps(position.as_json())) < 150


@pytest.mark.parametrize(
    "broken",
    [{}, {"v": "1", "c": "fax", "e": "", "s": ""}, {"v": 1, "c": "ussd", "e": "", "s": ""},
     {"v": "1", "c": "ussd", "e": "", "s": "", "t": "hall"}],
)  # fmt: skip
def test_what_is_no_position_is_none(broken: dict[str, object]) -> None:
    """Then the dialogue is over."""
    assert from_json(broken) is None
