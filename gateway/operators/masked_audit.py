"""A row of the audit as it is told to whoever gives no reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from commands.parser.masking import masked_number, without_people


def masked_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """The subscriber masked, and whoever is named in the reason and the result."""
    number = str(row["subscriber"])
    return {
        **row,
        "subscriber": masked_number(number) if number else "",
        "reason": without_people(row["reason"]),
        "result": without_people(row["result"]),
    }
