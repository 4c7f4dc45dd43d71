"""What is said to who has not asked: reminders and notices, until the outbox has room"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    waiting = sa.text("state = 0")
    whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "unasked",
        sa.Column("id", whole, nullable=False),
        sa.Column("phone", sa.BigInteger(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary()),
        sa.Column("tongue", sa.Text(), server_default="zh", nullable=False),
        sa.Column("meaning", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("urgent", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("outbox_id", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "unasked_waiting",
        "unasked",
        ["urgent", "due_at", "id"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_index("unasked_by_phone", "unasked", ["phone", "meaning", "due_at"])
    op.create_index("unasked_by_source", "unasked", ["source", "state"])
    op.create_index("unasked_by_outbox", "unasked", ["outbox_id"])
    op.create_index("unasked_by_age", "unasked", ["due_at"])
    op.create_table(
        "unasked_stops",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("source"),
    )


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was taken before the upgrade")
