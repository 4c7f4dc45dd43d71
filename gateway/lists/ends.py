"""Until when somebody is in a list: days as people write them, and as they are told."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Final

_OPEN: Final = ("", "长期", "永久", "无", "-")
_DAY: Final = re.compile(
    r"(20\d\d)(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d\d)(\d\d))(?:[ T]0{1,2}:00(?::00)?)?"
)


@lru_cache(maxsize=256)  # most lines of a file end on the same few days
def end_of(written: str, zone: tzinfo, now: int) -> int:
    """2026-12-31, 2026/1/5, 20261231: to the end of that day; 2026-12-31T18:00: to that moment; 0
    for nothing, or 长期. Raises ValueError, also if it is over."""
    plain = unicodedata.normalize("NFKC", written).strip()
    if plain in _OPEN:
        return 0
    try:
        end = _end(plain, zone)
    except (ValueError, OverflowError, OSError):
        raise ValueError("has an end that is no day; write 2026-12-31") from None
    if end <= now:
        raise ValueError("has an end that is over")
    return end


def _end(plain: str, zone: tzinfo) -> int:
    if found := _DAY.fullmatch(plain):
        year, month, day = int(found[1]), int(found[2] or found[4]), int(found[3] or found[5])
        following = date(year, month, day) + timedelta(days=1)
        return int(datetime.combine(following, time(), zone).timestamp())
    moment = datetime.fromisoformat(plain)
    if moment.year >= 2100:
        raise ValueError("too far away")
    return int((moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp())


def told_end(until: int, zone: tzinfo) -> str:
    """The last day, or the moment; empty for an open end. `end_of` reads it again."""
    if not until:
        return ""
    there = datetime.fromtimestamp(until, zone)
    if there.time() == time():
        return f"{there.date() - timedelta(days=1)}"
    return f"{there:%Y-%m-%dT%H:%M:%S}"
