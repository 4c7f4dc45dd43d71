"""The people who work here: who they are, what they did, and what they have open."""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary, Table, Text

from gateway.store.tables.columns import flag, key, metadata, number, words

operators = Table(
    "operators",
    metadata,
    Column("number", Text, primary_key=True),  # 工号
    words("name"),
    words("role"),  # conf/roles.yaml
    words("organisation", ""),
    words("state", "active"),  # active, locked
    words("password_hash", ""),  # Argon2id
    flag("password_initial"),
    Column("totp_sealed", LargeBinary),
    number("totp_step", server_default="0"),  # the last code's: none works twice
    number("created_at"),
    number("changed_at"),
)

audit = Table(
    "audit",  # only added to; each hash covers its row and the hash before it
    metadata,
    key("id"),  # 1, 2, 3 … without a gap
    number("at"),
    words("operator"),
    words("origin"),
    words("action"),
    words("subscriber", ""),
    words("reason", ""),
    words("result"),
    words("hash"),
    Index("audit_by_time", "at"),
    Index("audit_by_operator", "operator", "id"),
    Index("audit_by_subscriber", "subscriber", "id"),
)

operator_sessions = Table(
    "operator_sessions",
    metadata,
    Column("id_mark", Text, primary_key=True),
    words("operator"),
    words("origin"),
    number("made_at"),
    number("seen_at"),
    number("until_at"),
    Index("operator_sessions_by_operator", "operator"),
    Index("operator_sessions_by_age", "until_at"),
)

begun_logins = Table(
    "begun_logins",  # a provider is to finish them; each is taken once
    metadata,
    Column("state_mark", Text, primary_key=True),  # of the state and the browser's cookie
    number("until_at"),
    Index("begun_logins_by_age", "until_at"),
)

taken_alarms = Table(
    "taken_alarms",  # of the console, until they are over
    metadata,
    Column("alarm", Text, primary_key=True),
    words("operator"),
    number("at"),
)

lookers = Table(
    "lookers",  # at a ticket or a draft at this moment; consoles tell it each few seconds
    metadata,
    Column("about", Text, primary_key=True),
    Column("operator", Text, primary_key=True),
    number("until_at"),
    Index("lookers_by_age", "until_at"),
)

lookups = Table(
    "lookups",  # subscribers that somebody is looking at
    metadata,
    Column("id_mark", Text, primary_key=True),
    words("operator"),
    number("msisdn"),
    words("reason", ""),  # empty: masked
    number("open_until"),  # full numbers and words are shown until then
    number("until_at"),
    Index("lookups_by_age", "until_at"),
)

api_answers = Table(
    "api_answers",  # what was answered to requests with an idempotency key
    metadata,
    Column("key_mark", Text, primary_key=True),
    words("request_mark"),
    number("status"),
    Column("answer_sealed", LargeBinary),
    number("until_at"),
    Index("api_answers_by_age", "until_at"),
)
