"""SMSC groups: binds, parts and receipts by SMSC, and a subscriber's messages by number"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("binds", schema=None) as batch_op:
        batch_op.add_column(sa.Column("smsc", sa.Text(), server_default="", nullable=False))
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("late_ms", sa.BigInteger(), server_default="0", nullable=False)
        )
        batch_op.add_column(
            sa.Column("refused", sa.Boolean(), server_default=sa.text("false"), nullable=False)
        )
        batch_op.create_index("inbox_by_phone", ["phone", "id"])
    for table in ("fragments", "receipts"):
        op.execute(f"ALTER TABLE {table} RENAME COLUMN link TO smsc")


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was taken before the upgrade")
