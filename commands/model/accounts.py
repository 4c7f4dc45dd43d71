"""Ports to subscribers' accounts and the services they have.

Money is int fen, moments are int seconds since 1970, numbers are eleven digits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

from commands.model.frozen_value import frozen_value


class NumberState(StrEnum):
    """号码状态."""

    NORMAL = "normal"  # 正常
    ARREARS = "arrears"  # 欠费停机
    SUSPENDED = "suspended"  # 报停
    PRE_CANCELLED = "pre_cancelled"  # 预销
    TO_CANCEL = "to_cancel"  # 待销
    CANCELLED = "cancelled"  # 销户


class ListedClass(NamedTuple):
    """A class that somebody belongs to because a list has them. `until` 0: it is open."""

    name: str
    until: int = 0


@frozen_value
class SubscriberAccount:
    """What the hall knows of a subscriber."""

    msisdn: str
    brand: str  # code in conf/tariffs: QQT, MZ, SZX
    plan: str  # code in conf/tariffs: QQT88
    prepaid: bool
    real_named: bool
    state: NumberState
    balance_fen: int  # negative: owes
    used_fen: int  # spent this month
    past_due_fen: int = 0  # 往月未缴
    star: int = 0
    points: int = 0
    classes: frozenset[str] = frozenset()  # as the account itself has them; see `classes_at`
    language: str = "zh"
    plan_until: int = 0  # end of validity; 0: open-ended
    next_plan: str = ""  # ordered for next month
    next_plan_at: int = (
        0  # from when; read through `subscriber_lookup.account`, it is the plan then
    )
    listed: tuple[ListedClass, ...] = ()  # by lists, whether they have ended or not

    def classes_at(self, now: int) -> frozenset[str]:
        """The customer classes of that moment: an entry of a list ends by itself."""
        if not self.listed:
            return self.classes
        return self.classes.union(
            one.name for one in self.listed if not one.until or now < one.until
        )


@dataclass(frozen=True, slots=True)
class Subscription:
    """A service somebody has. `until` 0: goes on; else it ends then and is not charged again."""

    service: str  # code in conf/tariffs
    since: int
    until: int = 0


@dataclass(frozen=True, slots=True)
class MonthUsage:
    """This month's use of what a plan or service includes."""

    item: str  # voice_min, data_mb, sms, wlan_campus_min, wlan_outside_min, wlan_mb
    used: int


class Accounts(Protocol):
    def find(self, msisdn: str) -> SubscriberAccount | None: ...

    def charge(self, msisdn: str, fen: int, reason: str, order: int, now: int) -> SubscriberAccount:
        """Book a fee: prepaid pays from the balance, postpaid on the month's bill."""
        ...

    def credit(self, msisdn: str, fen: int, reason: str, order: int, now: int) -> SubscriberAccount:
        """Book a recharge; `reason` is the way it was paid (card), or what it was given for
        (points). What is past due is paid first. Who was stopped for arrears and owes nothing any
        more is normal again."""
        ...

    def set_state(self, msisdn: str, state: NumberState) -> SubscriberAccount: ...

    def set_language(self, msisdn: str, language: str) -> None: ...

    def set_next_plan(self, msisdn: str, plan: str, since: int, order: int) -> None:
        """The plan from `since` on; empty takes an earlier wish back."""
        ...

    def change_plan(self, msisdn: str, plan: str, brand: str) -> SubscriberAccount:
        """The plan from now on; what was wished for is fulfilled by it."""
        ...

    def spend_points(self, msisdn: str, points: int, order: int, now: int) -> SubscriberAccount: ...


class Subscriptions(Protocol):
    def of(self, msisdn: str, now: int) -> Sequence[Subscription]:
        """Those still running at `now`, or going to, oldest first. What was closed before it began
        is not among them."""
        ...

    def usage(self, msisdn: str, now: int) -> Sequence[MonthUsage]:
        """This month's use, in the operator's time zone."""
        ...

    def open(self, msisdn: str, service: str, since: int, order: int) -> None: ...

    def close(self, msisdn: str, service: str, until: int, order: int) -> None: ...

    def reopen(self, msisdn: str, service: str, now: int, order: int) -> None:
        """Take back a closing that has not taken effect."""
        ...
