"""Moments in the operator's time zone."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo


def day_number(day: date) -> int:
    """Days since 1970."""
    return day.toordinal() - date(1970, 1, 1).toordinal()


class OperatorCalendar:
    def __init__(self, zone: str = "Asia/Shanghai") -> None:
        self.zone = ZoneInfo(zone)

    def at(self, now: int) -> datetime:
        return datetime.fromtimestamp(now, self.zone)

    def day(self, now: int) -> int:
        """The operator's day, as days since 1970."""
        return day_number(self.at(now).date())

    def month(self, now: int) -> int:
        """202611 for any moment of November 2026."""
        at = self.at(now)
        return at.year * 100 + at.month
