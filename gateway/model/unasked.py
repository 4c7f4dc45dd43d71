"""What the hall says to a subscriber who has not asked: reminders and notices."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from typing import Final, NamedTuple

WITHIN: Final = 24 * 3600
"""Seconds within which nobody is told two things of one meaning."""


NOTICE: Final = "notice "
"""Begins the source of what a notice says; its number follows."""


def is_notice(source: str) -> bool:
    return source.startswith(NOTICE)


class UnaskedMessage(NamedTuple):
    """A short message that leaves when there is room, and never before an answer."""

    phone: str  # eleven digits
    text: str  # whole, with its signature, in the subscriber's language
    tongue: str  # zh, en: the language of the text
    meaning: str  # what it is about: nobody is told two of one meaning within a day
    source: str  # who wants it said: "reminder", "notice 17"
    not_before: int  # seconds since 1970; one that is urgent: the moment it happened
    urgent: bool = False  # said at once, also outside polite hours, and before all others


class PoliteHours(NamedTuple):
    """When people may be told what is not urgent, in minutes of the day."""

    begins: int
    ends: int
    zone: tzinfo

    def allow(self, now: float) -> bool:
        moment = datetime.fromtimestamp(now, self.zone)
        return self.begins <= moment.hour * 60 + moment.minute < self.ends

    def next(self, now: float) -> int:
        """This moment, or the next at which they begin; seconds since 1970."""
        if self.allow(now):
            return int(now)
        moment = datetime.fromtimestamp(now, self.zone)
        if moment.hour * 60 + moment.minute >= self.ends:
            moment += timedelta(days=1)
        hour, minute = divmod(self.begins, 60)
        return int(moment.replace(hour=hour, minute=minute, second=0, microsecond=0).timestamp())

    def month(self, now: float) -> int:
        """202611."""
        moment = datetime.fromtimestamp(now, self.zone)
        return moment.year * 100 + moment.month
