"""Why a message was answered as it was, and how its answers left"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0052"
branch_labels = None
depends_on = None
works_with = "0048"


def upgrade() -> None:
    op.add_column("inbox", sa.Column("why", sa.Text(), server_default="", nullable=False))
    told = sa.Column("told_as", sa.BigInteger(), server_default="0", nullable=False)
    op.add_column("errands", told)
    op.add_column("outbox", sa.Column("left_as", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was taken before the upgrade")
