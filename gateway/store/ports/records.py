"""commands.model.bills: a subscriber's record, bills, payments, certificates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, insert, select, update

from commands.model.bills import BillLine, Payment, ProviderFee, Rebate
from commands.model.request import Secret
from commands.model.subscriber_records import SubscriberRecord
from gateway.security.encryption import Seal
from gateway.store.tables import (
    bill_lines,
    payments,
    profiles,
    provider_fees,
    rebates,
    subscribers,
)

_PROFILE = (
    profiles.c.credit_fen,
    profiles.c.joined_at,
    profiles.c.star_until,
    profiles.c.points_expiring,
    profiles.c.points_expire_at,
    profiles.c.group_name,
    profiles.c.short_number,
    profiles.c.group_pays,
    profiles.c.contract_until,
    profiles.c.ported_at,
    profiles.c.email,
    profiles.c.joint_account,
)


class SqlProfiles:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, msisdn: str) -> SubscriberRecord:
        query = select(*_PROFILE).where(profiles.c.msisdn == int(msisdn))
        row = self._connection.execute(query).first()
        if row is None:
            return SubscriberRecord()
        found = SubscriberRecord(*row)
        pays = str(found.group_pays)  # as the column has it: codes with commas
        return replace(found, group_pays=frozenset(filter(None, pays.split(","))))

    def join(self, msisdn: str, group: str, short_number: str) -> None:
        mine = profiles.c.msisdn == int(msisdn)
        member = {"group_name": group, "short_number": short_number}
        if not self._connection.execute(update(profiles).where(mine).values(member)).rowcount:
            self._connection.execute(insert(profiles), {"msisdn": int(msisdn), **member})

    def by_short_number(self, group: str, short_number: str) -> str | None:
        query = select(profiles.c.msisdn).where(
            profiles.c.group_name == group, profiles.c.short_number == short_number
        )
        found = self._connection.execute(query).scalar()
        return str(found) if found and group else None

    def billed_together(self, joint_account: str) -> Sequence[str]:
        if not joint_account:
            return []
        query = select(profiles.c.msisdn).where(profiles.c.joint_account == joint_account)
        found = self._connection.execute(query.order_by(profiles.c.msisdn)).scalars()
        return [str(msisdn) for msisdn in found]


class SqlBills:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, msisdn: str, month: int) -> Sequence[BillLine]:
        query = (
            select(bill_lines.c.item, bill_lines.c.fen)
            .where(bill_lines.c.msisdn == int(msisdn), bill_lines.c.month == month)
            .where(bill_lines.c.fen != 0)
        )
        return [BillLine(*row) for row in self._connection.execute(query)]

    def payments(self, msisdn: str, since: int) -> Sequence[Payment]:
        query = (
            select(payments.c.paid_at, payments.c.way, payments.c.fen)
            .where(payments.c.msisdn == int(msisdn), payments.c.paid_at >= since)
            .order_by(payments.c.paid_at.desc())
        )
        return [Payment(*row) for row in self._connection.execute(query)]

    def provider_fees(self, msisdn: str, month: int) -> Sequence[ProviderFee]:
        columns = provider_fees.c
        query = select(columns.provider, columns.service, columns.fen).where(
            columns.msisdn == int(msisdn), columns.month == month
        )
        return [ProviderFee(*row) for row in self._connection.execute(query)]

    def rebates(self, msisdn: str, since: int) -> Sequence[Rebate]:
        query = (
            select(rebates.c.paid_at, rebates.c.name, rebates.c.fen)
            .where(rebates.c.msisdn == int(msisdn), rebates.c.paid_at >= since)
            .order_by(rebates.c.paid_at.desc())
        )
        return [Rebate(*row) for row in self._connection.execute(query)]


class SqlPeople:
    def __init__(self, connection: Connection, seal: Seal) -> None:
        self._connection = connection
        self._seal = seal

    def holds(self, msisdn: str, certificate: Secret, name: str | None = None) -> bool:
        columns = subscribers.c
        query = select(columns.certificate_sealed, columns.name_sealed)
        row = self._connection.execute(query.where(columns.msisdn == int(msisdn))).first()
        if row is None or row.certificate_sealed is None:
            return False
        kept = self._seal.open(row.certificate_sealed)
        if long_form(kept) != long_form(certificate.reveal()):
            return False
        if name is None:
            return True
        registered = self._seal.open(row.name_sealed) if row.name_sealed else ""
        return _bare(name) == _bare(registered)

    def certificate_mark(self, certificate: Secret) -> str:
        return self._seal.mark("certificate", long_form(certificate.reveal()))

    def puk(self, msisdn: str) -> Secret | None:
        query = select(profiles.c.puk_sealed).where(profiles.c.msisdn == int(msisdn))
        sealed = self._connection.execute(query).scalar()
        return Secret(self._seal.open(sealed)) if sealed else None


def long_form(certificate: str) -> str:
    """Eighteen characters (GB 11643): a number of fifteen is of the twentieth century, and gets the
    check character that it never had."""
    plain = certificate.strip().upper()
    if len(plain) != 15 or not plain.isdigit():
        return plain
    body = plain[:6] + "19" + plain[6:]
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(body))
    return body + "10X98765432"[total % 11]


def _bare(name: str) -> str:
    return "".join(name.split()).upper()
