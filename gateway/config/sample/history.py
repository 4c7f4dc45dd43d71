"""What a sample subscriber has behind them: bills, payments, fees, told in months before the day
that the sample is loaded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from commands.bills.bill_lines import ITEMS
from commands.model.bills import BillLine, Payment, ProviderFee, Rebate
from commands.model.request import Secret
from commands.model.subscriber_records import SubscriberRecord
from tariffs.calendar import month_begins, month_of, months_before
from tariffs.rows import StrictRow, Yuan

DAY = 24 * 3600
OLDEST = 6  # months ago

MonthsAgo = Annotated[int, Field(ge=0, le=OLDEST)]
BilledItem = Literal["plan", "voice", "sms", "data", "wlan", "service"]
DayOfMonth = Annotated[int, Field(ge=1, le=28)]


# -- what conf/sample/personas.yaml may say ------------------------------------------------------


def iso_day(text: str) -> str:
    datetime.strptime(text, "%Y-%m-%d")
    return text


Day = Annotated[str, AfterValidator(iso_day)]


ShortNumber = Annotated[str, Field(pattern=r"^6[0-9]{3,5}$")]


class GroupRow(StrictRow):
    name: str
    short_number: ShortNumber
    pays: list[str] = Field(default_factory=list)


class PaymentRow(StrictRow):
    ago: Annotated[int, Field(ge=1, le=OLDEST)]
    day: DayOfMonth
    way: Literal["card", "hall", "web", "air", "bank"]
    yuan: Yuan


class RebateRow(StrictRow):
    ago: Annotated[int, Field(ge=1, le=OLDEST)]
    day: DayOfMonth
    name: str
    yuan: Yuan


class FeeRow(StrictRow):
    provider: str
    service: str
    yuan: Yuan
    months: list[MonthsAgo]


class SampleHistoryRow(StrictRow):
    joined: Day | None = None
    credit: Yuan = 0
    star_until: Day | None = None
    points_expiring: Annotated[int, Field(ge=0)] = 0
    group: GroupRow | None = None
    joint_account: str = ""
    contract_until: Day | None = None
    ported: Day | None = None
    email: str = ""
    puk: Annotated[str, Field(pattern=r"^[0-9]{8}$")] | None = None
    bills: dict[MonthsAgo, dict[BilledItem, Yuan]] = Field(default_factory=dict)
    payments: list[PaymentRow] = Field(default_factory=list)
    provider_fees: list[FeeRow] = Field(default_factory=list)
    rebates: list[RebateRow] = Field(default_factory=list)


def history_of(row: SampleHistoryRow, zone: tzinfo) -> SampleHistory:
    return SampleHistory(
        bills={ago: dict(items.items()) for ago, items in row.bills.items()},
        payments=tuple(row.payments),
        fees=tuple(row.provider_fees),
        rebates=tuple(row.rebates),
        profile=_profile(row, zone),
        puk=Secret(row.puk) if row.puk else None,
    )


def _profile(row: SampleHistoryRow, zone: tzinfo) -> SubscriberRecord:
    group = row.group
    return SubscriberRecord(
        credit_fen=row.credit,
        joined_at=moment(row.joined, zone),
        star_until=moment(row.star_until, zone),
        points_expiring=row.points_expiring,
        group=group.name if group else "",
        short_number=group.short_number if group else "",
        group_pays=frozenset(group.pays if group else ()),
        contract_until=moment(row.contract_until, zone),
        ported_at=moment(row.ported, zone),
        email=row.email,
        joint_account=row.joint_account,
    )


def moment(day: str | None, zone: tzinfo) -> int:
    """Its midnight; 0 for no day."""
    if day is None:
        return 0
    return int(datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=zone).timestamp())


# -- as values -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SampleHistory:
    """Of one subscriber. Bills by months ago, then by item; 0 is the running month."""

    bills: Mapping[int, Mapping[str, int]] = field(default_factory=dict)
    payments: tuple[PaymentRow, ...] = ()
    fees: tuple[FeeRow, ...] = ()
    rebates: tuple[RebateRow, ...] = ()
    profile: SubscriberRecord = field(default_factory=SubscriberRecord)
    puk: Secret | None = None

    def month_fen(self, ago: int) -> int:
        """A month's bill, fees for others included."""
        return sum(self.bills.get(ago, {}).values()) + self._provided(ago)

    def _provided(self, ago: int) -> int:
        return sum(fee.yuan for fee in self.fees if ago in fee.months)

    def at(self, now: int, zone: tzinfo) -> Records:
        """With real months and moments, for a sample that is loaded at `now`."""
        this = month_of(now, zone)
        year_ends = month_begins((this // 100 + 1) * 100 + 1, zone) - 1
        expires = year_ends if self.profile.points_expiring else 0
        return Records(
            replace(self.profile, points_expire_at=expires),
            tuple(self._lines(this)),
            tuple(Payment(_moment(this, p, zone), p.way, p.yuan) for p in self.payments),
            tuple(self._fees(this)),
            tuple(Rebate(_moment(this, r, zone), r.name, r.yuan) for r in self.rebates),
        )

    def _lines(self, this: int) -> Iterator[tuple[int, BillLine]]:
        for ago in range(OLDEST + 1):
            items = {**self.bills.get(ago, {}), "provider": self._provided(ago)}
            for item in ITEMS:
                if items.get(item):
                    yield months_before(this, ago), BillLine(item, items[item])

    def _fees(self, this: int) -> Iterator[tuple[int, ProviderFee]]:
        for fee in self.fees:
            for ago in fee.months:
                yield months_before(this, ago), ProviderFee(fee.provider, fee.service, fee.yuan)


@dataclass(frozen=True, slots=True)
class Records:
    """As the store keeps them; what belongs to a month comes with its number."""

    profile: SubscriberRecord
    lines: tuple[tuple[int, BillLine], ...]
    payments: tuple[Payment, ...]
    fees: tuple[tuple[int, ProviderFee], ...]
    rebates: tuple[Rebate, ...]


def _moment(this: int, row: PaymentRow | RebateRow, zone: tzinfo) -> int:
    """At noon of its day."""
    return month_begins(months_before(this, row.ago), zone) + (row.day - 1) * DAY + DAY // 2
