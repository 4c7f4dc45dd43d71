"""Notices and campaigns, and whom they concern."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
)

from gateway.store.tables.columns import metadata, number, words

notices = Table(
    "notices",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    words("name"),
    words("kind"),  # advertising, service, works, number_change
    words("zh"),
    words("en", ""),
    words("target", "{}"),  # JSON
    number("control", server_default="0"),  # percent
    words("orders", ""),
    number("start_at", server_default="0"),
    number("happens_at", server_default="0"),
    number("ends_at", server_default="0"),
    words("state", "draft"),
    words("written_by"),
    words("approved_by", ""),
    number("changed_at"),
    number("started_at", server_default="0"),
    number("ended_at", server_default="0"),
    number("drawn_upto", server_default="0"),
    number("told_upto", server_default="0"),
    words("left_out", "{}"),  # JSON: why, and how many
    Index("notices_by_state", "state"),
)

notice_people = Table(
    "notice_people",  # drawn before the first is told
    metadata,
    number("notice"),
    number("phone"),
    Column("state", SmallInteger, nullable=False),  # 0 to be told, 1 made, 2 control, 3 left out
    PrimaryKeyConstraint("notice", "phone"),
)

notice_numbers = Table(
    "notice_numbers",  # given in a file
    metadata,
    number("notice"),
    number("phone"),
    PrimaryKeyConstraint("notice", "phone"),
)
