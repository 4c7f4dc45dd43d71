"""What nobody asked for and is about to leave, and of what nobody knows whether it arrived, is
found by its slot and its number: outbox.state 3 and 4, which older programs do not write"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0080"
down_revision = "0078"
branch_labels = None
depends_on = None

works_with = "0048"


def upgrade() -> None:
    for name, column, state in (
        ("outbox_leaving", "owner", "state = 3"),
        ("outbox_unknown", "destination", "state = 4"),
    ):
        where = sa.text(state)
        op.create_index(
            name, "outbox", [column], unique=False, sqlite_where=where, postgresql_where=where
        )


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was taken before the upgrade")
