"""What happened in a call, who took it, what came of it; calls back that are dialled"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None

works_with = "0048"

_WORDS = ("keys", "screens", "agent", "outcome")


def upgrade() -> None:
    for name in _WORDS:
        op.add_column("calls", sa.Column(name, sa.Text(), server_default="", nullable=False))
    op.add_column(
        "calls", sa.Column("talked_ms", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.create_table(
        "call_backs",
        sa.Column("ticket", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.Column("retry_at", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("ticket"),
    )


def downgrade() -> None:
    op.drop_table("call_backs")
    for name in (*_WORDS, "talked_ms"):
        op.drop_column("calls", name)
