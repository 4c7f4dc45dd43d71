"""Figures by hour and day; for them: calls that are over, refusals, when tickets were done"""

from __future__ import annotations

import time

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0020"
branch_labels = None
depends_on = None

_GROUPS = ("figure", "channel", "brand", "region", "interface", "what", "detail")


def _number(name: str, default: str | None = None) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), server_default=default, nullable=False)


def _words(name: str, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def upgrade() -> None:
    for table in ("figures_by_hour", "figures_by_day"):
        op.create_table(
            table,
            _number("start"),
            *[_words(group, "") for group in _GROUPS],
            _number("times"),
            _number("amount", "0"),
            sa.PrimaryKeyConstraint("start", *_GROUPS),
        )
    op.create_table(
        "figures_counted",
        _words("span"),
        _number("start"),
        _number("counted_ms"),
        sa.Column("final", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("span", "start"),
    )
    op.create_table(
        "figure_texts",
        _number("start"),
        _words("text_mark"),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        _number("times"),
        _words("then", "{}"),
        sa.PrimaryKeyConstraint("start", "text_mark"),
    )
    op.create_table(
        "inbox_details",
        _number("id"),
        _words("kind"),
        _words("code"),
        _words("result", ""),
        sa.PrimaryKeyConstraint("id", "kind", "code", "result"),
    )
    whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "calls",
        sa.Column("id", whole, autoincrement=False, nullable=False),
        _number("phone"),
        _words("pbx"),
        _words("dialled"),
        _number("lasted_ms"),
        _words("ended"),
        _number("answers"),
        _words("queue", ""),
        _number("waited_ms", "0"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.add_column("tickets", _number("done_at", "0"))
    meta = sa.table("meta", sa.column("name", sa.Text()), sa.column("value", sa.Text()))
    op.bulk_insert(meta, [{"name": "figures since", "value": str(int(time.time()))}])


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was taken before the upgrade")
