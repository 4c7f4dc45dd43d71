"""Moments in the operator's time zone."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo


class OperatorCalendar:
    def __init__(self, zone: str = "Asia/Shanghai") -> None:
        self.zone = ZoneInfo(zone)

    def at(self, now: int) -> datetime:
        return datetime.fromtimestamp(now, self.zone)

    def month(self, now: int) -> int:
        """202611 for any moment of November 2026."""
        at = self.at(now)
        return at.year * 100 + at.month
