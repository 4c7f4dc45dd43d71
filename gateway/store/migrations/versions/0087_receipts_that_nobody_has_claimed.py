"""A receipt that came before it was known whose it is tells of whom it speaks; it is found by it"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0087"
down_revision = "0085"
branch_labels = None
depends_on = None

works_with = "0048"


def upgrade() -> None:
    speaks_of = sa.Column("speaks_of", sa.Text(), server_default="", nullable=False)
    op.add_column("receipts", speaks_of)
    where = sa.text("outbox_id = 0")
    op.create_index(
        "receipts_unclaimed", "receipts", ["speaks_of"], unique=False,
        sqlite_where=where, postgresql_where=where,
    )  # fmt: skip


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was taken before the upgrade")
