"""The tables. Money is int fen; `*_at` and `*_until` are seconds since 1970 unless named `_ms`.

Columns named `*_sealed` are encrypted, `*_mark` keyed hashes (gateway/seal.py). No other column
holds a secret or the words of a message.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    text,
)

metadata = MetaData()


def number(name: str, **options: object) -> Column[int]:
    return Column(name, BigInteger, nullable=False, **options)  # type: ignore[arg-type]


def words(name: str, default: str | None = None) -> Column[str]:
    return Column(name, Text, nullable=False, server_default=default)


def flag(name: str, default: str = "0") -> Column[bool]:
    value = text("false") if default == "0" else text("true")
    return Column(name, Boolean, nullable=False, server_default=value)


def key(name: str) -> Column[int]:
    return Column(
        name, BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )


meta = Table("meta", metadata, Column("name", Text, primary_key=True), words("value"))

# -- what the hall knows of a subscriber ---------------------------------------------------------

subscribers = Table(
    "subscribers",
    metadata,
    key("msisdn"),
    words("brand"),
    words("plan"),
    flag("prepaid", "1"),
    flag("real_named", "1"),
    words("state", "normal"),
    number("balance_fen"),
    number("used_fen", server_default="0"),
    number("past_due_fen", server_default="0"),
    number("star", server_default="0"),
    number("points", server_default="0"),
    words("classes", ""),  # red,black,vip: with commas
    words("language", "zh"),
    number("plan_until", server_default="0"),
    words("next_plan", ""),
    number("next_plan_at", server_default="0"),
    Column("name_sealed", LargeBinary),
    Column("certificate_sealed", LargeBinary),
    words("password_mark", ""),
    flag("password_weak"),
    flag("password_initial"),
    number("password_at", server_default="0"),
)

password_tries = Table(
    "password_tries",
    metadata,
    key("msisdn"),
    number("wrong"),
    number("locked_until"),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    number("msisdn"),
    words("service"),
    number("since_at"),
    number("until_at", server_default="0"),
    number("order_id", server_default="0"),
    number("close_order_id", server_default="0"),
    Index("subscriptions_by_subscriber", "msisdn"),
)

usage = Table(
    "usage",
    metadata,
    number("msisdn"),
    number("month"),  # 202611
    words("item"),
    number("used"),
    PrimaryKeyConstraint("msisdn", "month", "item"),
)

ledger = Table(
    "ledger",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    number("msisdn"),
    words("kind"),  # fee, recharge, refund
    number("fen"),  # what the balance changed by; a fee is negative
    words("reason"),
    number("order_id"),
    number("booked_at"),
    Index("ledger_by_subscriber", "msisdn"),
    # the last guard against doing it twice: one booking of a kind for an order
    Index("ledger_once", "order_id", "kind", "reason", unique=True),
)

profiles = Table(
    "profiles",  # what is read only where it is asked for
    metadata,
    key("msisdn"),
    number("credit_fen", server_default="0"),
    number("joined_at", server_default="0"),
    number("star_until", server_default="0"),
    number("points_expiring", server_default="0"),
    number("points_expire_at", server_default="0"),
    words("group_name", ""),
    words("short_number", ""),
    words("group_pays", ""),  # service codes, with commas
    number("contract_until", server_default="0"),
    number("ported_at", server_default="0"),
    words("email", ""),
    Column("puk_sealed", LargeBinary),
    words("joint_account", ""),
    Index("profiles_by_short_number", "group_name", "short_number"),
    Index("profiles_by_joint_account", "joint_account"),
)

bill_lines = Table(
    "bill_lines",
    metadata,
    number("msisdn"),
    number("month"),
    words("item"),
    number("fen"),
    PrimaryKeyConstraint("msisdn", "month", "item"),
)

payments = Table(
    "payments",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    number("msisdn"),
    number("paid_at"),
    words("way"),
    number("fen"),
    Index("payments_by_subscriber", "msisdn", "paid_at"),
)

provider_fees = Table(
    "provider_fees",
    metadata,
    number("msisdn"),
    number("month"),
    words("provider"),
    words("service"),
    number("fen"),
    PrimaryKeyConstraint("msisdn", "month", "provider", "service"),
)

rebates = Table(
    "rebates",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    number("msisdn"),
    number("paid_at"),
    words("name"),
    number("fen"),
    Index("rebates_by_subscriber", "msisdn", "paid_at"),
)

cards = Table(
    "cards",
    metadata,
    Column("secret_mark", Text, primary_key=True),
    words("serial", ""),
    number("face_fen"),
    words("state"),  # good, used, expired, locked
    number("used_by", server_default="0"),
    number("used_at", server_default="0"),
)

# -- what the hall itself keeps ------------------------------------------------------------------

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

tickets = Table(
    "tickets",
    metadata,
    key("id"),  # the message that opened it
    words("number"),
    words("kind"),
    number("phone"),
    words("state", "open"),  # open, working, done
    number("opened_at"),
    number("due_at"),
    Column("content_sealed", LargeBinary),
    words("result", ""),
    words("recording", ""),  # the name of the file in which Asterisk has what was said
    Index("tickets_by_phone", "phone", "id"),
    Index("tickets_by_number", "number", unique=True),
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

# -- what was ordered, and the consent -----------------------------------------------------------

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
    Column("plan_sealed", LargeBinary),  # what the BOSS is asked; from then on it may be done
    Column("said_sealed", LargeBinary),  # the messages that tell that it is
    number("tries", server_default="0"),
    number("retry_at", server_default="0"),
    number("settled_at", server_default="0"),
    words("result", ""),  # done, refused, dropped
    Index("errands_unsettled", "id", sqlite_where=UNSETTLED, postgresql_where=UNSETTLED),
)

# -- messages ------------------------------------------------------------------------------------

binds = Table(
    "binds",
    metadata,
    key("id"),
    words("link"),
    number("copy"),
    number("proven_upto"),  # the peer has read our answers to this bind's messages up to this id
    flag("overlaps"),  # it delivered a subscriber's next message before the last was answered
    number("ended_ms", server_default="0"),
)

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
)

WAITING = text("state = 0")
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
    Column("state", SmallInteger, nullable=False),  # 0 waiting, 1 accepted, 2 failed
    number("after_ms", server_default="0"),  # not before
    Column(
        "screen", LargeBinary
    ),  # it answers on USSD: act, session, until when, else by which link
    number("settled_ms", server_default="0"),
    words("reason", ""),  # the peer's message id, or why it failed
    number("asks_for", server_default="0"),  # the order whose confirm it asks for
    Index("outbox_waiting", "id", sqlite_where=WAITING, postgresql_where=WAITING),
)

fragments = Table(
    "fragments",
    metadata,
    words("link"),
    words("source"),
    words("port"),
    number("reference"),
    number("bits"),  # the width of the reference
    number("total"),
    number("number"),
    number("inbox_id"),
    number("data_coding"),
    Column("octets_sealed", LargeBinary, nullable=False),
    PrimaryKeyConstraint("link", "source", "port", "reference", "bits", "total", "number"),
    Index("fragments_by_age", "inbox_id"),
)

receipts = Table(
    "receipts",
    metadata,
    words("link"),
    words("message_id"),
    number("outbox_id"),  # 0: it came before we knew whose it is
    words("state", ""),
    number("at_ms"),
    PrimaryKeyConstraint("link", "message_id"),
    Index("receipts_by_age", "at_ms"),
)

leases = Table(
    "leases",  # what one gateway at a time does
    metadata,
    Column("name", Text, primary_key=True),
    words("holder"),  # empty: nobody
    number("beat"),
)

dialogues = Table(
    "dialogues",
    metadata,
    Column("who", Text, primary_key=True),  # sms:13800138001
    Column("state", LargeBinary, nullable=False),
    number("until_at"),
    Index("dialogues_by_age", "until_at"),
)

# -- menus ---------------------------------------------------------------------------------------

menu_editions = Table(
    "menu_editions",
    metadata,
    Column("version", Text, primary_key=True),
    number("made_at"),
    words("author"),
    words("reason", ""),
    words("files"),  # JSON: name -> what stands in it
    words("use", "{}"),  # JSON: the counts that options were put in order by
)

menu_decisions = Table(
    "menu_decisions",  # only added to: the last one holds
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    number("decided_at"),
    words("author"),
    words("reason", ""),
    words("what"),
    words("version"),
    words("canary", ""),
    number("share", server_default="0"),  # of 10,000 numbers
    words("numbers", ""),  # besides, with commas
)

menu_use = Table(
    "menu_use",
    metadata,
    number("day"),  # since 1970, UTC
    words("version"),
    words("channel"),
    words("what"),  # a screen, or screen/option
    number("times"),
    PrimaryKeyConstraint("day", "version", "channel", "what"),
)

menu_records = Table(
    "menu_records",  # what was typed on some walks, masked; how commands ended, without their words
    metadata,
    key("id"),  # the message
    number("walk"),  # the message that the walk began with
    words("version"),
    words("beats"),  # JSON: see gateway/menus/recording.py
    Index("menu_records_by_walk", "walk"),
)
