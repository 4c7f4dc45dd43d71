"""Months as the operator counts them: in its own time zone. Moments are seconds since 1970, months
are numbers such as 202611."""

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


def month_of(now: int, zone: tzinfo) -> int:
    """202611 for any moment of November 2026."""
    here = datetime.fromtimestamp(now, zone)
    return here.year * 100 + here.month


def months_before(month: int, count: int) -> int:
    """202611 and 1 -> 202610."""
    months = month // 100 * 12 + month % 100 - 1 - count
    return months // 12 * 100 + months % 12 + 1


def month_begins(month: int, zone: tzinfo) -> int:
    """The first moment of a month that is given by its number."""
    return int(datetime(month // 100, month % 100, 1, tzinfo=zone).timestamp())


def _first(now: int, zone: tzinfo) -> datetime:
    here = datetime.fromtimestamp(now, zone)
    return datetime(here.year, here.month, 1, tzinfo=zone)
