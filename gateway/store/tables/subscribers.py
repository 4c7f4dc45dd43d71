"""What the hall knows of subscribers: accounts, services, bills, recharge cards."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
)

from gateway.store.tables.columns import flag, key, metadata, number, words

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

detailed_records = Table(
    "detailed_records",  # 详单: each call, message and session
    metadata,
    number("msisdn"),
    number("began_at"),
    words("kind"),  # call_out, call_in, missed, sms, data
    words("other", ""),  # the other number
    number("length"),  # seconds; of data KB, of SMS pieces
    number("fen"),
    PrimaryKeyConstraint("msisdn", "began_at", "kind", "other"),
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
