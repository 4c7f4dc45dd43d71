"""What people have ordered of links: to pause, to be drained, to be slower"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0065"
branch_labels = None
depends_on = None

works_with = "0048"


def upgrade() -> None:
    op.create_table(
        "link_orders",
        sa.Column("link", sa.Text(), primary_key=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("rate", sa.BigInteger(), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
    )
