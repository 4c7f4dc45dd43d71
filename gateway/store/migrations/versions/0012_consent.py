"""Consent: when the network took the text that asked for a confirm"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table, column in (("orders", "shown_at"), ("outbox", "asks_for")):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(
                sa.Column(column, sa.BigInteger(), server_default="0", nullable=False)
            )
    # a group tells its members itself that it invites them
    op.execute("UPDATE orders SET shown_at = proposed_at WHERE action = 'vw.invited'")


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was taken before the upgrade")
