"""What is to be said to who has not asked, until there is room for it in the outbox."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    text,
)

from gateway.store.tables.columns import flag, metadata, number, words

TO_BE_SAID = text("state = 0")
unasked = Table(
    "unasked",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    number("phone"),
    Column("text_sealed", LargeBinary),
    words("tongue", "zh"),
    words("meaning"),
    words("source"),  # reminder, notice 17
    number("due_at"),  # not before; from when it has left: when that was
    flag("urgent"),
    Column("state", SmallInteger, nullable=False),  # 0 waits, 1 in the outbox, 2 dropped
    number("outbox_id", server_default="0"),  # under which it left
    Index(
        "unasked_waiting",
        "urgent",
        "due_at",
        "id",
        sqlite_where=TO_BE_SAID,
        postgresql_where=TO_BE_SAID,
    ),
    Index("unasked_by_phone", "phone", "meaning", "due_at"),
    Index("unasked_by_source", "source", "state"),
    Index("unasked_by_outbox", "outbox_id"),
    Index("unasked_by_age", "due_at"),
)

unasked_stops = Table(
    "unasked_stops",  # sources of which nothing leaves
    metadata,
    Column("source", Text, primary_key=True),
    words("state"),  # held, dropped
)
