"""Other interfaces (halls, agents, banks, partners): who they are, and what they asked for."""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary, Table, Text

from gateway.store.tables.columns import key, metadata, number, words

interfaces = Table(
    "interfaces",  # never removed: closed
    metadata,
    Column("number", Text, primary_key=True),  # 接口编号
    words("kind"),  # a column of rights: in conf/commands.yaml
    words("name"),
    words("name_en", ""),
    words("region", ""),
    words("hours", ""),  # 8:00-18:00; empty: always
    words("operations", ""),  # with commas; empty: all that its kind may do
    words("operators", ""),  # 工号 with commas; empty: nobody acts there
    words("group_name", ""),  # the group customer whose platform it is
    words("certificate", ""),  # SHA-256 of its client certificate, in hex
    number("per_minute"),  # requests
    words("state", "open"),  # open, stopped, closed
    words("became", ""),  # the number that it has now
    number("created_at"),
    number("changed_at"),
)

interface_keys = Table(
    "interface_keys",
    metadata,
    Column("id", Text, primary_key=True),  # part of the key, and no secret
    words("interface"),
    words("mark"),
    number("made_at"),
    number("ended_at", server_default="0"),  # 0: it opens
    Index("interface_keys_by_interface", "interface"),
)

door_requests = Table(
    "door_requests",
    metadata,
    key("id"),  # the message of the journal
    words("interface"),
    words("operator", ""),
    words("key_mark"),  # of the idempotency key
    words("request_mark"),  # of what was asked
    words("action"),
    number("subject"),
    words("state"),
    number("order_id", server_default="0"),  # what waits for a word of the subscriber's
    number("until_at", server_default="0"),  # how long
    Column("answer_sealed", LargeBinary),
    number("kept_until"),  # the answer
    Index("door_requests_by_key", "interface", "key_mark", unique=True),
    Index("door_requests_by_answer", "kept_until"),
)
