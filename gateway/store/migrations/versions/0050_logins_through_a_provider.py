"""Logins that a provider of identities is to finish"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "begun_logins",
        sa.Column("state_mark", sa.Text(), nullable=False),
        sa.Column("until_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("state_mark"),
    )
    op.create_index("begun_logins_by_age", "begun_logins", ["until_at"])


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was taken before the upgrade")
