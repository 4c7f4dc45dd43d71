"""What is known of some hundred subscribers, read together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, exists, func, or_, select

from commands.model.accounts import MonthUsage, SubscriberAccount, Subscription
from commands.model.subscriber_lookup import in_effect
from commands.model.subscriber_records import SubscriberRecord
from commands.reminders.model import Booked, ReminderKind, SubscriberNow
from gateway.store.engine import Among
from gateway.store.ports.accounts import read_accounts
from gateway.store.ports.preferences import read_preferences
from gateway.store.reminders.marks import CHARGE, PAYMENT, ChangeMark
from gateway.store.tables import bill_lines, ledger, payments, profiles, subscriptions, usage
from tariffs.calendar import month_of, months_before
from tariffs.catalogue import Catalogue

MONTHS: Final = 3  # whose average is the usual bill
FRESH: Final = 2 * 24 * 3600
"""Seconds: what was booked earlier is not told as news, such as when a store is filled."""
_GIVEN: Final = 0  # stands for a value that is given when the statement runs
_HELD: Final = Among(
    select(
        subscriptions.c.msisdn,
        subscriptions.c.service,
        subscriptions.c.since_at,
        subscriptions.c.until_at,
    )
    .where(or_(subscriptions.c.until_at == _GIVEN, subscriptions.c.until_at > _GIVEN))
    .order_by(subscriptions.c.id),
    subscriptions.c.msisdn,
)
_USED: Final = Among(
    select(usage.c.msisdn, usage.c.item, usage.c.used).where(usage.c.month == _GIVEN),
    usage.c.msisdn,
)
_RECORDS: Final = Among(
    select(
        profiles.c.msisdn,
        profiles.c.credit_fen,
        profiles.c.points_expiring,
        profiles.c.points_expire_at,
        profiles.c.contract_until,
    ),
    profiles.c.msisdn,
)


def read_subscribers(
    connection: Connection, msisdns: Sequence[str], now: int, catalogue: Catalogue
) -> dict[str, SubscriberNow]:
    """Those that there are."""
    numbers = sorted(map(int, msisdns))
    accounts = read_accounts(connection, numbers)
    wishes: dict[str, dict[str, str]] = {}
    for (msisdn, name), value in read_preferences(connection, numbers).items():
        wishes.setdefault(msisdn, {})[name] = value
    held: dict[str, list[Subscription]] = {}
    for number, service, since, until in _HELD.rows(connection, numbers, (0, now)):
        if not until or until > since:  # what was closed before it began is none
            held.setdefault(str(number), []).append(Subscription(service, since, until))
    month = month_of(now, catalogue.zone)
    used: dict[str, list[MonthUsage]] = {}
    for number, item, so_many in _USED.rows(connection, numbers, (month,)):
        used.setdefault(str(number), []).append(MonthUsage(item, so_many))
    records = {
        str(number): SubscriberRecord(
            credit_fen=credit, points_expiring=points, points_expire_at=at, contract_until=until
        )
        for number, credit, points, at, until in _RECORDS.rows(connection, numbers)
    }
    return {
        msisdn: SubscriberNow(
            in_effect(account, now, catalogue),
            wishes.get(msisdn, {}),
            held.get(msisdn, ()),
            used.get(msisdn, ()),
            records.get(msisdn, _UNKNOWN),
        )
        for msisdn, account in accounts.items()
    }


_UNKNOWN: Final = SubscriberRecord()


def read_usual_bills(
    connection: Connection, accounts: Sequence[SubscriberAccount], now: int, catalogue: Catalogue
) -> dict[str, int]:
    """An average month's, in fen, of the last ones that there are bills of."""
    if not accounts:
        return {}
    this, columns = month_of(now, catalogue.zone), bill_lines.c
    months = [months_before(this, ago) for ago in range(1, MONTHS + 1)]
    query = (
        select(columns.msisdn, func.sum(columns.fen), func.count(columns.month.distinct()))
        .where(columns.msisdn.in_([int(one.msisdn) for one in accounts]))
        .where(columns.month.in_(months))
        .group_by(columns.msisdn)
    )
    return {str(number): int(fen) // count for number, fen, count in connection.execute(query)}


def read_booked(
    connection: Connection, marks: Sequence[ChangeMark], now: int
) -> dict[tuple[str, int], Booked]:
    """What these marks are of, by what and row: of charges all, of payments those that nobody has
    answered yet: a recharge that is made here is answered by the command."""
    found: dict[tuple[str, int], Booked] = {}
    charged = [mark.ref for mark in marks if mark.what == CHARGE]
    if charged:
        query = select(ledger.c.id, ledger.c.fen, ledger.c.reason).where(
            ledger.c.id.in_(charged), ledger.c.booked_at > now - FRESH
        )
        for id, fen, reason in connection.execute(query):
            found[CHARGE, id] = Booked(ReminderKind.CHARGE, f"ledger {id}", -fen, reason)
    paid = [mark.ref for mark in marks if mark.what == PAYMENT]
    if paid:
        ours = exists().where(
            ledger.c.msisdn == payments.c.msisdn,
            ledger.c.kind == "recharge",
            ledger.c.booked_at == payments.c.paid_at,
            ledger.c.fen == payments.c.fen,
        )
        query = select(payments.c.id, payments.c.fen, payments.c.way).where(
            payments.c.id.in_(paid), payments.c.paid_at > now - FRESH, ~ours
        )
        for id, fen, way in connection.execute(query):
            found[PAYMENT, id] = Booked(ReminderKind.RECHARGE, f"payment {id}", fen, way)
    return found
