"""Putting what sample subscribers have behind them into a store: records, bills, payments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from sqlalchemy import Connection, Table, insert

from commands.model.request import Secret
from commands.model.subscriber_records import SubscriberRecord
from gateway.config.sample.history import Records, SampleHistory
from gateway.config.sample.people import Persona
from gateway.security.encryption import Seal
from gateway.store.store import Store
from gateway.store.tables import bill_lines, payments, profiles, provider_fees, rebates

PAST: Final = (profiles, bill_lines, payments, provider_fees, rebates)
Row = dict[str, object]
NOBODYS: Final = SampleHistory()


def put_past(connection: Connection, store: Store, personas: Iterable[Persona], now: int) -> None:
    rows: dict[Table, list[Row]] = {table: [] for table in PAST}
    for persona in personas:
        if persona.past == NOBODYS:
            continue
        number = int(persona.account.msisdn)
        records = persona.past.at(now, store.calendar.zone)
        rows[profiles].append(_profile(number, records.profile, persona.past.puk, store.seal))
        for table, row in _records(records):
            rows[table].append({"msisdn": number, **row})
    for table, some in rows.items():
        if some:
            connection.execute(insert(table), some)


def _records(records: Records) -> Iterator[tuple[Table, Row]]:
    for month, line in records.lines:
        yield bill_lines, {"month": month, "item": line.item, "fen": line.fen}
    for paid in records.payments:
        yield payments, {"paid_at": paid.at, "way": paid.way, "fen": paid.fen}
    for month, fee in records.fees:
        names = {"provider": fee.provider, "service": fee.service}
        yield provider_fees, {"month": month, "fen": fee.fen, **names}
    for back in records.rebates:
        yield rebates, {"paid_at": back.at, "name": back.name, "fen": back.fen}


def _profile(number: int, profile: SubscriberRecord, puk: Secret | None, seal: Seal) -> Row:
    return {
        "msisdn": number,
        "credit_fen": profile.credit_fen,
        "joined_at": profile.joined_at,
        "star_until": profile.star_until,
        "points_expiring": profile.points_expiring,
        "points_expire_at": profile.points_expire_at,
        "group_name": profile.group,
        "short_number": profile.short_number,
        "group_pays": ",".join(sorted(profile.group_pays)),
        "contract_until": profile.contract_until,
        "ported_at": profile.ported_at,
        "email": profile.email,
        "puk_sealed": seal.seal(puk.reveal()) if puk else None,
        "joint_account": profile.joint_account,
    }
