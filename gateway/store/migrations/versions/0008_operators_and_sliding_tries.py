"""Operators of staffed interfaces with their orders; wrong passwords counted by strikes"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.add_column(sa.Column("operator", sa.Text(), server_default="", nullable=False))
    with op.batch_alter_table("password_tries", schema=None) as batch_op:
        batch_op.drop_column("first_at")


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was taken before the upgrade")
