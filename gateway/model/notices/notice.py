"""A notice: what is said to whom, when, and who answers for it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final

import orjson

from commands.model.accounts import SubscriberAccount
from gateway.model.unasked import NOTICE

HOUR: Final = 3600
DAY: Final = 24 * HOUR


class NoticeKind(StrEnum):
    """What decides who is told, and how long before."""

    ADVERTISING = "advertising"  # only to who agreed
    SERVICE = "service"  # to all concerned, and no time is prescribed
    WORKS = "works"  # network works: 72 hours before
    NUMBER_CHANGE = "number_change"  # 20 days before; said until 30 days after

    @property
    def before(self) -> int:
        """Seconds before the event at which everybody must have been begun to be told."""
        return {"works": 72 * HOUR, "number_change": 20 * DAY}.get(self.value, 0)

    @property
    def after(self) -> int:
        """Seconds after the event for which it is still said at least."""
        return 30 * DAY if self is NoticeKind.NUMBER_CHANGE else 0

    @property
    def has_event(self) -> bool:
        return bool(self.before)


class NoticeState(StrEnum):
    DRAFT = "draft"
    APPROVED = "approved"  # who is told is drawn, and its start is waited for
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"  # for good
    DONE = "done"  # all have been told


@dataclass(frozen=True, slots=True)
class NoticeTarget:
    """Whom it concerns: all conditions hold; of several values in one, any does."""

    brands: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()  # red, black, vip
    regions: tuple[str, ...] = ()  # as conf/regions.yaml names them
    services: tuple[str, ...] = ()  # has one of these
    without: tuple[str, ...] = ()  # has none of these
    used: str = ""  # an item of this month's use, …
    at_least: int = 0  # … of which so much was used
    list: str = ""  # the number of a customer list
    numbers: bool = False  # only those given in a file

    @property
    def asks_account(self) -> bool:
        return bool(self.brands or self.plans or self.classes)

    def fits(self, account: SubscriberAccount | None, region: str) -> bool:
        """As far as it can be seen from an account: services, use and lists cannot."""
        if self.services or self.without or self.used or self.list or self.numbers:
            return False
        if self.regions and region not in self.regions:
            return False
        if not self.asks_account:
            return True
        return account is not None and (
            (not self.brands or account.brand in self.brands)
            and (not self.plans or account.plan in self.plans)
            and (not self.classes or bool(account.classes.intersection(self.classes)))
        )

    def as_data(self) -> dict[str, Any]:
        """Only what is asked for."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def of(cls, data: dict[str, Any]) -> NoticeTarget:
        made: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in data.items()}
        return cls(**made)


EVERYBODY: Final = NoticeTarget()


@dataclass(frozen=True, slots=True)
class NoticeDraft:
    """What its writer decides. Moments are seconds since 1970."""

    name: str
    kind: NoticeKind
    zh: str
    en: str = ""  # empty: everybody is told in Chinese
    target: NoticeTarget = EVERYBODY
    control: int = 0  # percent of those concerned who are not told, for comparison
    orders: str = ""  # the action that an order is; empty: any
    start_at: int = 0  # 0: as soon as it is approved
    happens_at: int = 0  # works begin, numbers change
    ends_at: int = 0  # said on calls and screens until then; 0: not said there

    def text(self, language: str) -> str:
        return self.en if language == "en" and self.en else self.zh


@dataclass(frozen=True, slots=True)
class Notice:
    number: int
    draft: NoticeDraft
    state: NoticeState = NoticeState.DRAFT
    written_by: str = ""
    approved_by: str = ""
    changed_at: int = 0
    started_at: int = 0  # the first were told
    ended_at: int = 0
    drawn_upto: int = 0  # numbers up to this one are drawn; DRAWN: all are
    told_upto: int = 0
    left_out: dict[str, int] = field(default_factory=dict)  # how many were not drawn, and why

    @property
    def source(self) -> str:
        """As the queue of what nobody asked for names it."""
        return f"{NOTICE}{self.number}"

    @property
    def meaning(self) -> str:
        """Nobody is sent two advertisements within a day."""
        return "advertising" if self.draft.kind is NoticeKind.ADVERTISING else self.source

    @property
    def mark(self) -> str:
        """Of what it says, to whom and when, as it stands: changed, it has another one."""
        told = orjson.dumps([self.changed_at, asdict(self.draft)])
        return sha256(told).hexdigest()[:16]

    @property
    def is_drawn(self) -> bool:
        return self.drawn_upto == DRAWN


DRAWN: Final = 10**12


@dataclass(frozen=True, slots=True)
class SaidNotice:
    """What calls and screens begin with while it lasts."""

    zh: str
    en: str
    target: NoticeTarget
    begins_at: int
    ends_at: int

    def text(self, language: str) -> str:
        return self.en if language == "en" and self.en else self.zh
