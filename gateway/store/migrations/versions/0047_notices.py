"""Notices and campaigns, and whom they concern"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def _number(name: str, default: str | None = None) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), server_default=default, nullable=False)


def _words(name: str, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def upgrade() -> None:
    whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "notices",
        sa.Column("id", whole, nullable=False),
        _words("name"),
        _words("kind"),
        _words("zh"),
        _words("en", ""),
        _words("target", "{}"),
        _number("control", "0"),
        _words("orders", ""),
        _number("start_at", "0"),
        _number("happens_at", "0"),
        _number("ends_at", "0"),
        _words("state", "draft"),
        _words("written_by"),
        _words("approved_by", ""),
        _number("changed_at"),
        _number("started_at", "0"),
        _number("ended_at", "0"),
        _number("drawn_upto", "0"),
        _number("told_upto", "0"),
        _words("left_out", "{}"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("notices_by_state", "notices", ["state"])
    op.create_table(
        "notice_people",
        _number("notice"),
        _number("phone"),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("notice", "phone"),
    )
    op.create_table(
        "notice_numbers",
        _number("notice"),
        _number("phone"),
        sa.PrimaryKeyConstraint("notice", "phone"),
    )


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was taken before the upgrade")
