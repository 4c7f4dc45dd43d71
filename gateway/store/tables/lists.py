"""Lists of customers: their types, who is in them, and files that are being taken in."""

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
    text,
)

from gateway.store.tables.columns import flag, metadata, number, words

_RUNNING = text("ended_at = 0")


def _id() -> Column[int]:
    return Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True)


list_types = Table(
    "list_types",  # never deleted: closed
    metadata,
    Column("number", Text, primary_key=True),  # 编号
    words("name"),
    words("note", ""),
    words("classes", ""),  # of conf/classes.yaml, with blanks; none: it only names people
    number("created_at"),
    number("changed_at"),
    number("closed_at", server_default="0"),
)

list_entries = Table(
    "list_entries",
    metadata,
    _id(),
    words("type"),
    number("msisdn"),
    words("origin", ""),  # whose list it is: a partner's; empty: the hall's own
    words("reason"),
    words("operator"),  # who put it there, or changed it last
    number("since_at"),
    number("until_at", server_default="0"),  # ends by itself; 0: open
    number("ended_at", server_default="0"),  # taken out
    words("ended_by", ""),
    words("ended_reason", ""),
    number("import_id", server_default="0"),
    # read with each account: the number first
    Index(
        "list_entries_running", "msisdn", "type", "origin",
        unique=True, sqlite_where=_RUNNING, postgresql_where=_RUNNING,
    ),
    Index(
        "list_entries_by_type", "type", "origin", "msisdn",
        sqlite_where=_RUNNING, postgresql_where=_RUNNING,
    ),
    Index("list_entries_by_number", "msisdn"),
)  # fmt: skip

list_imports = Table(
    "list_imports",  # files that were looked at, and what they would change
    metadata,
    _id(),
    words("type"),
    words("origin", ""),
    flag("replaces"),  # who is not in the file is taken out
    words("operator"),
    words("reason"),
    words("state"),  # reading, ready, applying, applied, discarded
    words("fingerprint", ""),  # SHA-256 of the file
    number("lines", server_default="0"),
    number("fresh", server_default="0"),
    number("changed", server_default="0"),
    number("same", server_default="0"),
    number("gone", server_default="0"),
    number("mistakes", server_default="0"),
    Column("mistakes_sealed", LargeBinary),  # the first of them
    number("made_at"),
    number("applied_at", server_default="0"),
    number("done_to", server_default="0"),  # numbers up to this one are applied
)

list_import_lines = Table(
    "list_import_lines",
    metadata,
    number("import_id"),
    number("msisdn"),
    number("line"),
    words("reason", ""),
    number("until_at", server_default="0"),
    PrimaryKeyConstraint("import_id", "msisdn"),
)
