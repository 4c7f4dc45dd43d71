"""Whose message was kept, and the peer told that it was not, is found at once after a start"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None
works_with = "0048"

_TO_COME_AGAIN = sa.text("refused")


def upgrade() -> None:
    op.create_index(
        "inbox_to_come_again",
        "inbox",
        ["id"],
        sqlite_where=_TO_COME_AGAIN,
        postgresql_where=_TO_COME_AGAIN,
    )


def downgrade() -> None:
    op.drop_index("inbox_to_come_again", "inbox")
