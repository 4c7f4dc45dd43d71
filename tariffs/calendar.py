"""Months as the operator counts them: in its own time zone. Moments are seconds since 1970."""

from __future__ import annotations

from datetime import datetime, tzinfo


def month_start(now: int, zone: tzinfo) -> int:
    """The first moment of the month that `now` lies in."""
    return int(_first(now, zone).timestamp())


def month_end(now: int, zone: tzinfo) -> int:
    """The first moment of the next month."""
    first = _first(now, zone)
    year, month = (first.year + 1, 1) if first.month == 12 else (first.year, first.month + 1)
    return int(first.replace(year=year, month=month).timestamp())


def _first(now: int, zone: tzinfo) -> datetime:
    here = datetime.fromtimestamp(now, zone)
    return datetime(here.year, here.month, 1, tzinfo=zone)
