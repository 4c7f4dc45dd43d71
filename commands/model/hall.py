"""Everything a command may ask for, together. The store implements the ports; tests use fakes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from commands.model.accounts import Accounts, Subscriptions
from commands.model.bills import Bills
from commands.model.boss_jobs import BossJobs
from commands.model.credentials import AttemptCounts, Passwords, RandomCodes
from commands.model.daily_hours import WEEKDAYS, Workdays
from commands.model.one_time_links import OneTimeLinks
from commands.model.orders import PlacedOrders
from commands.model.preferences import NO_COUNTS, BusinessCounts, MessagePreferences
from commands.model.recharge_cards import RechargeCards
from commands.model.regions import NO_REGIONS, Regions
from commands.model.request_quota import RequestQuota
from commands.model.settings import HallSettings
from commands.model.subscriber_records import RegisteredOwners, SubscriberRecords
from commands.model.tickets import Tickets
from tariffs.catalogue import Catalogue


class RandomSource(Protocol):
    def digits(self, count: int) -> str:
        """Unpredictable decimal digits."""
        ...


@dataclass(frozen=True, slots=True)
class Hall:
    """Everything a command may ask for."""

    accounts: Accounts
    services: Subscriptions
    passwords: Passwords
    orders: PlacedOrders
    catalogue: Catalogue
    random: RandomSource
    quota: RequestQuota
    records: SubscriberRecords
    bills: Bills
    owners: RegisteredOwners
    attempts: AttemptCounts
    codes: RandomCodes
    cards: RechargeCards
    tickets: Tickets
    preferences: MessagePreferences
    links: OneTimeLinks
    settings: HallSettings = field(default_factory=HallSettings)
    regions: Regions = NO_REGIONS
    workdays: Workdays = WEEKDAYS
    business_counts: BusinessCounts = NO_COUNTS
    boss_jobs: BossJobs | None = None  # None: there is no BOSS, what is asked for is done at once
