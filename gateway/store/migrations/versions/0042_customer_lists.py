"""Lists of customers, with the types that every hall has"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0040"
branch_labels = None
depends_on = None

_RUNNING: Final = sa.text("ended_at = 0")
_TYPES: Final = (
    ("00", "普通客户", "不在其他名单中的客户,无需逐一登记", ""),
    ("10", "大客户", "", "vip"),
    ("11", "钻石卡", "月均消费3000元以上", "vip diamond"),
    ("12", "金卡", "月均消费1500至3000元", "vip gold"),
    ("13", "银卡", "月均消费666至1500元", "vip silver"),
    ("20", "红名单", "不发广告,不因查询次数拒绝", "red"),
    ("30", "黑名单", "不予办理业务", "black"),
)
_LISTED: Final = {"vip": "10", "red": "20", "black": "30"}  # the classes that accounts had
_MOVED: Final = sa.text(
    "INSERT INTO list_entries (type, msisdn, reason, operator, since_at) "
    "SELECT CAST(:type AS TEXT), msisdn, '0042', 'hallgate', :at FROM subscribers "
    "WHERE ',' || classes || ',' LIKE :like"
)
_EMPTIED: Final = sa.text(
    "UPDATE subscribers SET classes = '' WHERE classes <> '' AND "
    "replace(replace(replace(replace(classes, 'vip', ''), 'red', ''), 'black', ''), ',', '') = ''"
)
_MOMENT: Final = 1_767_225_600  # when these were thought of: 1 January 2026


def _number(name: str, default: str | None = None) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), server_default=default, nullable=False)


def _words(name: str, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False)


def upgrade() -> None:
    types = op.create_table(
        "list_types",
        _words("number"),
        _words("name"),
        _words("note", ""),
        _words("classes", ""),
        _number("created_at"),
        _number("changed_at"),
        _number("closed_at", "0"),
        sa.PrimaryKeyConstraint("number"),
    )
    _entries()
    _imports()
    op.bulk_insert(
        types,
        [
            {"number": number, "name": name, "note": note, "classes": classes,
             "created_at": _MOMENT, "changed_at": _MOMENT}
            for number, name, note, classes in _TYPES
        ],
    )  # fmt: skip
    for name, number in _LISTED.items():
        op.execute(_MOVED.bindparams(type=number, like=f"%,{name},%", at=_MOMENT))
    op.execute(_EMPTIED)


def _entries() -> None:
    op.create_table(
        "list_entries",
        _id(),
        _words("type"),
        _number("msisdn"),
        _words("origin", ""),
        _words("reason"),
        _words("operator"),
        _number("since_at"),
        _number("until_at", "0"),
        _number("ended_at", "0"),
        _words("ended_by", ""),
        _words("ended_reason", ""),
        _number("import_id", "0"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "list_entries_running", "list_entries", ["msisdn", "type", "origin"],
        unique=True, sqlite_where=_RUNNING, postgresql_where=_RUNNING,
    )  # fmt: skip
    op.create_index(
        "list_entries_by_type", "list_entries", ["type", "origin", "msisdn"],
        sqlite_where=_RUNNING, postgresql_where=_RUNNING,
    )  # fmt: skip
    op.create_index("list_entries_by_number", "list_entries", ["msisdn"])


def _imports() -> None:
    op.create_table(
        "list_imports",
        _id(),
        _words("type"),
        _words("origin", ""),
        sa.Column("replaces", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        _words("operator"),
        _words("reason"),
        _words("state"),
        _words("fingerprint", ""),
        *[_number(name, "0") for name in ("lines", "fresh", "changed", "same", "gone")],
        _number("mistakes", "0"),
        sa.Column("mistakes_sealed", sa.LargeBinary()),
        _number("made_at"),
        _number("applied_at", "0"),
        _number("done_to", "0"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "list_import_lines",
        _number("import_id"),
        _number("msisdn"),
        _number("line"),
        _words("reason", ""),
        _number("until_at", "0"),
        sa.PrimaryKeyConstraint("import_id", "msisdn"),
    )


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was taken before the upgrade")
