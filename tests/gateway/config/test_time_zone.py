"""Moments in the operator's time zone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gateway.config.time_zone import OperatorCalendar


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("moment", "month"),
    [
        ("2026-11-30T15:59:59", 202611),  # 23:59:59 in Shanghai
        ("2026-11-30T16:00:00", 202612),  # midnight
        ("2026-12-31T15:59:59", 202612),
        ("2026-12-31T16:00:00", 202701),
    ],
)
def test_a_month_ends_at_the_operators_midnight(moment: str, month: int) -> None:
    """Not at Greenwich's."""
    assert OperatorCalendar().month(at(moment)) == month


def test_another_operator_has_another_midnight() -> None:
    """The zone is configured."""
    assert OperatorCalendar("Europe/Lisbon").month(at("2026-11-30T16:00:00")) == 202611


def test_a_moment_is_told_in_the_zone() -> None:
    """21:30 in Shanghai is 13:30 in Greenwich."""
    assert OperatorCalendar().at(at("2026-11-21T13:30:00")).strftime("%H:%M") == "21:30"
