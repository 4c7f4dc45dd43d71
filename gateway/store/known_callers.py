"""What calls must know of their callers before the first word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, literal_column, select

from commands.marketing.offers import WISH
from gateway.model.known_caller import KnownCaller, unknown
from gateway.store.engine import Among
from gateway.store.ports.accounts import read_accounts
from gateway.store.ports.passwords import read_tries
from gateway.store.tables import preferences

_WISHES: Final = Among(
    select(preferences.c.msisdn, preferences.c.value)
    .where(preferences.c.name == literal_column(f"'{WISH}'"))
    .order_by(preferences.c.id),
    preferences.c.msisdn,
)


def read_callers(connection: Connection, phones: Sequence[str], now: int) -> dict[str, KnownCaller]:
    """All of them; nothing is locked."""
    numbers = sorted({int(phone) for phone in phones})
    accounts = read_accounts(connection, numbers)
    wishes = {str(number): value for number, value in _WISHES.rows(connection, numbers)}
    tries = read_tries(connection, numbers)
    return {
        phone: unknown(phone, now)._replace(
            account=accounts.get(phone),
            wish=wishes.get(phone, ""),
            tries=tries.get(phone, unknown(phone, now).tries),
        )
        for phone in phones
    }
