"""Where its holder finds what a lease is for: two may have named different things alike"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("leases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("place", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was taken before the upgrade")
