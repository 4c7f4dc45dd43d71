"""Moments as people on a shift read them: the clock of the hall, and how long ago it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

_STEPS: Final = ((86_400, "天", "d"), (3_600, "小时", "h"), (60, "分钟", "min"))


@dataclass(frozen=True, slots=True)
class Times:
    zone: tzinfo
    now: float
    language: str

    def clock(self, moment: datetime | float) -> str:
        """11-29 20:15; with the year, if it is another one."""
        there = self._there(moment)
        same = there.year == datetime.fromtimestamp(self.now, self.zone).year
        return f"{there:%m-%d %H:%M}" if same else f"{there:%Y-%m-%d %H:%M}"

    def read(self, written: str) -> str:
        """Of a moment as it is written in figures."""
        return self.clock(datetime.fromisoformat(written))

    def whole(self, moment: datetime | float) -> str:
        """With seconds and zone."""
        return f"{self._there(moment):%Y-%m-%d %H:%M:%S} {self.zone_name}"

    def iso(self, moment: datetime | float) -> str:
        return self._there(moment).isoformat(timespec="seconds")

    def field(self, moment: datetime | float) -> str:
        """For a field of a form."""
        return f"{self._there(moment):%Y-%m-%dT%H:%M}"

    def age(self, moment: datetime | float) -> str:
        """3 分钟前; 还有 2 小时 for what lies ahead."""
        seconds = self.now - self._there(moment).timestamp()
        span = self.span(abs(seconds))
        if self.language == "en":
            return f"{span} ago" if seconds >= 0 else f"in {span}"
        return f"{span}前" if seconds >= 0 else f"还有{span}"

    def span(self, seconds: float) -> str:
        for length, zh, en in _STEPS:
            if seconds >= length:
                count = int(seconds // length)
                return f"{count} {en}" if self.language == "en" else f"{count}{zh}"
        return f"{int(seconds)} s" if self.language == "en" else f"{int(seconds)}秒"

    @property
    def zone_name(self) -> str:
        offset = f"{datetime.fromtimestamp(self.now, self.zone):%z}"
        return f"UTC{offset[:3]}" + (f":{offset[3:]}" if offset[3:] != "00" else "")

    @property
    def today(self) -> str:
        return f"{datetime.fromtimestamp(self.now, self.zone):%Y-%m-%d}"

    def _there(self, moment: datetime | float) -> datetime:
        if isinstance(moment, datetime):
            return moment.astimezone(self.zone)
        return datetime.fromtimestamp(moment, self.zone)
