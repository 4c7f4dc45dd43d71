"""Putting sample operators into a store, as new, however often."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select

from gateway.config.sample.operators import SampleOperator
from gateway.model.operators.operators import Operator, OperatorSecrets
from gateway.security.operator_passwords import hashed
from gateway.store.operators.accounts import SqlOperators
from gateway.store.operators.sessions import SqlOperatorSessions
from gateway.store.store import Store
from gateway.store.tables import operators


def has_operators(store: Store) -> bool:
    with store.reading() as connection:
        return connection.execute(select(operators.c.number).limit(1)).first() is not None


def put_operators(store: Store, samples: Sequence[SampleOperator], now: int) -> int:
    """How many. What they had open ends."""
    kept = [OperatorSecrets(hashed(one.password.reveal()), one.totp.reveal()) for one in samples]
    with store.transaction() as connection:
        accounts = SqlOperators(connection, store.seal)
        for one, secrets in zip(samples, kept, strict=True):
            connection.execute(delete(operators).where(operators.c.number == one.number))
            SqlOperatorSessions(connection, store.seal).end_all(one.number)
            accounts.add(
                Operator(
                    one.number, one.name, one.role, one.organisation,
                    created_at=now, changed_at=now,
                ),
                secrets,
            )  # fmt: skip
    return len(samples)
