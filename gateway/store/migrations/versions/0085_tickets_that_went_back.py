"""What went back by itself from who had it is found by them: steps of tickets that are given back,
which older programs do not write"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0085"
down_revision = "0080"
branch_labels = None
depends_on = None

works_with = "0048"


def upgrade() -> None:
    where = sa.text("step = 'given back'")
    op.create_index(
        "ticket_steps_given_back", "ticket_steps", ["detail", "at"], unique=False,
        sqlite_where=where, postgresql_where=where,
    )  # fmt: skip


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was taken before the upgrade")
