"""What the hall tells subscribers without being asked: kinds, rules, and the values they come from.

Money is int fen, moments are int seconds since 1970.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Final

from commands.model.accounts import MonthUsage, SubscriberAccount, Subscription
from commands.model.daily_hours import WEEKDAYS, DailyHours, Workdays
from commands.model.subscriber_records import SubscriberRecord


class ReminderKind(StrEnum):
    BALANCE_LOW = "balance_low"
    CHARGE = "charge"
    ALLOWANCE = "allowance"
    ARREARS = "arrears"  # something is owed, and the number is not stopped for it yet
    HIGH_BILL = "high_bill"
    RECHARGE = "recharge"
    CONTRACT_ENDING = "contract_ending"
    POINTS_ENDING = "points_ending"
    PLAN_ENDING = "plan_ending"
    NUMBER_CLOSING = "number_closing"


class SentTo(StrEnum):
    """Who gets a reminder."""

    ALL = "all"  # also who has declined reminders
    DEFAULT = "default"  # who has not declined it
    WISH = "wish"  # who has asked for it
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class ReminderRule:
    """Of one kind. What a kind has no use for stays 0 or empty."""

    to: SentTo = SentTo.DEFAULT
    urgent: bool = False  # at any hour
    below_fen: int = 0  # balance_low: for who has named no amount
    shares: tuple[int, ...] = ()  # allowance: per cent
    packs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # allowance: by item
    times: float = 0.0  # high_bill: of the usual month's
    at_least_fen: int = 0  # high_bill
    days: int = 0  # before the end


@dataclass(frozen=True, slots=True)
class ReminderHours:
    """When somebody may be disturbed, on working days and on others."""

    workdays: DailyHours = field(default_factory=lambda: DailyHours(9 * 60, 20 * 60))
    other_days: DailyHours = field(default_factory=lambda: DailyHours(10 * 60, 20 * 60))

    def next(self, moment: int, days: Workdays, zone: tzinfo) -> int:
        """`moment`, or if nobody may be disturbed then, the next moment when somebody may."""
        there = datetime.fromtimestamp(moment, zone)
        for ahead in range(3):
            day = there.date() + timedelta(days=ahead)
            hours = self.workdays if days.works(day) else self.other_days
            opens, closes = (
                datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(minutes=minutes)
                for minutes in (hours.opens, hours.closes)
            )
            if there < closes:
                return max(moment, int(opens.timestamp()))
        raise AssertionError("every day has polite hours")


@dataclass(frozen=True, slots=True)
class ReminderRules:
    """conf/reminders.yaml."""

    hours: ReminderHours = field(default_factory=ReminderHours)
    kinds: Mapping[ReminderKind, ReminderRule] = field(default_factory=dict)
    days: Workdays = WEEKDAYS

    def of(self, kind: ReminderKind) -> ReminderRule:
        return self.kinds.get(kind, _SILENT)


_SILENT: Final = ReminderRule(to=SentTo.NOBODY)


@dataclass(frozen=True, slots=True)
class Booked:
    """Money that has come or gone. `fen` is positive."""

    kind: ReminderKind  # CHARGE or RECHARGE
    key: str  # what tells it from all others
    fen: int
    what: str  # the code of a service or a plan, a way of paying, or a name
    balance_fen: int | None = None  # None: not known
    words: str = ""  # for what, where `what` is no code of conf/tariffs


@dataclass(frozen=True, slots=True)
class SubscriberNow:
    """What is known of a subscriber at the moment of looking."""

    account: SubscriberAccount
    wishes: Mapping[str, str] = field(default_factory=dict)  # preferences by name
    services: Sequence[Subscription] = ()
    usage: Sequence[MonthUsage] = ()
    record: SubscriberRecord = field(default_factory=SubscriberRecord)
    usual_fen: int = 0  # a month's bill on the average of the last ones; 0: there are none


@dataclass(frozen=True, slots=True)
class Reminder:
    """Something to be told once. `key` tells it from others of its kind; `meaning` is the same for
    what nobody should hear twice in a day."""

    kind: ReminderKind
    key: str
    meaning: str
    text: str
    facts: Mapping[str, object]
    urgent: bool = False
    lasting: bool = False  # a state; when it is over and comes again, it is told again
