"""What has changed and may have to be told, what was told, and what the BOSS has told us."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text, text

from gateway.store.tables.columns import flag, metadata, number, words

reminder_marks = Table(
    "reminder_marks",  # written by triggers, in the transaction of the change; gone once looked at
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    number("msisdn"),
    words("what"),  # account, usage, dates, wish, charge, payment
    number("ref", server_default="0"),  # charge: of the ledger; payment: of payments
    number("due_at", server_default="0"),  # not looked at before
    Index("reminder_marks_due", "due_at", "id"),
    sqlite_autoincrement=True,  # the id of one that is gone is never another's
)

reminders = Table(
    "reminders",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    number("msisdn"),
    words("kind"),
    words("key"),  # what tells it from others of its kind
    words("meaning"),
    words("source"),  # store, boss, try
    words("result"),  # told; repeated: one of its meaning was told within a day
    flag("lasts"),  # of a state that goes on
    number("told_at"),
    Index("reminders_once", "msisdn", "kind", "key", unique=True),
    Index("reminders_by_age", "told_at"),
)

NOT_DONE = text("done_at = 0")
boss_events = Table(
    "boss_events",
    metadata,
    Column("id", Text, primary_key=True),  # the BOSS's own
    number("msisdn"),
    words("kind"),
    number("happened_at"),
    words("facts"),  # JSON
    number("received_at"),
    number("due_at", server_default="0"),  # not looked at before
    number("done_at", server_default="0"),
    Index("boss_events_due", "due_at", "id", sqlite_where=NOT_DONE, postgresql_where=NOT_DONE),
    Index("boss_events_by_age", "received_at"),
)
