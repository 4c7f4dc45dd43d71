"""Who looks at a ticket or a draft at this moment, for consoles that share the store; older
programs keep that to themselves"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0089"
down_revision = "0087"
branch_labels = None
depends_on = None

works_with = "0048"


def upgrade() -> None:
    op.create_table(
        "lookers",
        sa.Column("about", sa.Text(), primary_key=True),
        sa.Column("operator", sa.Text(), primary_key=True),
        sa.Column("until_at", sa.BigInteger(), nullable=False),
    )
    op.create_index("lookers_by_age", "lookers", ["until_at"])


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was taken before the upgrade")
