"""What the hall says to a subscriber who has not asked: reminders and notices."""

from __future__ import annotations

from typing import Final, NamedTuple

WITHIN: Final = 24 * 3600
"""Seconds within which nobody is told two things of one meaning."""


class UnaskedMessage(NamedTuple):
    """A short message that leaves when there is room, and never before an answer."""

    phone: str  # eleven digits
    text: str  # whole, with its signature, in the subscriber's language
    tongue: str  # zh, en: the language of the text
    meaning: str  # what it is about: nobody is told two of one meaning within a day
    source: str  # who wants it said: "reminder", "notice 17"
    not_before: int  # seconds since 1970; one that is urgent: the moment it happened
    urgent: bool = False  # said at once, also outside polite hours, and before all others
