"""commands.model.hall.Passwords: service passwords as keyed hashes, and the count of wrong ones."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, delete, insert, select, update

from commands.model.credentials import PasswordState, PasswordTries
from commands.model.request import Secret
from gateway.security.encryption import Seal
from gateway.store.engine import Among
from gateway.store.tables import password_tries, subscribers

# What every password that is typed asks for, ready for the driver.
_MARK: Final = Among(select(subscribers.c.password_mark), subscribers.c.msisdn)
_STATE: Final = Among(
    select(subscribers.c.password_weak, subscribers.c.password_initial), subscribers.c.msisdn
)
_TRIES: Final = Among(
    select(password_tries.c.msisdn, password_tries.c.wrong, password_tries.c.locked_until),
    password_tries.c.msisdn,
)


def password_mark(seal: Seal, msisdn: str, password: Secret) -> str:
    """The number is in the mark, so that equal passwords of two subscribers do not show."""
    return seal.mark("password", msisdn, password.reveal())


def read_tries(connection: Connection, numbers: Sequence[int]) -> dict[str, PasswordTries]:
    """Of those who have any."""
    rows = _TRIES.rows(connection, numbers)
    return {str(number): PasswordTries(wrong, until) for number, wrong, until in rows}


class SqlPasswords:
    def __init__(self, connection: Connection, seal: Seal) -> None:
        self._connection = connection
        self._seal = seal

    def matches(self, msisdn: str, password: Secret) -> bool:
        rows = _MARK.rows(self._connection, [int(msisdn)])
        kept = rows[0][0] if rows else ""
        return hmac.compare_digest(kept, password_mark(self._seal, msisdn, password))

    def state(self, msisdn: str) -> PasswordState:
        (row,) = _STATE.rows(self._connection, [int(msisdn)])
        weak, initial = map(bool, row)  # SQLite's driver has no truth values
        return PasswordState(weak=weak, initial=initial)

    def change(self, msisdn: str, password: Secret, *, weak: bool, initial: bool, now: int) -> None:
        self._connection.execute(
            update(subscribers)
            .where(subscribers.c.msisdn == int(msisdn))
            .values(
                password_mark=password_mark(self._seal, msisdn, password),
                password_weak=weak,
                password_initial=initial,
                password_at=now,
            )
        )

    def forbidden_digits(self, msisdn: str) -> Sequence[Secret]:
        query = select(subscribers.c.certificate_sealed).where(subscribers.c.msisdn == int(msisdn))
        sealed = self._connection.execute(query).scalar()
        return [Secret(self._seal.open(sealed))] if sealed else []

    def mark(self, password: Secret) -> str:
        return self._seal.mark("typed", password.reveal())

    def tries(self, msisdn: str) -> PasswordTries:
        found = read_tries(self._connection, [int(msisdn)])
        return found.get(msisdn) or PasswordTries()

    def record_tries(self, msisdn: str, tries: PasswordTries) -> None:
        own = password_tries.c.msisdn == int(msisdn)
        self._connection.execute(delete(password_tries).where(own))
        if tries.wrong:
            self._connection.execute(
                insert(password_tries),
                {
                    "msisdn": int(msisdn),
                    "wrong": tries.wrong,
                    "locked_until": tries.locked_until,
                },
            )
