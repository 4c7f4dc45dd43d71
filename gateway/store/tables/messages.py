"""Messages on their way in and out, and the dialogues that they belong to."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    text,
)

from gateway.store.tables.columns import flag, key, metadata, number, words

binds = Table(
    "binds",
    metadata,
    key("id"),
    words("link"),
    number("copy"),  # the own slot of the gateway whose bind it is
    number("proven_upto"),  # the peer has read our answers to this bind's messages up to this id
    flag("overlaps"),  # it delivered a subscriber's next message before the last was answered
    number("ended_ms", server_default="0"),
    words("smsc", ""),  # its group; empty: of a time before there were groups
)

TO_COME_AGAIN = text("refused")
inbox = Table(
    "inbox",
    metadata,
    key("id"),
    number("bind"),
    Column("fingerprint", LargeBinary, nullable=False),
    number("phone"),
    words("port"),  # the service number it was sent to
    words("channel", "sms"),
    words("action"),
    words("result"),
    number("same_as", server_default="0"),  # the message it repeats, if the peer sent it again
    Column("text_sealed", LargeBinary),  # with its secrets cut out
    number("late_ms", server_default="0"),  # when its answer was known to be late; 0: it was not
    flag("refused"),  # the peer was told that it was not kept
    words("why", ""),  # how it was understood and answered: gateway/model/tracing/answer_reason.py
    Index("inbox_by_phone", "phone", "id"),
    Index("inbox_to_come_again", "id", sqlite_where=TO_COME_AGAIN, postgresql_where=TO_COME_AGAIN),
)

WAITING = text("state = 0")
HANDED = text("state = 0 AND handed")
LEAVES = text("state = 3")
UNKNOWN = text("state = 4")
outbox = Table(
    "outbox",
    metadata,
    key("id"),  # the inbox id it answers, plus 1..7
    words("link"),
    words("source"),  # our number, as TON.NPI.address
    words("destination"),  # the subscriber, as TON.NPI.address
    flag("secret"),
    flag("receipt"),  # ask the peer for a delivery receipt
    Column("text_sealed", LargeBinary),
    # 0 waiting, 1 accepted, 2 failed; of what nobody asked for: 3 leaving, 4 nobody knows
    Column("state", SmallInteger, nullable=False),
    number("after_ms", server_default="0"),  # not before
    Column(
        "screen", LargeBinary
    ),  # it answers on USSD: act, session, until when, else by which link
    number("settled_ms", server_default="0"),
    words("reason", ""),  # why it failed, or how it went
    words(
        "left_as", ""
    ),  # parts, PDUs, the peer's names for them: gateway/model/tracing/left_as.py
    number("asks_for", server_default="0"),  # the order whose confirm it asks for
    number("owner", server_default="0"),  # the slot whose holder sends it
    number("turn", server_default="0"),  # the order of a subscriber's rows
    flag("handed"),  # another gateway wrote it for this slot, and its holder has not read it yet
    Index("outbox_waiting", "owner", "turn", sqlite_where=WAITING, postgresql_where=WAITING),
    Index("outbox_waiting_for", "destination", sqlite_where=WAITING, postgresql_where=WAITING),
    Index("outbox_handed", "owner", sqlite_where=HANDED, postgresql_where=HANDED),
    Index("outbox_leaving", "owner", sqlite_where=LEAVES, postgresql_where=LEAVES),
    Index("outbox_unknown", "destination", sqlite_where=UNKNOWN, postgresql_where=UNKNOWN),
)

fragments = Table(
    "fragments",
    metadata,
    words("smsc"),
    words("source"),
    words("port"),
    number("reference"),
    number("bits"),  # the width of the reference
    number("total"),
    number("number"),
    number("inbox_id"),
    number("data_coding"),
    Column("octets_sealed", LargeBinary, nullable=False),
    PrimaryKeyConstraint("smsc", "source", "port", "reference", "bits", "total", "number"),
    Index("fragments_by_age", "inbox_id"),
)

UNCLAIMED = text("outbox_id = 0")
receipts = Table(
    "receipts",
    metadata,
    words("smsc"),
    words("message_id"),
    number("outbox_id"),  # 0: it came before we knew whose it is
    words("state", ""),
    number("at_ms"),
    words("speaks_of", ""),  # the number, as a destination, until we know whose it is
    PrimaryKeyConstraint("smsc", "message_id"),
    Index("receipts_by_age", "at_ms"),
    Index("receipts_unclaimed", "speaks_of", sqlite_where=UNCLAIMED, postgresql_where=UNCLAIMED),
)

dialogues = Table(
    "dialogues",
    metadata,
    Column("who", Text, primary_key=True),  # sms:13800138001
    Column("state", LargeBinary, nullable=False),
    number("until_at"),
    Index("dialogues_by_age", "until_at"),
)
