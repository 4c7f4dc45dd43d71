"""What the hall itself keeps: tries, codes, preferences, orders and their consent."""

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

from gateway.store.tables.columns import flag, key, metadata, number, words

meta = Table("meta", metadata, Column("name", Text, primary_key=True), words("value"))

strikes = Table(
    "strikes",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    words("kind"),
    words("struck"),  # whom it counts for
    number("struck_at"),
    Index("strikes_by_whom", "kind", "struck", "struck_at"),
    Index("strikes_by_age", "struck_at"),
)

codes = Table(
    "codes",
    metadata,
    key("msisdn"),
    words("action"),
    words("code_mark"),
    number("sent_at"),
    number("wrong", server_default="0"),
)

preferences = Table(
    "preferences",  # never changed, only added to: the older answers are proof
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    number("msisdn"),
    words("name"),
    words("value"),
    words("interface"),
    number("said_at"),
    Index("preferences_by_subscriber", "msisdn", "name", "id"),
)

links = Table(
    "links",  # one-time links, by a mark of their token
    metadata,
    Column("token_mark", Text, primary_key=True),
    words("kind"),
    number("msisdn"),
    number("month"),
    number("made_at"),
    number("until_at"),
    Index("links_by_subscriber", "msisdn", "kind"),
    Index("links_by_age", "until_at"),
)

orders = Table(
    "orders",
    metadata,
    key("id"),
    words("action"),
    number("phone"),
    number("subject"),
    Column("args_sealed", LargeBinary, nullable=False),
    words("channel"),
    words("interface"),
    words("operator", ""),  # 工号, where the interface is staffed
    Column("level", SmallInteger, nullable=False),
    number("proposed_at"),
    number("expires_at"),
    words("state", "waiting"),  # waiting, done, declined
    words("answer", ""),
    number("answered_at", server_default="0"),
    Column("shown_sealed", LargeBinary),  # the very text that was confirmed
    number("shown_at", server_default="0"),  # when the network took it; 0: not yet
    words("outcome", ""),  # what came of it, if another interface placed it: ok, refused, accepted
    Index("orders_by_phone", "phone"),
)

UNSETTLED = text("settled_at = 0")
errands = Table(
    "errands",  # what was accepted for the BOSS to do
    metadata,
    key("id"),  # the request's
    words("action"),
    number("phone"),
    number("subject"),
    Column("args_sealed", LargeBinary),  # wiped when it is settled
    words("channel"),
    words("interface"),
    Column("level", SmallInteger, nullable=False),
    flag("asserted"),
    number("placed_at"),
    words("link", ""),  # the way its result should leave by
    words("source", ""),  # our number, as TON.NPI.address
    words("destination", ""),  # the subscriber, as TON.NPI.address
    words("edition", ""),  # whose prices were agreed to; empty: of an older program
    Column("plan_sealed", LargeBinary),  # what the BOSS is asked; from then on it may be done
    Column("said_sealed", LargeBinary),  # the messages that tell that it is
    number("tries", server_default="0"),
    number("retry_at", server_default="0"),
    number("settled_at", server_default="0"),
    words("result", ""),  # done, refused, dropped
    number("told_as", server_default="0"),  # the id that the result left under
    Index("errands_by_phone", "phone", "id"),
    Index("errands_unsettled", "id", sqlite_where=UNSETTLED, postgresql_where=UNSETTLED),
)
