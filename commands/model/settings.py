"""Rules with several numbers in them, from conf/commands.yaml and beside it. Times in seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from commands.classes.customer_classes import NO_CLASSES, CustomerClasses
from commands.model.care.ticket_rules import TicketRules
from commands.model.daily_hours import DailyHours
from tariffs.bilingual_name import BilingualName


@dataclass(frozen=True, slots=True)
class SprayLimits:
    """From when on trying passwords of other numbers looks like guessing by machine."""

    window: int = 24 * 3600  # in which different numbers and passwords are counted
    numbers_per_password: int = 20  # one password, wrong for more numbers than this
    numbers_per_phone: int = 5  # one phone, wrong for more numbers than this
    passwords_per_phone: int = 6  # one phone, more wrong passwords than this
    numbers_per_door: int = 30  # the same for an interface at which many people stand
    passwords_per_door: int = 60
    rest: int = 10 * 60  # the first time; twice as long each time after
    rest_at_most: int = 24 * 3600
    remembered: int = 7 * 24 * 3600  # how long earlier rests make the next one longer


@dataclass(frozen=True, slots=True)
class RatingRules:
    """When subscribers are asked how they were served."""

    after: int = 30 * 60  # seconds after the service
    every: int = 24 * 3600  # once in this time
    answer: int = 3 * 24 * 3600  # an answer counts for so long
    hours: DailyHours = field(default_factory=lambda: DailyHours(8 * 60, 21 * 60))
    operations: frozenset[str] = frozenset()  # after which; none: nobody is asked


@dataclass(frozen=True, slots=True)
class PortingRules:
    """When a number may go to another network (携号转网)."""

    in_network: int = 90 * 24 * 3600
    since_port: int = 120 * 24 * 3600
    code_lasts: int = 60 * 60


@dataclass(frozen=True, slots=True)
class ClosedPeriod:
    """From when until when (seconds since 1970) these operations are not done, and what is said;
    without names: all that changes anything."""

    begins: int
    ends: int
    operations: frozenset[str]
    says: BilingualName

    def concerns(self, operation: str, *, reads_only: bool, now: int) -> bool:
        if not self.begins <= now < self.ends:
            return False
        return operation in self.operations if self.operations else not reads_only


@dataclass(frozen=True, slots=True)
class HallSettings:
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
    windows: Mapping[str, DailyHours] = field(default_factory=dict)  # by operation; else: always
    closed: tuple[ClosedPeriod, ...] = ()
    spray: SprayLimits = field(default_factory=SprayLimits)
    rating: RatingRules = field(default_factory=RatingRules)
    tickets: TicketRules = field(default_factory=TicketRules)
    porting: PortingRules = field(default_factory=PortingRules)
    classes: CustomerClasses = NO_CLASSES
    # kinds of reminders (conf/reminders.yaml) that a wish changes nothing about
    reminders_for_all: frozenset[str] = frozenset()
    reminders_for_nobody: frozenset[str] = frozenset()
