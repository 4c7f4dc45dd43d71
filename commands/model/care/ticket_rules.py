"""What kinds of tickets there are, and what is promised with each: conf/tickets.yaml as values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from commands.model.daily_hours import DailyHours
from tariffs.bilingual_name import BilingualName, in_language

HOUR: Final = 3600
DAY: Final = 24 * HOUR


@dataclass(frozen=True, slots=True)
class Promise:
    """By when: seconds that pass day and night, or of working hours, or days that are worked."""

    seconds: int = 0
    working_seconds: int = 0
    working_days: int = 0


@dataclass(frozen=True, slots=True)
class TicketCategory:
    """What a ticket of a kind is about; `words` of a subscriber that say so."""

    name: BilingualName
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TicketKind:
    name: BilingualName
    due: Promise = field(default_factory=lambda: Promise(48 * HOUR))
    categories: Mapping[str, TicketCategory] = field(default_factory=dict)
    urgent: bool = False  # its subscriber is told at night, too
    joins: bool = False  # the same once more is the same ticket
    password: bool = False  # opened for a subscriber who has proven to be one
    hand_over: bool = False  # as soon as it is opened, to the operator's own system

    def category_of(self, said: str) -> str:
        """The first whose words stand in what was said; empty: none."""
        for code, category in self.categories.items():
            if any(word in said for word in category.words):
                return code
        return ""


@dataclass(frozen=True, slots=True)
class TicketTemplate:
    """An answer that a colleague picks and fills in. Empty `kinds`, `categories`: for all."""

    name: BilingualName
    text: BilingualName  # {amount} is a blank
    kinds: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    named: Mapping[str, BilingualName] = field(default_factory=dict)  # what colleagues call a blank

    @property
    def blanks(self) -> tuple[str, ...]:
        """In the order of the text, each once."""
        return blanks_in(str(self.text))

    def fits(self, kind: str, category: str = "") -> bool:
        """For a ticket of this kind, and of this category where that is known."""
        right_kind = not self.kinds or kind in self.kinds
        return right_kind and (not self.categories or not category or category in self.categories)

    def blank_named(self, blank: str, language: str) -> str:
        """As it stands in the text, where it has no name."""
        return in_language(self.named[blank], language) if blank in self.named else blank

    def with_names(self, language: str) -> str:
        """The text before anything is filled in."""
        text = in_language(self.text, language)
        return BLANK.sub(lambda found: f"{{{self.blank_named(found[1], language)}}}", text)

    def filled(self, values: Mapping[str, str], language: str) -> str:
        return BLANK.sub(lambda found: values[found[1]], in_language(self.text, language))


BLANK: Final = re.compile(r"\{([a-z][a-z_]{0,19})\}")


def blanks_in(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(BLANK.findall(text)))


OTHER: Final = TicketKind(BilingualName("其他", "other"))
"""A kind that conf/tickets.yaml no longer has."""
KINDS_OF_CODES: Final = (
    "complaint", "suggestion", "fault", "spam", "sim", "callback", "card", "repair",
)  # fmt: skip
"""What subscribers open by themselves: these must be there."""


def _kinds() -> Mapping[str, TicketKind]:
    due = {"callback": Promise(30 * 60), "sim": Promise(working_days=2)}
    return {
        code: TicketKind(BilingualName(code), due.get(code, Promise(48 * HOUR)))
        for code in KINDS_OF_CODES
    }


@dataclass(frozen=True, slots=True)
class TicketRules:
    """Times in seconds."""

    kinds: Mapping[str, TicketKind] = field(default_factory=_kinds)
    hours: DailyHours = field(default_factory=lambda: DailyHours(8 * 60 + 30, 18 * 60))
    tell: DailyHours = field(default_factory=lambda: DailyHours(8 * 60, 22 * 60))
    accept: Promise = field(default_factory=lambda: Promise(working_seconds=2 * HOUR))
    escalate: tuple[int, ...] = (0, DAY)  # after it was due
    again: int = 7 * DAY  # for so long the same opens it again
    country_due: int = 72 * HOUR  # a fault out in the country
    country_words: tuple[str, ...] = ()  # where a fault is told to be
    a_day: int = 10  # from one phone
    templates: Mapping[str, TicketTemplate] = field(default_factory=dict)
    give_back: int = 0  # who has one and does nothing for so long has it no longer; 0: never

    def kind(self, code: str) -> TicketKind:
        return self.kinds.get(code, OTHER)

    @property
    def callback(self) -> int:
        """Seconds until somebody calls."""
        return self.kind("callback").due.seconds

    @property
    def card_days(self) -> int:
        """Working days for a new SIM card."""
        return self.kind("sim").due.working_days
