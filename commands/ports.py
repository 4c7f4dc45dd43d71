"""What commands need from the outside, as small as they need it. The store implements these;
tests use fakes.

Money is int fen, moments are int seconds since 1970, numbers are eleven digits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final, Protocol

from commands.errands import Errands
from commands.keeping import (
    NO_TALLY,
    Cards,
    Codes,
    Links,
    Preferences,
    Strikes,
    Tally,
    Tickets,
)
from commands.limits import PortingRules, RatingRules, SprayLimits, TicketRules
from commands.records import Bills, People, Profiles
from commands.regions import NO_REGIONS, Regions
from commands.values import value
from commands.vocabulary import Arguments, Channel, Secret
from commands.windows import Hours
from tariffs.catalogue import Catalogue


class State(StrEnum):
    """号码状态."""

    NORMAL = "normal"  # 正常
    ARREARS = "arrears"  # 欠费停机
    SUSPENDED = "suspended"  # 报停
    PRE_CANCELLED = "pre_cancelled"  # 预销
    TO_CANCEL = "to_cancel"  # 待销
    CANCELLED = "cancelled"  # 销户


@value
class Account:
    """What the hall knows of a subscriber."""

    msisdn: str
    brand: str  # code in conf/tariffs: QQT, MZ, SZX
    plan: str  # code in conf/tariffs: QQT88
    prepaid: bool
    real_named: bool
    state: State
    balance_fen: int  # negative: owes
    used_fen: int  # spent this month
    past_due_fen: int = 0  # 往月未缴
    star: int = 0
    points: int = 0
    classes: frozenset[str] = frozenset()  # red, black, vip
    language: str = "zh"
    plan_until: int = 0  # end of validity; 0: open-ended
    next_plan: str = ""  # ordered for next month
    next_plan_at: int = 0  # from when; read through `subscribers.account`, it is the plan then


@dataclass(frozen=True, slots=True)
class Subscription:
    """A service somebody has. `until` 0: goes on; else it ends then and is not charged again."""

    service: str  # code in conf/tariffs
    since: int
    until: int = 0


@dataclass(frozen=True, slots=True)
class Usage:
    """This month's use of what a plan or service includes."""

    item: str  # voice_min, data_mb, sms, wlan_campus_min, wlan_outside_min, wlan_mb
    used: int


class Accounts(Protocol):
    def find(self, msisdn: str) -> Account | None: ...

    def charge(self, msisdn: str, fen: int, reason: str, order: int, now: int) -> Account:
        """Book a fee: prepaid pays from the balance, postpaid on the month's bill."""
        ...

    def credit(self, msisdn: str, fen: int, reason: str, order: int, now: int) -> Account:
        """Book a recharge; `reason` is the way it was paid (card), or what it was given for
        (points). What is past due is paid first. Who was stopped for arrears and owes nothing any
        more is normal again."""
        ...

    def set_state(self, msisdn: str, state: State) -> Account: ...

    def set_language(self, msisdn: str, language: str) -> None: ...

    def set_next_plan(self, msisdn: str, plan: str, since: int, order: int) -> None:
        """The plan from `since` on; empty takes an earlier wish back."""
        ...

    def change_plan(self, msisdn: str, plan: str, brand: str) -> Account:
        """The plan from now on; what was wished for is fulfilled by it."""
        ...

    def spend_points(self, msisdn: str, points: int, order: int, now: int) -> Account: ...


class Services(Protocol):
    def of(self, msisdn: str, now: int) -> Sequence[Subscription]:
        """Those still running at `now`, or going to, oldest first. What was closed before it began
        is not among them."""
        ...

    def usage(self, msisdn: str, now: int) -> Sequence[Usage]:
        """This month's use, in the operator's time zone."""
        ...

    def open(self, msisdn: str, service: str, since: int, order: int) -> None: ...

    def close(self, msisdn: str, service: str, until: int, order: int) -> None: ...

    def reopen(self, msisdn: str, service: str, now: int, order: int) -> None:
        """Take back a closing that has not taken effect."""
        ...


@dataclass(frozen=True, slots=True)
class PasswordState:
    weak: bool
    initial: bool


@dataclass(frozen=True, slots=True)
class Tries:
    """Wrong passwords for a number, over all channels. `locked_until` 0: not locked."""

    wrong: int = 0
    locked_until: int = 0


class Passwords(Protocol):
    """Service passwords as keyed hashes, and the count of wrong ones."""

    def matches(self, msisdn: str, password: Secret) -> bool: ...

    def state(self, msisdn: str) -> PasswordState: ...

    def change(
        self, msisdn: str, password: Secret, *, weak: bool, initial: bool, now: int
    ) -> None: ...

    def forbidden_digits(self, msisdn: str) -> Sequence[Secret]:
        """Digit strings that a new password must not lie inside, besides the number: the
        certificate's."""
        ...

    def mark(self, password: Secret) -> str:
        """A keyed hash, so that a dialogue can remember a password without holding it."""
        ...

    def tries(self, msisdn: str) -> Tries: ...

    def record_tries(self, msisdn: str, tries: Tries) -> None: ...


@dataclass(frozen=True, slots=True)
class Order:
    """A change somebody may still confirm. It is consumed once, in the transaction of its
    effect."""

    id: int
    action: str
    phone: str
    subject: str
    args: Arguments
    channel: Channel
    interface: str
    level: int
    proposed_at: int
    expires_at: int
    operator: str = ""  # 工号: who placed it, where the interface is staffed
    shown_at: int = (
        0  # since when the one who is to confirm it can have read what it is; 0: not yet
    )


class Orders(Protocol):
    def propose(self, order: Order) -> None: ...

    def shown(self, order: int, text: str, now: int) -> None:
        """Keep the very words that the subscriber was asked to confirm, and when he had them."""
        ...

    def consume(self, order: int, answer: str, now: int) -> Order | None:
        """Take it, once; None if it is unknown, expired, answered or replaced, or if what asks for
        it was shown to nobody yet. Keeps `answer` as consent."""
        ...

    def decline(self, order: int, answer: str, now: int) -> Order | None: ...

    def find(self, order: int) -> Order | None:
        """Still waiting, expired or not."""
        ...

    def waiting(self, subject: str, action: str, now: int) -> Order | None:
        """The newest one that somebody else has placed for this number, to be agreed to by it."""
        ...


class Chance(Protocol):
    def digits(self, count: int) -> str:
        """Unpredictable decimal digits."""
        ...


@dataclass(frozen=True, slots=True)
class Verdict:
    """May this number ask once more? If not: whether to say so, and for how many minutes it
    holds."""

    allowed: bool
    tell: bool = False
    minutes: int = 0


class Matter(StrEnum):
    """What a message takes of its number's hour."""

    QUESTION = "question"  # asked for by its code, and changes nothing
    UNCLEAR = "unclear"  # not understood, or only guessed at; counted with the questions
    CHANGE = "change"
    SAFETY = "safety"  # cancels, stops, or answers what we asked


class Quota(Protocol):
    def take(self, msisdn: str, now: int, matter: Matter) -> Verdict:
        """Count one more message of this number, on whatever channel."""
        ...


class Workdays(Protocol):
    def works(self, day: date) -> bool:
        """Whether people work on this day."""
        ...


class Weekdays:
    """Monday to Friday, all year round."""

    def works(self, day: date) -> bool:
        return day.isoweekday() <= _FRIDAY


_FRIDAY: Final = 5
WEEKDAYS: Final = Weekdays()


@dataclass(frozen=True, slots=True)
class Settings:
    """Limits of the hall, from the configuration. Times in seconds."""

    wrong_passwords: int = 3
    wrong_window: int = 24 * 3600
    lock: int = 24 * 3600
    step: int = 10 * 60
    list: int = 24 * 3600
    confirm_once: int = 10 * 60
    confirm_twice: int = 24 * 3600
    code_lasts: int = 5 * 60
    code_tries: int = 3
    code_every: int = 60  # at most one in this time
    codes_a_day: int = 10
    card_errors: int = 3  # wrong recharge cards in a row; then recharging is closed
    card_closed: int = 24 * 3600
    card_checks_a_day: int = 5
    payment_checks_a_day: int = 5
    link_lasts: int = 30 * 60
    link_base: str = ""  # what one-time links begin with
    certificate_errors: int = 3  # in a day, for a certificate over all its numbers
    weak_blocks: frozenset[str] = field(default_factory=frozenset)  # operations
    windows: Mapping[str, Hours] = field(default_factory=dict)  # by operation; else: always
    spray: SprayLimits = field(default_factory=SprayLimits)
    rating: RatingRules = field(default_factory=RatingRules)
    tickets: TicketRules = field(default_factory=TicketRules)
    porting: PortingRules = field(default_factory=PortingRules)


@dataclass(frozen=True, slots=True)
class Hall:
    """Everything a command may ask for."""

    accounts: Accounts
    services: Services
    passwords: Passwords
    orders: Orders
    catalogue: Catalogue
    chance: Chance
    quota: Quota
    profiles: Profiles
    bills: Bills
    people: People
    strikes: Strikes
    codes: Codes
    cards: Cards
    tickets: Tickets
    preferences: Preferences
    links: Links
    settings: Settings = field(default_factory=Settings)
    regions: Regions = NO_REGIONS
    workdays: Workdays = WEEKDAYS
    tally: Tally = NO_TALLY
    errands: Errands | None = None  # None: there is no BOSS, what is asked for is done at once
