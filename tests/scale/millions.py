"""A store of PostgreSQL with a million subscribers and a day of a million messages, made there."""

from __future__ import annotations

from datetime import date

from sqlalchemy import text

from gateway.model.figures import LocalDays
from gateway.model.message_id import EPOCH_MS
from gateway.store.store import Store

MILLION = 1_000_000
FIRST = 13_800_000_000  # the first of the subscribers
_ROOM = 21  # bits of an id below its milliseconds
_DAY_MS = 24 * 3600 * 1000


def put_subscribers(store: Store, count: int = MILLION) -> None:
    with store.transaction() as connection:
        connection.execute(
            text("""
            INSERT INTO subscribers (msisdn, brand, plan, balance_fen, used_fen)
            SELECT :first + n, (ARRAY['QQT', 'MZ', 'SZX'])[1 + n % 3], 'QQT128', 5000 + n % 7000, 0
            FROM generate_series(CAST(0 AS bigint), :count - 1) AS n
            ON CONFLICT DO NOTHING"""),
            {"first": FIRST, "count": count},
        )
        connection.execute(text("DELETE FROM reminder_marks"))
        connection.execute(text("ANALYZE"))  # as autovacuum does within a minute


def put_messages(store: Store, day: date, count: int = MILLION) -> None:
    """From 300,000 numbers, every tenth from nobody's: 6 % are not understood, 3 % refused; each
    has one answer, every tenth answer a receipt."""
    begins = LocalDays(store.calendar.zone).begins(day) * 1000 - EPOCH_MS
    values = {
        "begins": begins, "step": _DAY_MS / count, "count": count, "first": FIRST,
        "words": store.seal.seal("我想问一下那个东西怎么弄"),
    }  # fmt: skip
    with store.transaction() as connection:
        for statement in _STATEMENTS:
            connection.execute(text(statement), values)
        connection.execute(text("ANALYZE"))


_ID = f"((:begins + floor(n * CAST(:step AS double precision)))::bigint << {_ROOM})"
_STATEMENTS = (
    f"""
    INSERT INTO inbox (id, bind, fingerprint, phone, port, channel, action, result, text_sealed,
                       refused)
    SELECT {_ID}, 0, '\\x00',
           :first + (n * 7919) % 300000 + CASE n % 10 WHEN 0 THEN 10000000 ELSE 0 END, '10086',
           CASE n % 20 WHEN 0 THEN 'ussd' ELSE 'sms' END,
           CASE WHEN n % 17 = 0 THEN 'unknown'
                ELSE (ARRAY['q.balance', 'q.allowance', 'q.bill', 'sv.order.data', 'menu.main'])
                     [1 + n % 5] END,
           CASE WHEN n % 17 = 0 THEN 'unknown' WHEN n % 33 = 0 THEN 'refused' ELSE 'ok' END,
           CASE WHEN n % 17 = 0 THEN CAST(:words AS bytea) END, false
    FROM generate_series(CAST(0 AS bigint), :count - 1) AS n""",
    f"""
    INSERT INTO inbox_details (id, kind, code, result)
    SELECT {_ID}, 'refused', 'sys.own_phone', ''
    FROM generate_series(CAST(0 AS bigint), :count - 1) AS n WHERE n % 33 = 0 AND n % 17 <> 0""",
    f"""
    INSERT INTO outbox (id, link, source, destination, secret, receipt, state, settled_ms, reason)
    SELECT {_ID} + 1, 'a', '0.1.10086', '1.1.86' || :first + (n * 7919) % 300000, false,
           n % 10 = 0, 1,
           (({_ID} >> {_ROOM}) + {EPOCH_MS} + 40)::bigint, n::text
    FROM generate_series(CAST(0 AS bigint), :count - 1) AS n""",
    f"""
    INSERT INTO receipts (smsc, message_id, outbox_id, state, at_ms)
    SELECT 'a', n::text, {_ID} + 1, 'delivered', ({_ID} >> {_ROOM}) + {EPOCH_MS} + 3000
    FROM generate_series(CAST(0 AS bigint), :count - 1) AS n WHERE n % 10 = 0""",
)
