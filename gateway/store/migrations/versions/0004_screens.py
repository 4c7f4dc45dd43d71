"""Screens: answers of USSD dialogues wait in the outbox as well"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("screen", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was taken before the upgrade")
