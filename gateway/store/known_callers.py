"""What calls must know of their callers before the first word."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from commands.marketing.offers import WISH
from commands.model.credentials import PasswordTries
from gateway.model.known_caller import KnownCaller
from gateway.store.ports.accounts import read_accounts
from gateway.store.ports.passwords import read_tries
from gateway.store.ports.preferences import read_preferences


def read_callers(connection: Connection, phones: Sequence[str], now: int) -> dict[str, KnownCaller]:
    """All of them; nothing is locked."""
    numbers = sorted({int(phone) for phone in phones})
    accounts = read_accounts(connection, numbers)
    wishes = read_preferences(connection, numbers)
    tries = read_tries(connection, numbers)
    return {
        phone: KnownCaller(
            phone,
            accounts.get(phone),
            wishes.get((phone, WISH), ""),
            tries.get(phone) or PasswordTries(),
            now,
        )
        for phone in phones
    }
