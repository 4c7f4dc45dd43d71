"""What some subscribers have sent is found without reading what all others have."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, text

from gateway.store.redelivery import SqlRedelivery
from gateway.store.store import Store
from gateway.store.tables import inbox

PHONES, EACH = 500, 10
FIRST = 13_600_000_000
READ = text(
    "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'inbox'"
)


@pytest.mark.service
def test_only_their_own_rows_are_read(postgres_store: Store) -> None:
    """Also of an hour whose rows PostgreSQL has not counted yet: it would rather read them all."""
    asked = [str(FIRST + place) for place in range(32)]
    row = {
        "bind": 0, "fingerprint": b"", "port": "", "channel": "sms", "action": "", "result": "",
        "same_as": 0, "text_sealed": None,
    }  # fmt: skip
    rows = [row | {"id": 8 + n, "phone": FIRST + n % PHONES} for n in range(PHONES * EACH)]
    with postgres_store.transaction() as connection:
        connection.execute(insert(inbox), rows)
    with postgres_store.transaction() as connection:
        before = connection.execute(READ).scalar_one()
        past = SqlRedelivery(connection).past(asked, 7)
        read = connection.execute(READ).scalar_one() - before
    assert {phone: len(sent) for phone, sent in past.items()} == dict.fromkeys(asked, EACH)
    assert read <= 2 * len(asked) * EACH
